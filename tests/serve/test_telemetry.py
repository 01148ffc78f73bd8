"""The log is JSON lines on stderr."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from fraudguard.serve.telemetry import Telemetry, configure_log, log


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the log back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Our own lines and those of libraries are JSON objects with level, moment and event."""
    configure_log()
    log.warning("answered", status=503)
    logging.getLogger("uvicorn.error").error("stopped")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [(line["event"], line["level"]) for line in lines] == [("answered", "warning"), ("stopped", "error")]
    assert lines[0]["status"] == 503
    assert all("timestamp" in line for line in lines)


def test_late_transfers_are_counted() -> None:
    """Whoever watches the service sees how many transfers came later than their date says."""
    telemetry = Telemetry()
    telemetry.note_log(events=10, late=3)

    page = telemetry.render().decode()

    assert "fraudguard_late_transfers 3.0" in page
