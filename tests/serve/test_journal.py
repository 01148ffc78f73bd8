"""The log is JSON lines on stderr, each of a request with its id, none with a message that may name a person."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from fraudguard.serve.journal import configure_log, log, note_request, tell_of_loop

PHONE = "13812345678"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Put the log back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what was written to stderr."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Our own lines and those of libraries are JSON objects with level, moment and event."""
    configure_log()
    log.warning("answered", status=503)
    logging.getLogger("uvicorn.error").error("stopped")

    ours, theirs = lines(capsys)

    assert [(line["event"], line["level"]) for line in (ours, theirs)] == [
        ("answered", "warning"),
        ("stopped", "error"),
    ]
    assert ours["status"] == 503
    assert all("timestamp" in line for line in (ours, theirs))
    assert all("request_id" not in line for line in (ours, theirs))


def test_lines_of_a_request_name_it(capsys: pytest.CaptureFixture[str]) -> None:
    """What is said while a request is answered, by us, a library or a thread, carries its id and trace; others do not."""
    configure_log()

    async def answer() -> None:
        note_request("pay-1", "00-aa-bb-01")
        log.info("ours")
        await asyncio.to_thread(logging.getLogger("library").warning, "theirs")

    async def serve() -> None:
        await asyncio.create_task(answer())
        log.info("nobody's")

    asyncio.run(serve())
    ours, theirs, nobodys = lines(capsys)

    assert [(line["request_id"], line["traceparent"]) for line in (ours, theirs)] == 2 * [("pay-1", "00-aa-bb-01")]
    assert {"request_id", "traceparent"}.isdisjoint(nobodys)


def test_an_exception_is_told_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    """A library that logs an exception tells its kind and where in the code, and not what it says."""
    configure_log()
    try:
        int(PHONE + "x")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    written = capsys.readouterr().err
    line = json.loads(written)

    assert PHONE not in written
    assert line["kind"] == "ValueError"
    assert line["places"][-1].startswith(f"{__name__}.test_an_exception_is_told_without_its_message:")


def test_an_error_nobody_waited_for_is_told_without_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    """What the event loop has to say of a lost error names its kind only."""
    configure_log()

    async def lose() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(tell_of_loop)
        loop.call_soon(int, PHONE + "x")
        await asyncio.sleep(0)

    asyncio.run(lose())
    written = capsys.readouterr().err

    assert PHONE not in written
    assert json.loads(written)["kind"] == "ValueError"
