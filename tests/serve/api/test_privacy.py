"""What names a person goes into the record and nowhere else: not into the log, an error or a metric."""

import io
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
import structlog

from fraudguard.serve.journal import configure_log
from fraudguard.serve.store import Store
from fraudguard.serve.store.decisions import Decisions
from fraudguard.serve.store.rows import DecisionRow, Record
from tests.serve.fakes import Service, body_of, make_settings, running

NAME, PHONE, CARD, NUMBER = "王小明甲乙", "13812345678", "6222021234567890123", "11010519491231002X"
PERSONAL: Final = (NAME, PHONE, CARD, NUMBER)


def fail(error: Exception) -> NoReturn:
    """Raise an error that nobody foresaw."""
    raise error


class BlabbingStore(Store):
    """A store whose writes fail, when told to, with an error that says what it was to write."""

    blabs = False

    def write(self, records: Sequence[Record]) -> None:
        """Write, or fail."""
        if self.blabs:
            fail(ValueError(f"cannot write {records!r} of {PERSONAL}"))
        super().write(records)


class BlabbingDecisions(Decisions):
    """Decisions that cannot be read, with an error that says whose."""

    def get(self, assessment_id: str) -> DecisionRow:
        """Fail."""
        fail(RuntimeError(f"{assessment_id} of {PERSONAL}"))


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Give what the log says from here on, from debug up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the caller's own
    written = io.StringIO()
    with redirect_stderr(written):
        configure_log("debug")
        yield written
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def service(tmp_path: Path, logged: io.StringIO) -> Iterator[Service]:
    """Give a running service over a store that may blab."""
    assert not logged.getvalue()
    settings = make_settings(tmp_path)
    store = BlabbingStore.open(settings.database)
    store.upgrade()
    with running(settings, store=store) as started:
        yield started


def personal(transfer_id: str = "T1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # any wire field
    """Return a request whose ids are of persons."""
    parties = {"payer": {"account_id": CARD}, "payee": {"account_id": PHONE}, "remittance_info": NAME}
    return {**body_of(transfer_id), **parties, "metadata": {"holder": NUMBER}, **fields}


def wrong_requests() -> dict[str, Any]:
    """Return bodies that do not fit, each with something personal where it does not."""
    good = personal()
    places = {"event_time": PHONE, "amount": {"value": NUMBER}, "channel": NAME, "payer": {"account_id": [CARD]}}
    wrong = {name: {**good, name: value} for name, value in places.items()}
    leaves = {
        "session": {"active_call": NAME},
        "payee": {"account_id": PHONE * 9, "type": NAME},
        "transfer_id": NAME * 200,
    }
    return {**wrong, **{f"{name} inside": {**good, name: value} for name, value in leaves.items()}}


def assert_silent(*texts: str) -> None:
    """Check that nothing personal stands in any of these, escaped or not."""
    spoken = "\n".join(texts)
    escaped = [json.dumps(one)[1:-1] for one in PERSONAL]

    assert [one for one in (*PERSONAL, *escaped) if one in spoken] == []


@pytest.mark.parametrize("what", sorted(wrong_requests()))
def test_a_request_that_does_not_fit(service: Service, logged: io.StringIO, what: str) -> None:
    """The error points at the field and does not say its value."""
    reply = service.assess(wrong_requests()[what])

    assert reply.status_code == 422, reply.text
    assert reply.json()["errors"]
    assert_silent(reply.text, logged.getvalue())


@pytest.mark.parametrize("path", ["/v1/assessments", "/v1/transfers", "/v1/signals", "/v1/accounts", "/v1/findings"])
def test_a_body_that_is_no_json(service: Service, logged: io.StringIO, path: str) -> None:
    """What cannot be read is not repeated."""
    headers = {**service.auth, "Content-Type": "application/json"}
    replies = [
        service.client.post(path, content=body.encode(), headers=headers)
        for body in (f'{{"{NAME}": {PHONE}', f'["{NUMBER}"]', f'"{CARD}"', json.dumps({"account_id": [PHONE]}))
    ]

    assert all(reply.status_code in {400, 422} for reply in replies)
    assert_silent(*(reply.text for reply in replies), logged.getvalue())


def test_a_line_of_a_batch(service: Service, logged: io.StringIO) -> None:
    """Each line's error keeps as silent as that of a single request."""
    lines = [*wrong_requests().values(), "x"]
    body = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + f'\n{{"{NAME}'
    headers = {**service.auth, "Content-Type": "application/x-ndjson"}
    reply = service.client.post("/v1/assessments:batch", content=body.encode(), headers=headers)

    assert [json.loads(line)["status"] >= 400 for line in reply.text.splitlines()] == [True] * (len(lines) + 1)
    assert_silent(reply.text, logged.getvalue())


def test_conflicts(service: Service, logged: io.StringIO) -> None:
    """An id or a key that was used with another content is refused without either content."""
    service.assess(personal(), **{"Idempotency-Key": PHONE})
    other = service.assess(personal(amount={"value": 5}))
    key = service.assess(personal("T2"), **{"Idempotency-Key": PHONE})

    assert (other.status_code, key.status_code) == (409, 422)
    assert_silent(other.text, key.text, logged.getvalue())


def test_a_store_that_fails(service: Service, logged: io.StringIO) -> None:
    """An exception that says what it was to write is told by kind and request, never by message."""
    BlabbingStore.blabs = True
    try:
        reply = service.assess(personal(), **{"x-request-id": "pay-1"})
        after = service.client.post("/v1/transfers", json=personal("T2"), headers=service.auth)
    finally:
        BlabbingStore.blabs = False
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]

    assert reply.status_code == 503
    assert after.status_code in {201, 503}
    assert [line["request_id"] for line in lines if line["event"] == "state broken, building it again"][:1] == ["pay-1"]
    assert_silent(reply.text, after.text, logged.getvalue())


def test_an_exception_that_nobody_foresaw(service: Service, logged: io.StringIO) -> None:
    """A fault of ours answers with the request's id alone, and the log has the place in the code, from every layer."""
    service.scorer.failure = RuntimeError(f"{PERSONAL}")
    judged = service.assess(personal(), **{"x-request-id": "pay-2"})
    service.store.decisions = BlabbingDecisions(service.store.decisions._engine)
    read = service.client.get("/v1/assessments/asm_1", headers={**service.auth, "x-request-id": "pay-3"})
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    unexpected = {line["request_id"]: line["places"][-1] for line in lines if line["event"] == "unexpected"}

    assert (judged.status_code, read.status_code) == (500, 500)
    assert {request: place.split(":")[0].rpartition(".")[2] for request, place in unexpected.items()} == {
        "pay-2": "score",
        "pay-3": "fail",
    }
    assert_silent(judged.text, read.text, logged.getvalue())


def test_the_numbers(service: Service, logged: io.StringIO) -> None:
    """The page of metrics has no label that a caller can fill."""
    service.assess(personal())
    service.client.get(f"/v1/assessments/{PHONE}", headers=service.auth)
    service.client.get(f"/{NAME}", headers=service.auth)

    assert_silent(service.client.get("/metrics").text, logged.getvalue())
