"""The requests: what is sent to which path, and how the answer is read. Nothing here sends anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final, Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

import msgspec

from fraudguard.account import Account
from fraudguard.client.answers import Assessment, BatchLine, Entry, LateAssessment, Page, Readiness, Vector, Version
from fraudguard.column import Event, columns_of
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

__all__ = [
    "AccountLike",
    "Call",
    "FindingLike",
    "SignalLike",
    "TransferLike",
    "Wire",
    "add_transfer",
    "assess",
    "assess_within",
    "batches",
    "describe_account",
    "get",
    "list_assessments",
    "post",
    "read_assessment",
    "read_features",
    "readiness",
    "record_finding",
    "report_signal",
    "version",
]

Wire = Mapping[str, Any]
TransferLike = Transfer | Wire
FindingLike = Finding | Wire
SignalLike = Signal | Wire
AccountLike = Account | Wire

Result = TypeVar("Result")
_FILLED_IN: Final = frozenset({"received_at", "author"})
"""Columns that the service fills in."""

_LATE: Final = 202
_BATCH_S: Final = 120.0
_LINES: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Result]):
    """One request, and how its answer is read.

    Parameters
    ----------
    method, path : str
        Of the request.
    answer : type
        What the body of the answer is.
    content : bytes or None
        Body of the request.
    headers, params : mapping of str to str
        Of the request.
    late : type or None
        What the body of a 202 is, an answer at the deadline.
    good : frozenset of int
        Statuses that are an answer.
    timeout_s : float or None
        Another time-out than the client's.
    lines : bool
        Whether the answer is one such value a line.
    """

    method: str
    path: str
    answer: Any
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    late: Any = None
    good: frozenset[int] = frozenset({200})
    timeout_s: float | None = None
    lines: bool = False

    def read(self, status: int, content: bytes) -> Result:
        """Return the answer."""
        decoder = msgspec.json.Decoder(self.late if status == _LATE else self.answer)
        read: Any = decoder.decode_lines(content) if self.lines else decoder.decode(content)
        result: Result = read
        return result


def assess(transfer: TransferLike, idempotency_key: str | None, *, mode: str) -> Call[Assessment]:
    """Return the request to judge a transfer; the same key goes with each attempt."""
    headers = {"Idempotency-Key": idempotency_key or uuid4().hex}
    return post("/v1/assessments", {"mode": mode, **_to_wire(transfer)}, Assessment, headers=headers)


def assess_within(
    transfer: TransferLike, idempotency_key: str | None, *, deadline_ms: int, mode: str
) -> Call[Assessment | LateAssessment]:
    """Return the request to judge a transfer by a deadline."""
    headers = {"Idempotency-Key": idempotency_key or uuid4().hex}
    body = {"mode": mode, **_to_wire(transfer), "deadline_ms": deadline_ms}
    call: Call[Assessment | LateAssessment] = post("/v1/assessments", body, Assessment, headers=headers)
    return replace(call, late=LateAssessment, good=frozenset({200, _LATE}))


def batches(
    transfers: Iterable[TransferLike], *, mode: str, record: bool
) -> Iterator[tuple[int, Call[list[BatchLine]]]]:
    """Yield the requests to judge many transfers, each with the number of lines before it."""
    iterator, before = iter(transfers), 0
    while group := list(islice(iterator, _LINES)):
        content = b"".join(msgspec.json.encode(_to_wire(transfer)) + b"\n" for transfer in group)
        yield (
            before,
            Call(
                method="POST",
                path="/v1/assessments:batch",
                answer=BatchLine,
                content=content,
                headers={"Content-Type": "application/x-ndjson"},
                params={"record": "true" if record else "false", "mode": mode},
                timeout_s=_BATCH_S,
                lines=True,
            ),
        )
        before += len(group)


def read_assessment(assessment_id: str) -> Call[Assessment]:
    """Return the request to read an assessment."""
    return get(f"/v1/assessments/{quote(assessment_id, safe='')}", Assessment)


def read_features(assessment_id: str) -> Call[Vector]:
    """Return the request to read the features of an assessment."""
    return get(f"/v1/assessments/{quote(assessment_id, safe='')}/features", Vector)


def list_assessments(*, after: str | None, limit: int, **wanted: str | None) -> Call[Page]:
    """Return the request for a page of assessments."""
    asked = {"after": after, "limit": str(limit), **wanted}
    return get("/v1/assessments", Page, params={name: value for name, value in asked.items() if value is not None})


def add_transfer(transfer: TransferLike) -> Call[Entry]:
    """Return the request to put a transfer into the log without judging it."""
    return post("/v1/transfers", _to_wire(transfer), Entry)


def record_finding(finding: FindingLike) -> Call[Entry]:
    """Return the request to record a finding, with an id, so that it is recorded once however often it is sent."""
    return post("/v1/findings", {"finding_id": f"fnd_{uuid4().hex}", **_to_wire(finding)}, Entry)


def report_signal(signal: SignalLike) -> Call[Entry]:
    """Return the request to report a signal, with an id, so that it is reported once however often it is sent."""
    return post("/v1/signals", {"signal_id": f"sig_{uuid4().hex}", **_to_wire(signal)}, Entry)


def describe_account(account: AccountLike) -> Call[Entry]:
    """Return the request to say what is known of an account."""
    return post("/v1/accounts", _to_wire(account), Entry)


def readiness() -> Call[Readiness]:
    """Return the question whether the service can answer."""
    return get("/readyz", Readiness, good=frozenset({200, 503}))


def version() -> Call[Version]:
    """Return the question what runs there."""
    return get("/version", Version)


def post(path: str, body: Wire, answer: Any, *, headers: Mapping[str, str] | None = None) -> Call[Any]:  # noqa: ANN401  # a type
    """Return a request with a body."""
    content = msgspec.json.encode(body)
    sent = {"Content-Type": "application/json", **(headers or {})}
    return Call(method="POST", path=path, answer=answer, content=content, headers=sent)


def get(path: str, answer: Any, **more: Any) -> Call[Any]:  # noqa: ANN401  # a type, and fields of the call
    """Return a question."""
    return Call(method="GET", path=path, answer=answer, **more)


def _to_wire(said: Event | Wire) -> dict[str, Any]:
    if not isinstance(said, Event):
        return dict(said)
    body: dict[str, Any] = {}
    for column in columns_of(type(said)):
        value = getattr(said, column.name)
        if column.pointer and value is not None and column.name not in _FILLED_IN:
            group, _, leaf = column.pointer.removeprefix("/").rpartition("/")
            (body.setdefault(group, {}) if group else body)[leaf] = value
    return body
