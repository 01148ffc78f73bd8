"""Which records somebody may want to be told of."""

from collections.abc import Iterator, Sequence

from fraudguard.intervention import Intervention
from fraudguard.serve.store.outbox import Event
from fraudguard.serve.store.rows import DecisionRow, Kind, LogRow, Record
from fraudguard.webhook import EventType

__all__ = ["closing_of", "events_of"]


def events_of(records: Sequence[Record]) -> Iterator[Event]:
    """Yield what happened with some records: a judgement that recommends more than to allow, a finding."""
    for record in records:
        if record.decision is not None:
            if record.decision.intervention != Intervention.ALLOW.value and record.decision.mode == "live":
                yield _judged(record.decision)
        elif record.log.kind is Kind.FINDING:
            yield _found(record.log)


def closing_of(case_id: str, at_ms: int) -> Event:
    """Return the end of a case."""
    return Event(event_type=EventType.CASE_CLOSED, at_ms=at_ms, data={"case_id": case_id})


def _judged(row: DecisionRow) -> Event:
    data = {"assessment_id": row.assessment_id, "transfer_id": row.transfer_id}
    return Event(event_type=EventType.ASSESSMENT_CREATED, at_ms=row.decided_at_ms, data=data)


def _found(row: LogRow) -> Event:
    about = {"transfer_id": row.transfer_id, "account_id": row.account_id}
    data = {"finding_id": row.event_id} | {name: value for name, value in about.items() if value is not None}
    return Event(event_type=EventType.FINDING_RECORDED, at_ms=row.received_at_ms, data=data)
