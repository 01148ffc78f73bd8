"""What is written to the log: an event with its place, and the decision on it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from fraudguard.account import Account
from fraudguard.column import Event, to_ms
from fraudguard.decision import Reason
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

__all__ = [
    "EVENT_TYPES",
    "DecisionRow",
    "Kind",
    "LogRow",
    "Record",
    "ShadowRow",
    "StoredVector",
    "decode_event",
    "decode_reasons",
    "encode_event",
    "log_row",
]


class Kind(StrEnum):
    """What an entry of the log is."""

    TRANSFER = "transfer"
    ACCOUNT = "account"
    SIGNAL = "signal"
    FINDING = "finding"


class LogRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``log``."""

    seq: int
    kind: Kind
    event_id: str
    transfer_id: str | None
    account_id: str | None
    event_time_ms: int
    received_at_ms: int
    body: bytes

    @property
    def event(self) -> Event:
        """The event itself."""
        return decode_event(self.kind, self.body)


class DecisionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``decision``, but for the place that it shares with its transfer."""

    assessment_id: str
    transfer_id: str
    intervention: str
    tier: str | None
    hold_s: int | None
    score: float
    expected_loss_fen: int
    reasons: str
    model_version: str
    features_fingerprint: str
    policy_version: str
    features: bytes
    request_sha256: bytes
    idempotency_key: str | None
    reply: bytes
    decided_at_ms: int
    mode: str = "live"


class ShadowRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``shadow``: what the model in shadow would have recommended at the same place."""

    model_version: str
    policy_version: str
    intervention: str
    tier: str | None
    score: float


class StoredVector(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision was made on: the vector of a transfer, at its place in the log."""

    seq: int
    transfer_id: str
    features_fingerprint: str
    features: bytes


class Record(msgspec.Struct, frozen=True):
    """What one commit must hold together."""

    log: LogRow
    decision: DecisionRow | None = None
    shadow: ShadowRow | None = None


_encoder: Final = msgspec.json.Encoder()
EVENT_TYPES: Final[Mapping[Kind, type[Event]]] = {
    Kind.TRANSFER: Transfer,
    Kind.ACCOUNT: Account,
    Kind.SIGNAL: Signal,
    Kind.FINDING: Finding,
}
"""What the body of each kind of entry is."""

_decoders: Final = {kind: msgspec.json.Decoder(event_type) for kind, event_type in EVENT_TYPES.items()}
_reasons_decoder: Final = msgspec.json.Decoder(tuple[Reason, ...])


def encode_event(event: Event) -> bytes:
    """Return an event as JSON; equal events give equal bytes."""
    return _encoder.encode(event)


def decode_event(kind: Kind, body: bytes) -> Event:
    """Return the event that `encode_event` wrote."""
    return _decoders[kind].decode(body)


def decode_reasons(reasons: str) -> tuple[Reason, ...]:
    """Return the reasons of a decision, largest first."""
    return _reasons_decoder.decode(reasons)


def log_row(seq: int, event: Event, received_at: datetime, *, body: bytes = b"") -> LogRow:
    """Return the row of an event.

    Parameters
    ----------
    seq : int
        Its place.
    event : Event
        A transfer, account, signal or finding.
    received_at : datetime
        When we learned of it, if the event does not say so itself.
    body : bytes
        The event as `encode_event` wrote it, for who has it already.

    Returns
    -------
    LogRow
        An account has no id of its own: its row is known by account and moment.
    """
    kind, event_id, event_time, learned = _identity(event, received_at)
    return LogRow(
        seq=seq,
        kind=kind,
        event_id=event_id,
        transfer_id=getattr(event, "transfer_id", None),
        account_id=getattr(event, "account_id", None),
        event_time_ms=to_ms(event_time),
        received_at_ms=to_ms(learned),
        body=body or encode_event(event),
    )


def _identity(event: Event, received_at: datetime) -> tuple[Kind, str, datetime, datetime]:
    match event:
        case Transfer():
            return Kind.TRANSFER, event.transfer_id, event.event_time, received_at
        case Account():
            learned = event.received_at
            return Kind.ACCOUNT, f"{event.account_id}@{to_ms(learned)}", learned, learned
        case Signal():
            return Kind.SIGNAL, event.signal_id, event.event_time, event.received_at
        case Finding():
            return Kind.FINDING, event.finding_id, event.event_time, event.received_at
        case _:
            raise TypeError(f"{type(event).__name__} is no event of the log")
