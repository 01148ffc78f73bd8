"""The log is JSON lines on stderr."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from fraudguard.serve.telemetry import configure_log, log


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
