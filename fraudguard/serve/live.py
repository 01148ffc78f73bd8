"""The log that grows, and the state folded from it.

Taking a place in the log and changing the state are one step on the event
loop, without an await between. So the order of places is the order in which
the state saw the events, and a replay of the log gives the same state.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from fraudguard.column import Event
from fraudguard.errors import NotReadyError
from fraudguard.serve.claims import Claims
from fraudguard.serve.parity import Features, ParityCheck, ParityReport
from fraudguard.serve.store.rows import DecisionRow, Kind, LogRow, Record, ShadowRow, StoredVector, log_row
from fraudguard.serve.store.seen import SeenIds
from fraudguard.serve.store.writer import GroupWriter
from fraudguard.serve.telemetry import Telemetry, log

__all__ = ["DecisionReader", "LiveLog", "LogReader", "LogStore", "Status", "seen_name"]

_RETRY_S: Final = 1.0
_PROVED: Final = 10_000
"""So many of the last decisions are computed again while the state is restored."""
_FEW: Final = 5


class Status(StrEnum):
    """Whether the state may be trusted."""

    RESTORING = "restoring"
    READY = "ready"
    BROKEN = "broken"
    STOPPED = "stopped"


class LogReader(Protocol):
    """Reads the log: `fraudguard.serve.store.log.Log`."""

    def read(self, *, after: int = 0, kind: Kind | None = None) -> Iterator[LogRow]:
        """Yield events in log order."""
        ...


class DecisionReader(Protocol):
    """Reads decisions: `fraudguard.serve.store.decisions.Decisions`."""

    def read_keys(self) -> Iterator[str]:
        """Yield every idempotency key used."""
        ...

    def place_before_last(self, count: int) -> int:
        """Return the place after which the last so many decisions stand."""
        ...

    def read_vectors(self, *, after: int = 0) -> Iterator[StoredVector]:
        """Yield the vectors of the decisions after a place, in log order."""
        ...


class LogStore(Protocol):
    """The part of `fraudguard.serve.store.Store` that the live log needs."""

    @property
    def log(self) -> LogReader:
        """The events."""
        ...

    @property
    def decisions(self) -> DecisionReader:
        """The decisions."""
        ...

    def write(self, records: Sequence[Record]) -> None:
        """Write records in one durable transaction."""
        ...


class LiveLog:
    """The end of the log: where events take their place.

    Parameters
    ----------
    store : LogStore
        Where the log is kept.
    new_features : callable
        Makes an empty state.
    telemetry : Telemetry
        What to count.
    """

    def __init__(self, store: LogStore, new_features: Callable[[], Features], telemetry: Telemetry) -> None:
        self._store = store
        self._new_features = new_features
        self._telemetry = telemetry
        self._writer = GroupWriter(store.write)
        self._restored = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.claims = Claims()
        self.features = new_features()
        self.seen = SeenIds()
        self.status = Status.RESTORING
        self.length = 0

    def start(self) -> None:
        """Begin to restore the state from the store, in the background."""
        self._writer.start()
        self._task = asyncio.create_task(self._restore())

    async def ready(self) -> None:
        """Wait until the state is restored."""
        await self._restored.wait()

    async def stop(self) -> None:
        """Take no more events, write those that wait, and end."""
        self.status = Status.STOPPED
        if self._task is not None:
            self._task.cancel()
        await self._writer.stop()

    def require_ready(self) -> None:
        """Go on only if the state may be trusted.

        Raises
        ------
        NotReadyError
            If it may not.
        """
        if self.status is not Status.READY:
            raise NotReadyError(
                f"the service is not ready: state {self.status.value}; try the same request later",
                f"服务尚未就绪：状态 {self.status.value}；请稍后重试同一请求",
            )

    def append(
        self,
        event: Event,
        *,
        received_at: datetime,
        decision: DecisionRow | None = None,
        shadow: ShadowRow | None = None,
    ) -> asyncio.Future[None]:
        """Give an event its place and let the state see it; the future is done when it is durable."""
        self.require_ready()
        row = log_row(self.length + 1, event, received_at)
        self._push(event)
        self.length += 1
        self._note_seen(row, decision)
        self._telemetry.note_log(events=self.length, late=self.features.n_late)
        durable = self._writer.submit(Record(row, decision, shadow))
        durable.add_done_callback(self._settled)
        return durable

    def _push(self, event: Event) -> None:
        try:
            self.features.push(event)
        except BaseException as error:
            self._break(error)  # half a push may have happened
            raise

    def _note_seen(self, row: LogRow, decision: DecisionRow | None) -> None:
        self.seen.add(seen_name(row.kind, row.event_id))
        if decision is not None and decision.idempotency_key is not None:
            self.seen.add(seen_name("key", decision.idempotency_key))

    def _settled(self, durable: asyncio.Future[None]) -> None:
        if not durable.cancelled() and (error := durable.exception()) is not None:
            self._break(error.__cause__ or error)

    def _break(self, error: BaseException) -> None:
        if self.status is not Status.READY:
            return
        log.error("state broken, building it again", reason=type(error).__name__)
        self._telemetry.rebuilds.inc()
        self.status = Status.BROKEN
        self._restored.clear()
        self._task = asyncio.create_task(self._restore())

    async def _restore(self) -> None:
        while self.status is not Status.READY:
            await self._writer.resume()
            try:
                self.features, self.seen, self.length, report = await asyncio.to_thread(self._replay)
            except Exception as error:  # noqa: BLE001  # whatever it was, the service stays shut and tries again
                log.error("state cannot be restored, trying again", reason=type(error).__name__)
                await asyncio.sleep(_RETRY_S)
            else:
                self.status = Status.READY
                self._note_parity(report)
        self._telemetry.note_log(events=self.length, late=self.features.n_late)
        self._restored.set()
        log.info("state restored", events=self.length)

    def _note_parity(self, report: ParityReport) -> None:
        self._telemetry.note_parity(checked=report.checked, differing=report.differing)
        if report.differing:
            places = sorted({one.place for one in report.first})
            log.error(
                "stored vectors differ from the log; run fraudguard parity",
                checked=report.checked, differing=report.differing, columns=list(report.columns)[:_FEW], places=places,
            )  # fmt: skip

    def _replay(self) -> tuple[Features, SeenIds, int, ParityReport]:
        features, seen, place = self._new_features(), SeenIds(), 0
        check = ParityCheck(features.plan, self._last_vectors())
        for row in self._store.log.read():
            if self.status is Status.STOPPED:
                break  # the process wants to end, and waits for this thread
            seen.add(seen_name(row.kind, row.event_id))
            place, event = row.seq, row.event
            check.see(place, event, features)
            features.push(event)
        for key in self._store.decisions.read_keys():
            seen.add(seen_name("key", key))
        return features, seen, place, check.report()

    def _last_vectors(self) -> Iterator[StoredVector]:
        decisions = self._store.decisions
        return decisions.read_vectors(after=decisions.place_before_last(_PROVED))


def seen_name(kind: str, event_id: str) -> str:
    """Return the name under which `LiveLog.seen` knows an event or an idempotency key."""
    return f"{kind}:{event_id}"
