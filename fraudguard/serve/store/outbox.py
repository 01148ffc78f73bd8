"""What is still to be told to whom: written in the transaction of its cause, delivered afterwards, as often as it takes.

A row is one event for one endpoint. Who has none that asks for an event causes none.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Update,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from fraudguard.errors import NotFoundError
from fraudguard.serve.store.tables import decision, hold_act
from fraudguard.serve.store.webhook_tables import outbox, webhook_endpoint, webhook_subscription
from fraudguard.webhook import EventType

__all__ = ["DELIVERED", "FAILED", "PENDING", "Delivery", "Event", "Outbox", "Waiting", "tell"]

PENDING: Final = "pending"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"

_EXPIRED: Final = "evt_expired_"
_AT_ONCE: Final = 500

_encoder: Final = msgspec.json.Encoder()


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened, with the ids of what it is about."""

    event_type: EventType
    at_ms: int
    data: Mapping[str, str]

    @property
    def event_id(self) -> str:
        """The same for the same event, however often it is written down."""
        if self.event_type is EventType.ASSESSMENT_ACTION_EXPIRED:
            return _EXPIRED + self.data["assessment_id"]  # so that the database can find it by the assessment
        said = "\n".join([
            self.event_type,
            str(self.at_ms),
            *(f"{name}={self.data[name]}" for name in sorted(self.data)),
        ])
        return "evt_" + hashlib.sha256(said.encode()).hexdigest()[:32]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``outbox``."""

    place: int
    endpoint_id: str
    event_id: str
    event_type: str
    at_ms: int
    data: str
    state: str
    tries: int
    due_at_ms: int
    last_status: int | None
    last_error: str | None
    settled_at_ms: int | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How much is still to be told, and since when the oldest waits."""

    count: int
    since_ms: int | None


