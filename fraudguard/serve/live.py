"""The log that grows, and the state folded from it.

Taking a place in the log and changing the state are one step on the event
loop, without an await between. So the order of places is the order in which
the state saw the events, and a replay of the log gives the same state. A start
goes on from a snapshot, where there is one, and reads only what follows it.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from fraudguard.column import Event
from fraudguard.errors import NotReadyError
from fraudguard.features import OnlineFeatures
from fraudguard.serve.claims import Claims
from fraudguard.serve.journal import log
from fraudguard.serve.parity import Features, ParityReport
from fraudguard.serve.state import ReadStore, State, first_to_prove, follow, seen_name
from fraudguard.serve.store.rows import DecisionRow, LogRow, Record, ShadowRow, log_row
from fraudguard.serve.store.seen import SeenIds
from fraudguard.serve.store.writer import GroupWriter
from fraudguard.serve.telemetry import Telemetry

__all__ = ["LiveLog", "LogStore", "SnapshotSource", "Status", "seen_name"]

_RETRY_S: Final = 1.0
_FEW: Final = 5


class Status(StrEnum):
    """Whether the state may be trusted."""

    RESTORING = "restoring"
    READY = "ready"
    BROKEN = "broken"
    STOPPED = "stopped"


class LogStore(ReadStore, Protocol):
    """The part of `fraudguard.serve.store.Store` that the live log needs."""

    def write(self, records: Sequence[Record]) -> None:
        """Write records in one durable transaction."""
        ...

    def resume(self) -> None:
        """Go on only if records can be written; nothing is written meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class _Restored:
    state: State[Any]
    report: ParityReport
    began: int


class SnapshotSource(Protocol):
    """Gives states to go on from: `fraudguard.serve.snapshots.Snapshots`."""

    def states(self) -> Iterator[State[OnlineFeatures]]:
        """Yield those that can be trusted, the newest first."""
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
    snapshots : SnapshotSource or None
        Where a start may go on from; None to read the whole log at each.
    """

    def __init__(
        self,
        store: LogStore,
        new_features: Callable[[], Features],
        telemetry: Telemetry,
        *,
        snapshots: SnapshotSource | None = None,
    ) -> None:
        self._store = store
        self._snapshots = snapshots
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
        self.restored_from = 0
        telemetry.watch_log(
            length=lambda: self.length, late=lambda: self.features.n_late, waiting=lambda: self._writer.n_waiting
        )
        telemetry.watch_status(tuple(Status), lambda: self.status)
        self._wrote = True

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
        body: bytes = b"",
    ) -> asyncio.Future[None]:
        """Give an event its place and let the state see it; the future is done when it is durable.

        The body is the event as `encode_event` wrote it, for who has it already.
        """
        self.require_ready()
        row = log_row(self.length + 1, event, received_at, body=body)
        self._push(event)
        self.length += 1
        self._note_seen(row, decision)
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
        error = None if durable.cancelled() else durable.exception()
        if error is None:
            self._wrote = True
        else:
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
        if not self._wrote:
            await asyncio.sleep(
                _RETRY_S
            )  # the last state was of no use: to build one for each request would cost more than it gives
        while self.status is not Status.READY:
            await self._writer.resume()
            try:
                restored = await asyncio.to_thread(self._replay)
            except Exception as error:  # noqa: BLE001  # whatever it was, the service stays shut and tries again
                log.error("state cannot be restored, trying again", reason=type(error).__name__)
                await asyncio.sleep(_RETRY_S)
            else:
                self._take(restored)
        self._restored.set()
        log.info("state restored", events=self.length, snapshot=self.restored_from)

    def _take(self, restored: _Restored) -> None:
        state = restored.state
        self.features, self.seen, self.length = state.features, state.seen, state.place
        self.restored_from = restored.began
        self.status, self._wrote = Status.READY, False
        self._telemetry.note_restored(snapshot_place=restored.began)
        self._note_parity(restored.report)

    def _note_parity(self, report: ParityReport) -> None:
        self._telemetry.note_parity(checked=report.checked, differing=report.differing)
        if report.differing:
            places = sorted({one.place for one in report.first})
            log.error(
                "stored vectors differ from the log; run fraudguard parity",
                checked=report.checked, differing=report.differing, columns=list(report.columns)[:_FEW], places=places,
            )  # fmt: skip

    def _replay(self) -> _Restored:
        self._store.resume()  # a state that nothing can be added to would break at the next event, and be built over and over
        for state in self._from_snapshots():
            began = state.place
            report = self._follow(state)
            if not report.differing:
                return _Restored(state, report, began)
            log.warning("snapshot not used", place=began, reason="stored vectors differ from what follows from it")
        state = State(features=self._new_features(), seen=SeenIds())
        return _Restored(state, self._follow(state), 0)

    def _from_snapshots(self) -> Iterator[State[Any]]:
        return iter(()) if self._snapshots is None else self._snapshots.states()

    def _follow(self, state: State[Any]) -> ParityReport:
        # The process may want to end, and then waits for this thread.
        prove_after = first_to_prove(self._store, state)
        return follow(self._store, state, prove_after=prove_after, go_on=lambda: self.status is not Status.STOPPED)
