"""Events that enter the log without being judged: findings, transfers seen elsewhere."""

import asyncio
from dataclasses import dataclass, replace

import msgspec

from fraudguard.clock import Clock
from fraudguard.column import Event
from fraudguard.errors import ReusedIdError
from fraudguard.finding import Finding
from fraudguard.serve.claims import Claim
from fraudguard.serve.live import LiveLog, seen_name
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Kind, LogRow, encode_event, log_row

__all__ = ["Intake", "Placed", "meaning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event that is in the log.

    Parameters
    ----------
    row : LogRow
        The event with its place.
    replayed : bool
        Whether it had been there before.
    """

    row: LogRow
    replayed: bool = False


class Intake:
    """Adds events to the log, each once."""

    def __init__(self, *, live: LiveLog, store: Store, clock: Clock) -> None:
        self._live = live
        self._store = store
        self._clock = clock
        self._claims = live.claims

    async def add(self, event: Event) -> Placed:
        """Return the event with its place, once it is durable."""
        self._live.require_ready()
        row = log_row(0, event, self._clock.now())
        running = self._claims.find(seen_name(row.kind, row.event_id))
        if running is None:
            return await self._place(event, row)
        _require_same(row.kind, meaning(event), running.fingerprint)
        placed: Placed = await self._claims.wait(running)
        return replace(placed, replayed=True)

    async def _place(self, event: Event, row: LogRow) -> Placed:
        claim = self._claims.take((seen_name(row.kind, row.event_id),), meaning(event))
        placed: Placed = await self._claims.work(claim, self._start(event, row, claim))
        return placed

    async def _start(self, event: Event, row: LogRow, claim: Claim) -> None:
        earlier = await self._find_earlier(row)
        if earlier is None:
            self._append(event, claim)
            return
        _require_same(row.kind, meaning(event), meaning(earlier.event))
        self._claims.fulfil(claim, Placed(row=earlier, replayed=True))

    def _append(self, event: Event, claim: Claim) -> None:
        received_at = self._clock.now()
        durable = self._live.append(event, received_at=received_at)
        placed = Placed(row=log_row(self._live.length, event, received_at))
        durable.add_done_callback(lambda done: self._claims.settle(claim, placed, done))

    async def _find_earlier(self, row: LogRow) -> LogRow | None:
        if not self._live.seen.may_contain(seen_name(row.kind, row.event_id)):
            return None
        return await asyncio.to_thread(self._store.log.find, row.kind, row.event_id)


def meaning(event: Event) -> bytes:
    """Return what an event says, without the moment at which we learned it.

    Parameters
    ----------
    event : Event
        An event of the log.

    Returns
    -------
    bytes
        Equal for a finding and the same finding sent again.
    """
    if isinstance(event, Finding):
        event = msgspec.structs.replace(event, received_at=event.event_time)
    return encode_event(event)


def _require_same(kind: Kind, sent: bytes, known: bytes) -> None:
    if sent != known:
        raise ReusedIdError(
            f"this {kind.value} id was sent with another content; use a new id",
            f"该 {kind.value} 编号已带其他内容提交过；请用新编号",
        )
