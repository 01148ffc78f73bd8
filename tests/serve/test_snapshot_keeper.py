"""A snapshot every so many events: when one is asked for, and what its failure costs."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from fraudguard.column import Event
from fraudguard.errors import NotReadyError
from fraudguard.serve.live import LiveLog
from fraudguard.serve.settings import Settings, environment_of
from fraudguard.serve.snapshot_keeper import COMMAND, ChildWriter, Pace, SnapshotKeeper
from fraudguard.serve.snapshot_writer import Written
from fraudguard.serve.telemetry import Telemetry
from fraudguard.transfer import Transfer
from tests.fakes import START, make_transfer
from tests.serve.fakes import PLAN, make_settings, open_store
from tests.serve.memory_store import MemoryStore

ENOUGH: Final = 20
"""So many turns of the loop are more than a keeper needs to look."""


class FakeWriter:
    """Writes nothing, and notes how long the log was when asked."""

    def __init__(self, live: LiveLog, *, failures: int = 0, differing: int = 0) -> None:
        self.asked_at: list[int] = []
        self._live = live
        self._failures = failures
        self._differing = differing

    async def write(self) -> Written:
        """Say that all there is was written, or fail.

        Raises
        ------
        NotReadyError
            As often as it was told to.
        """
        self.asked_at.append(self._live.length)
        if self._failures:
            self._failures -= 1
            raise NotReadyError("no space left on device", "磁盘已满")
        return Written(
            file="f",
            place=self._live.length,
            went_on_from=0,
            n_bytes=1,
            is_new=True,
            checked=3,
            differing=self._differing,
        )


def kept(
    story: Callable[[LiveLog], Awaitable[None]], *, each_takes_s: float = 0, **writer: int
) -> tuple[list[int], dict[str, str], list[str]]:
    """Run a story beside a keeper that wants a snapshot every 5 events; return when it asked, the metrics and the log."""
    telemetry = Telemetry()
    now_s = count(step=each_takes_s).__next__

    async def main() -> list[int]:
        live = LiveLog(MemoryStore(), ForgettingFeatures, telemetry)
        fake = FakeWriter(live, **writer)
        live.start()
        await live.ready()
        keeper = SnapshotKeeper(live, telemetry, every=5, write=fake.write, pace=Pace(look_s=0, again_s=0, now_s=now_s))
        task = asyncio.create_task(keeper.run())
        await story(live)
        task.cancel()
        await live.stop()
        return fake.asked_at

    with capture_logs() as lines:
        asked_at = asyncio.run(main())
    metrics = dict(line.split(" ", 1) for line in telemetry.render().decode().splitlines() if line[0] != "#")
    return asked_at, metrics, [line["event"] for line in lines]


class ForgettingFeatures:
    """Features that forget."""

    plan = PLAN
    n_late = 0

    def query(self, _transfer: Transfer) -> NDArray[np.float64]:
        """Return nothing."""
        return np.zeros(0)

    def push(self, event: Event) -> None:
        """Forget an event."""


async def append(live: LiveLog, n: int) -> None:
    """Append events, and let the keeper look."""
    for _ in range(n):
        await live.append(make_transfer(f"T{live.length}"), received_at=START)
    for _ in range(ENOUGH):
        await asyncio.sleep(0)


def test_a_snapshot_is_written_every_so_many_events() -> None:
    """Not before, not twice for the same events, and its place and its proof are on the metrics."""

    async def story(live: LiveLog) -> None:
        for n in (4, 1, 4, 6, 1):
            await append(live, n)

    asked_at, metrics, _ = kept(story)

    assert asked_at == [5, 10, 15]
    assert metrics["fraudguard_snapshot_place"] == "15.0"
    assert metrics["fraudguard_parity_checked_total"] == "9.0"


def test_a_long_write_is_followed_by_a_longer_rest() -> None:
    """However fast the log grows, writing snapshots takes no more than a tenth of a core."""

    async def story(live: LiveLog) -> None:
        for _ in range(4):
            await append(live, 5)

    asked_at, _, _ = kept(story, each_takes_s=60)

    assert asked_at == [5]


def test_a_failure_is_counted_and_tried_again() -> None:
    """The service goes on answering, and the reason is in its log."""

    async def story(live: LiveLog) -> None:
        await append(live, 5)
        await append(live, 1)

    asked_at, metrics, lines = kept(story, failures=1)

    assert len(asked_at) == 2
    assert metrics["fraudguard_snapshot_failures_total"] == "1.0"
    assert metrics["fraudguard_snapshot_place"] == f"{asked_at[-1]}.0"
    assert lines.count("no snapshot written, trying again later") == 1


def test_vectors_that_differ_are_an_error_in_the_log() -> None:
    """What the other process found is on the metrics of the service, as after a start."""

    async def story(live: LiveLog) -> None:
        await append(live, 5)

    _, metrics, lines = kept(story, differing=2)

    assert metrics["fraudguard_parity_mismatches_total"] == "2.0"
    assert "stored vectors differ from the log; run fraudguard parity" in lines


@pytest.fixture
def logged(tmp_path: Path) -> Settings:
    """Give the settings of a store with one event."""
    settings = make_settings(tmp_path)
    store = open_store(settings)

    async def main() -> None:
        live = LiveLog(store, ForgettingFeatures, Telemetry())
        live.start()
        await live.ready()
        await live.append(make_transfer("T1"), received_at=START)
        await live.stop()

    asyncio.run(main())
    store.close()
    return settings


def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return that of a child, without the switch of the tests, which is no setting of the service."""
    monkeypatch.delenv("FRAUDGUARD_PURE_KERNEL", raising=False)
    return environment_of(settings, "database", "catalog", "snapshots")


def test_a_child_writes_beside_the_service(logged: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told by its environment where the store is, and says what it wrote."""
    written = asyncio.run(ChildWriter(environment(logged, monkeypatch)).write())

    assert (written.place, written.is_new) == (1, True)
    assert (tmp_path / "store.db.snapshots" / written.file).stat().st_size == written.n_bytes


def test_a_disk_that_is_full_costs_no_more_than_the_snapshot(
    logged: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that may write no file so large says so, and leaves nothing behind."""
    limited = ("sh", "-c", 'ulimit -f 64; exec "$@"', "sh", *COMMAND)

    with pytest.raises(NotReadyError, match=r"ended with code 6: .*File too large"):
        asyncio.run(ChildWriter(environment(logged, monkeypatch), limited).write())
    left = [path.name for path in (tmp_path / "store.db.snapshots").iterdir()]

    assert left == [".lock"]


def test_a_stop_kills_the_child(tmp_path: Path) -> None:
    """Who stops does not wait for a snapshot."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    slow = ("sh", "-c", f"echo begun > '{pipe}'; exec sleep 600")

    async def main() -> str:
        task = asyncio.create_task(ChildWriter({"PATH": os.defpath}, slow).write())
        begun = await asyncio.to_thread(pipe.read_text)  # until the child is there
        task.cancel()
        await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 10)
        return begun

    assert asyncio.run(main()) == "begun\n"