class Outbox:
    """The deliveries, each claimed by one process at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, endpoint_id: str, event: Event) -> Delivery:
        """Add an event for one endpoint, whatever it asks for; return it as it stands there."""
        with self._engine.begin() as connection:
            connection.execute(insert(outbox), _row(endpoint_id, event))
            return _one(connection, endpoint_id, event.event_id)

    def due_endpoints(self, now_ms: int) -> Sequence[str]:
        """Return the endpoints that something is due for, and that nobody is at."""
        with self._engine.connect() as connection:
            due = select(outbox.c.endpoint_id).where(_is_due(now_ms), _is_listening()).distinct()
            return list(connection.execute(due).scalars())

    def claim(self, endpoint_id: str, *, now_ms: int, until_ms: int, limit: int) -> Sequence[Delivery]:
        """Take the first deliveries due for an endpoint, so that no other process delivers them meanwhile."""
        first = select(outbox.c.place).where(outbox.c.endpoint_id == endpoint_id, _is_due(now_ms))
        first = first.order_by(outbox.c.due_at_ms, outbox.c.place).limit(limit)
        first = first.with_for_update(skip_locked=True)  # SQLite has one writer at a time and no such words
        taken = update(outbox).where(outbox.c.place.in_(first)).values(lease_until_ms=until_ms)
        with self._engine.begin() as connection:
            rows = connection.execute(taken.returning(*_columns())).mappings().all()
        return sorted((Delivery(**row) for row in rows), key=lambda one: one.place)

    def settle(self, place: int, *, state: str, at_ms: int, status: int | None, error: str | None) -> None:
        """Note that a delivery arrived, or is given up."""
        said = {"state": state, "settled_at_ms": at_ms, "last_status": status, "last_error": error}
        self._note(place, **said, lease_until_ms=0)

    def postpone(self, place: int, *, due_at_ms: int, status: int | None, error: str) -> None:
        """Note that a delivery did not arrive, and when it is tried again."""
        self._note(place, due_at_ms=due_at_ms, last_status=status, last_error=error, lease_until_ms=0)

    def again(self, endpoint_id: str, event_id: str, *, now_ms: int) -> Delivery:
        """Let an event be delivered once more, now.

        Raises
        ------
        NotFoundError
            If it was never to be told there, or was removed since.
        """
        renewed = {"state": PENDING, "tries": 0, "due_at_ms": now_ms, "settled_at_ms": None, "lease_until_ms": 0}
        with self._engine.begin() as connection:
            connection.execute(update(outbox).where(*_key(endpoint_id, event_id)).values(**renewed))
            return _one(connection, endpoint_id, event_id)

    def give_up(self, endpoint_id: str, *, at_ms: int, error: str) -> None:
        """Let everything that waits for an endpoint fail."""
        waiting = (outbox.c.endpoint_id == endpoint_id, outbox.c.state == PENDING)
        values = {"state": FAILED, "settled_at_ms": at_ms, "last_error": error, "lease_until_ms": 0}
        with self._engine.begin() as connection:
            connection.execute(update(outbox).where(*waiting).values(**values))

    def tell_expired(self, *, since_ms: int, now_ms: int, longest_ms: int) -> None:
        """Write down which holds ran out unreleased between two moments, for those who ask, once each.

        No hold lasts longer, with all its extensions, than the longest.
        """
        with self._engine.connect() as connection:
            asking = connection.execute(_asking(EventType.ASSESSMENT_ACTION_EXPIRED)).all()
        for endpoint_id, added_ms in asking:
            untold = _ran_out(endpoint_id, max(since_ms, added_ms), now_ms, longest_ms=longest_ms)
            while self._tell_some(endpoint_id, untold) == _AT_ONCE:
                pass

    def waiting(self) -> Waiting:
        """Return how much is still to be told; what is kept for an endpoint that is disabled waits for nobody."""
        query = select(func.count(), func.min(outbox.c.at_ms)).where(outbox.c.state == PENDING, _is_listening())
        with self._engine.connect() as connection:
            count, since_ms = connection.execute(query).one()
        return Waiting(count=count, since_ms=since_ms)

    def page(self, endpoint_id: str, *, before: int | None, limit: int, state: str | None = None) -> Sequence[Delivery]:
        """Return deliveries to an endpoint, the newest first, of those before a place."""
        query = select(*_columns()).where(outbox.c.endpoint_id == endpoint_id).order_by(outbox.c.place.desc())
        query = query if state is None else query.where(outbox.c.state == state)
        query = query if before is None else query.where(outbox.c.place < before)
        with self._engine.connect() as connection:
            return [Delivery(**row) for row in connection.execute(query.limit(limit)).mappings()]

    def remove_settled(self, *, before_ms: int) -> int:
        """Remove what was settled before a moment; return how much that was."""
        old = (outbox.c.state != PENDING, outbox.c.settled_at_ms < before_ms)
        with self._engine.begin() as connection:
            return connection.execute(delete(outbox).where(*old)).rowcount

    def _tell_some(self, endpoint_id: str, untold: Select[Any]) -> int:
        with self._engine.connect() as connection:
            rows = [_row(endpoint_id, _expired(*row)) for row in connection.execute(untold.limit(_AT_ONCE))]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(outbox), rows)
        return len(rows)

    def _note(self, place: int, **values: Any) -> None:  # noqa: ANN401  # values of columns
        with self._engine.begin() as connection:
            connection.execute(_counted(place).values(**values))


def tell(connection: Connection, events: Iterable[Event]) -> None:
    """Write events into the outbox of those who ask for them, in the transaction of their cause."""
    asking: dict[EventType, Sequence[str]] = {}
    rows = []
    for event in events:
        # Once a kind, not once an event: a group of judgements has many of one kind, and each waits for the answer.
        if event.event_type not in asking:
            asking[event.event_type] = connection.execute(_asking(event.event_type)).scalars().all()
        rows += [_row(endpoint_id, event) for endpoint_id in asking[event.event_type]]
    if rows:
        connection.execute(insert(outbox), rows)


def _asking(event_type: EventType) -> Select[Any]:
    columns = (webhook_endpoint.c.endpoint_id, webhook_endpoint.c.created_at_ms)
    on = webhook_subscription.c.endpoint_id == webhook_endpoint.c.endpoint_id
    wanted = (webhook_subscription.c.event_type == event_type.value, webhook_endpoint.c.state == "active")
    return select(*columns).join(webhook_subscription, on).where(*wanted)


def _row(endpoint_id: str, event: Event) -> dict[str, Any]:
    return {
        "endpoint_id": endpoint_id,
        "event_id": event.event_id,
        "event_type": event.event_type.value,
        "at_ms": event.at_ms,
        "data": _encoder.encode(event.data).decode(),
        "state": PENDING,
        "tries": 0,
        "due_at_ms": event.at_ms,
        "lease_until_ms": 0,
    }


def _ran_out(endpoint_id: str, since_ms: int, now_ms: int, *, longest_ms: int) -> Select[Any]:
    its = hold_act.c.seq == decision.c.seq
    longer = select(func.coalesce(func.sum(hold_act.c.hold_s), 0)).where(its).correlate(decision).scalar_subquery()
    end_ms = decision.c.decided_at_ms + (decision.c.hold_s + longer) * literal(1_000)
    released = exists(select(hold_act.c.seq).where(its, hold_act.c.act == "release")).correlate(decision)
    told = exists(
        select(outbox.c.place).where(*_key(endpoint_id, literal(_EXPIRED) + decision.c.assessment_id))
    ).correlate(decision)
    held = and_(decision.c.hold_s.is_not(None), decision.c.mode == "live")
    recent = decision.c.decided_at_ms > since_ms - longest_ms
    query = select(decision.c.assessment_id, decision.c.transfer_id, end_ms.label("end_ms"))
    return query.where(held, recent, end_ms > since_ms, end_ms <= now_ms, ~released, ~told)


def _expired(assessment_id: str, transfer_id: str, end_ms: int) -> Event:
    data = {"assessment_id": assessment_id, "transfer_id": transfer_id}
    return Event(event_type=EventType.ASSESSMENT_ACTION_EXPIRED, at_ms=end_ms, data=data)


def _is_due(now_ms: int) -> Any:  # noqa: ANN401  # a condition
    return and_(outbox.c.state == PENDING, outbox.c.due_at_ms <= now_ms, outbox.c.lease_until_ms <= now_ms)


def _is_listening() -> Any:  # noqa: ANN401  # a condition
    active = select(webhook_endpoint.c.endpoint_id).where(webhook_endpoint.c.state == "active")
    return outbox.c.endpoint_id.in_(active)


def _counted(place: int) -> Update:
    # What another process has settled meanwhile, because this one took too long, stays as it is.
    still = (outbox.c.place == place, outbox.c.state == PENDING)
    return update(outbox).where(*still).values(tries=outbox.c.tries + 1)


def _columns() -> list[Any]:
    return [outbox.c[name] for name in Delivery.__struct_fields__]


def _key(endpoint_id: str, event_id: Any) -> tuple[Any, Any]:  # noqa: ANN401  # or an expression
    return (outbox.c.endpoint_id == endpoint_id, outbox.c.event_id == event_id)


def _one(connection: Connection, endpoint_id: str, event_id: str) -> Delivery:
    row = connection.execute(select(*_columns()).where(*_key(endpoint_id, event_id))).mappings().one_or_none()
    if row is None:
        raise NotFoundError("no such event for this endpoint", "该地址没有这个事件")
    return Delivery(**row)
