"""The live log: one step on the loop, one order in the store, shut when a commit fails."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Event
from fraudguard.errors import NotReadyError
from fraudguard.features import OnlineFeatures
from fraudguard.finding import Finding, FindingValue
from fraudguard.serve.live import LiveLog, Status
from fraudguard.serve.store import Store
from fraudguard.serve.store.log import Log
from fraudguard.serve.store.rows import Kind, LogRow, Record, log_row
from fraudguard.serve.telemetry import Telemetry
from fraudguard.signal import Signal, SignalType
from fraudguard.transfer import Transfer
from tests.fakes import START, make_transfer
from tests.serve.fakes import PLAN


def fail(error: Exception) -> NoReturn:
    """Raise an error."""
    raise error


class FailingStore(Store):
    """A store whose writes fail while told to."""

    failing = False

    def write(self, records: Sequence[Record]) -> None:
        """Write, or fail."""
        if self.failing:
            fail(OSError("no space left on device"))
        super().write(records)


class StumblingFeatures(OnlineFeatures):
    """Features whose push fails once, half way."""

    stumble = False

    def push(self, event: Event) -> None:
        """Push, and fail when told to."""
        super().push(event)
        if StumblingFeatures.stumble:
            StumblingFeatures.stumble = False
            fail(ValueError("half a push"))


class NotingFeatures:
    """Features that note what they are shown."""

    plan = PLAN
    n_late = 0

    def __init__(self) -> None:
        self.pushed: list[Event] = []

    def query(self, _transfer: Transfer) -> NDArray[np.float64]:
        """Return nothing."""
        return np.zeros(0)

    def push(self, event: Event) -> None:
        """Note an event."""
        self.pushed.append(event)


@pytest.fixture
def failing(tmp_path: Path) -> Iterator[FailingStore]:
    """Give a store that can be told to fail."""
    store = FailingStore.open(f"sqlite:///{tmp_path}/store.db")
    store.upgrade()
    yield store
    store.close()


def run(store: Store, story: Callable[[LiveLog], Awaitable[None]]) -> None:
    """Run a story on a live log that is ready."""

    async def main() -> None:
        live = LiveLog(store, lambda: StumblingFeatures(PLAN), Telemetry())
        live.start()
        await live.ready()
        await story(live)
        await live.stop()

    asyncio.run(main())


def test_places_are_given_in_order(failing: FailingStore) -> None:
    """Events that take their place in one turn of the loop are committed in that order."""

    async def story(live: LiveLog) -> None:
        waiting = [live.append(make_transfer(f"T{number}"), received_at=START) for number in range(300)]
        await asyncio.gather(*waiting)

    run(failing, story)

    assert [row.event_id for row in failing.log.read()] == [f"T{number}" for number in range(300)]
    assert [row.seq for row in failing.log.read()] == list(range(1, 301))


def test_the_state_sees_every_kind_of_event(failing: FailingStore) -> None:
    """Accounts, signals, findings and transfers reach the state in log order, as they come in and at a restart."""
    moments: dict[str, Any] = {"event_time": START, "received_at": START}
    events: list[Event] = [
        Account(account_id="payer-1", received_at=START),
        Signal(signal_id="S1", signal_type=SignalType.SIM_CHANGED, account_id="payer-1", **moments),
        make_transfer("T1"),
        Finding(finding_id="F1", finding=FindingValue.GENUINE, transfer_id="T1", **moments),
        make_transfer("T2"),
    ]

    async def story(*, append: bool) -> list[Event]:
        live = LiveLog(failing, NotingFeatures, Telemetry())
        live.start()
        await live.ready()
        await asyncio.gather(*(live.append(event, received_at=START) for event in events if append))
        await live.stop()
        assert isinstance(live.features, NotingFeatures)
        return live.features.pushed

    live, restored = (asyncio.run(story(append=append)) for append in (True, False))

    assert live == events
    assert restored == events


def test_a_failed_commit_shuts_the_door_and_rebuilds(failing: FailingStore) -> None:
    """Everything on top of a failed commit fails too; then the state is what the store holds."""
    seen: list[object] = []

    async def story(live: LiveLog) -> None:
        await live.append(make_transfer("T1"), received_at=START)
        kept = live.features.query(make_transfer("T9")).tobytes()
        failing.failing = True
        lost = [live.append(make_transfer(f"lost-{number}"), received_at=START) for number in range(3)]
        results = await asyncio.gather(*lost, return_exceptions=True)
        seen.extend(type(result) for result in results)
        with pytest.raises(NotReadyError):
            live.append(make_transfer("T2"), received_at=START)
        seen.append(live.status)
        failing.failing = False
        await live.ready()
        seen.append(live.features.query(make_transfer("T9")).tobytes() == kept)
        await live.append(make_transfer("lost-0"), received_at=START)

    run(failing, story)

    assert seen == [NotReadyError, NotReadyError, NotReadyError, Status.BROKEN, True]
    assert [(row.seq, row.event_id) for row in failing.log.read()] == [(1, "T1"), (2, "lost-0")]


def test_half_a_push_is_never_kept(failing: FailingStore) -> None:
    """When the state stumbles in a push, the event has no place and the state is built again."""
    kept: list[bool] = []

    async def story(live: LiveLog) -> None:
        before = live.features.query(make_transfer("T9")).tobytes()
        StumblingFeatures.stumble = True
        with pytest.raises(ValueError, match="half a push"):
            live.append(make_transfer("T1"), received_at=START)
        await live.ready()
        kept.append(live.features.query(make_transfer("T9")).tobytes() == before)

    run(failing, story)

    assert kept == [True]
    assert failing.log.count() == 0


def test_stopping_writes_what_waits(failing: FailingStore) -> None:
    """A stop writes what is queued, and nothing enters after it."""
    after: list[bool] = []

    async def story(live: LiveLog) -> None:
        live.append(make_transfer("T1"), received_at=START)
        await live.stop()
        with pytest.raises(NotReadyError):
            live.append(make_transfer("T2"), received_at=START)
        after.append(True)
        live.stop = _already  # type: ignore[method-assign]

    async def _already() -> None:
        return None

    run(failing, story)

    assert after == [True]
    assert [row.event_id for row in failing.log.read()] == ["T1"]


def test_a_stop_ends_the_restore(tmp_path: Path) -> None:
    """A service told to stop while it reads a long log does not read it to the end."""
    reading = threading.Event()

    class EndlessLog(Log):
        """A log that ends only when the service stops."""

        def read(self, *, after: int = 0, kind: Kind | None = None) -> Iterator[LogRow]:
            """Yield one event for ever."""
            row = log_row(after + 1, make_transfer("T1"), START)
            while kind is None:
                reading.set()
                yield row

    async def main(store: Store) -> Status:
        live = LiveLog(store, lambda: StumblingFeatures(PLAN), Telemetry())
        live.start()
        await asyncio.to_thread(reading.wait)
        await live.stop()
        return live.status

    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    store.upgrade()
    store.log = EndlessLog(store.engine)
    status = asyncio.run(asyncio.wait_for(main(store), 10))
    store.close()

    assert status is Status.STOPPED
