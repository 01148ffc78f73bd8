"""A start from a snapshot: the state of a full replay, or the snapshot is not used."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from fraudguard.errors import ArtifactError, ConflictError, NotFoundError
from fraudguard.features import CATALOG, OnlineFeatures, compile_plan, feature
from fraudguard.serve.live import LiveLog
from fraudguard.serve.parity import Features, check_parity
from fraudguard.serve.snapshot_writer import write_next
from fraudguard.serve.snapshots import Snapshots, snapshot_folder
from fraudguard.serve.state import State, follow, seen_name
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import Record, log_row
from fraudguard.serve.store.seen import SeenIds
from fraudguard.serve.telemetry import Telemetry
from fraudguard.transfer import Transfer
from tests.fakes import START, make_transfer
from tests.serve.fakes import PLAN, body_of, make_settings, open_store, running
from tests.serve.memory_store import MemoryStore

OTHER_PLAN = compile_plan(CATALOG.extended(feature("one_more", 1.0, why="a try")))


def transfers(n: int, begin: int = 0) -> list[Transfer]:
    """Return transfers between few accounts, a minute apart."""
    return [
        make_transfer(
            f"T{i}", after_s=60 * i, payer_account_id=f"a{i % 5}", payee_account_id=f"b{i % 3}", amount_fen=100 + i
        )
        for i in range(begin, begin + n)
    ]


def empty() -> State[OnlineFeatures]:
    """Return the state before the first event."""
    return State(features=OnlineFeatures(PLAN), seen=SeenIds())


def new_features() -> OnlineFeatures:
    """Return features that have seen nothing."""
    return OnlineFeatures(PLAN)


def told(state: State[OnlineFeatures]) -> list[bytes]:
    """Return what a state says of some transfers to come."""
    return told_by(state.features)


def told_by(features: Features) -> list[bytes]:
    """Return what features say of some transfers to come."""
    return [features.query(transfer).tobytes() for transfer in transfers(12, 900)]


def replayed(store: MemoryStore) -> State[OnlineFeatures]:
    """Return the state of a full replay."""
    state = empty()
    follow(store, state, prove_after=0)
    return state


def written(store: MemoryStore, folder: Path) -> Snapshots:
    """Write a snapshot of all that a store holds, and return the folder's."""
    snapshots = Snapshots(folder, PLAN, store)
    with snapshots.writing():
        snapshots.write(replayed(store))
    return snapshots


def places(folder: Path) -> list[int]:
    """Return the places of the snapshots in a folder."""
    return [file.place for file in Snapshots(folder, PLAN, MemoryStore()).files()]


def reasons(snapshots: Snapshots) -> list[str]:
    """Return why snapshots are not used, and read all that are."""
    with capture_logs() as lines:
        list(snapshots.states())
    return [line["reason"] for line in lines if line["event"] == "snapshot not used"]


@pytest.fixture
def ready() -> Callable[[LiveLog], LiveLog]:
    """Give a function that starts a live log, waits until it is ready, and stops it."""

    async def main(live: LiveLog) -> LiveLog:
        live.start()
        await live.ready()
        await live.stop()
        return live

    return lambda live: asyncio.run(main(live))


def test_a_snapshot_and_what_follows_are_a_full_replay(store: Store, tmp_path: Path) -> None:
    """On either database, the state, the ids and the keys are those of the whole log."""
    events = transfers(60)
    store.write([Record(log_row(place, event, START)) for place, event in enumerate(events[:40], start=1)])
    snapshots = Snapshots(tmp_path / "snapshots", PLAN, store.log)
    write_next(store, snapshots, new_features)
    store.write([Record(log_row(place, event, START)) for place, event in enumerate(events[40:], start=41)])

    (state,) = snapshots.states()
    began = state.place
    follow(store, state, prove_after=began)

    assert (began, state.place) == (40, 60)
    assert told(state) == told(replayed(MemoryStore(events)))
    assert all(state.seen.may_contain(seen_name("transfer", f"T{i}")) for i in range(60))
    assert not state.seen.may_contain(seen_name("transfer", "T60"))


def test_keys_come_back_from_the_file_and_from_what_follows(tmp_path: Path) -> None:
    """An idempotency key is known whether it was used before or after the snapshot."""
    store = MemoryStore(transfers(5))
    snapshots = written(store, tmp_path)
    store.add(make_transfer("T5"))

    (state,) = snapshots.states()
    follow(store, state, prove_after=5)

    assert [state.seen.may_contain(seen_name("key", f"key-{n}")) for n in (1, 5, 6, 7)] == [True, True, True, False]


def test_the_next_snapshot_goes_on_from_the_last(tmp_path: Path) -> None:
    """It reads only what follows, proves the vectors in that, and two files stay."""
    store = MemoryStore()
    snapshots = Snapshots(tmp_path, PLAN, store)
    steps = []
    for begin in (0, 30, 60, 90):
        for event in transfers(30, begin):
            store.add(event)
        one = write_next(store, snapshots, new_features)
        steps.append((one.went_on_from, one.place, one.checked, one.differing, one.is_new))

    assert steps == [(0, 30, 30, 0, True), (30, 60, 30, 0, True), (60, 90, 30, 0, True), (90, 120, 30, 0, True)]
    assert places(tmp_path) == [120, 90]
    assert told(next(snapshots.states())) == told(replayed(store))


def test_nothing_new_is_not_written_again(tmp_path: Path) -> None:
    """A second snapshot of the same log is the first."""
    store = MemoryStore(transfers(10))
    snapshots = Snapshots(tmp_path, PLAN, store)
    first, second = (write_next(store, snapshots, new_features) for _ in range(2))

    assert (first.is_new, second.is_new, second.file) == (True, False, first.file)


def test_an_empty_log_has_no_snapshot(tmp_path: Path) -> None:
    """There is nothing to write."""
    with pytest.raises(NotFoundError, match="log is empty"):
        write_next(MemoryStore(), Snapshots(tmp_path, PLAN, MemoryStore()), new_features)


@pytest.mark.parametrize("spoilt", ["torn", "changed", "no file of ours", "empty"])
def test_the_one_before_is_used_when_the_newest_is_damaged(tmp_path: Path, spoilt: str) -> None:
    """The reason is in the log of the service, and the state is that of a full replay all the same."""
    store = MemoryStore(transfers(20))
    snapshots = written(store, tmp_path)
    store.add(make_transfer("T20"))
    write_next(store, snapshots, new_features)
    newest = snapshots.files()[0].path
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = {"torn": content[:-5_000], "changed": content, "no file of ours": b"something else", "empty": b""}
    newest.write_bytes(bytes(damaged[spoilt]))

    with capture_logs() as lines:
        state = next(snapshots.states())
    follow(store, state, prove_after=state.place)

    assert [(line["event"], line["file"]) for line in lines] == [("snapshot not used", newest.name)]
    assert told(state) == told(replayed(store))


def test_a_snapshot_of_another_log_is_refused(tmp_path: Path) -> None:
    """One event that is not the same at its place, or is not there, is enough."""
    snapshots = written(MemoryStore(transfers(16)), tmp_path)
    (file,) = snapshots.files()
    shorter = MemoryStore(transfers(15))
    other_end = MemoryStore([*transfers(15), make_transfer("T99")])
    other_begin = MemoryStore([make_transfer("T99"), *transfers(16)[1:]])

    for other in (shorter, other_end, other_begin):
        with pytest.raises(ArtifactError, match="of another log"):
            Snapshots(tmp_path, PLAN, other).read(file)


def test_an_older_copy_of_the_database_gets_snapshots_of_its_own(tmp_path: Path) -> None:
    """Those of the log that was longer go, and do not push out the new one."""
    longer, older = MemoryStore(transfers(40)), MemoryStore(transfers(20))
    written(longer, tmp_path)
    older.add(make_transfer("another way"))

    snapshots = Snapshots(tmp_path, PLAN, older)
    one = write_next(older, snapshots, new_features)

    assert (one.went_on_from, one.place, places(tmp_path)) == (0, 21, [21])


def test_a_snapshot_of_other_features_stays_until_there_are_two(tmp_path: Path) -> None:
    """Whoever goes back to the former catalog at once loses nothing, and disks do not fill."""
    store = MemoryStore(transfers(10))
    written(store, tmp_path)
    snapshots = Snapshots(tmp_path, OTHER_PLAN, store)
    why, left = reasons(snapshots), []
    for number in (10, 11):
        store.add(make_transfer(f"T{number}", after_s=6_000))
        write_next(store, snapshots, lambda: OnlineFeatures(OTHER_PLAN))
        left.append(places(tmp_path))

    assert len(why) == 1
    assert "made for other features" in why[0]
    assert left == [[11, 10], [12, 11]]


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_used(tmp_path: Path, mode: int) -> None:
    """A state is memory as it stands, so that who may write one may do what the service may."""
    snapshots = written(MemoryStore(transfers(3)), tmp_path)
    snapshots.files()[0].path.chmod(mode)

    (why,) = reasons(snapshots)

    assert "may be written by others" in why


def test_nobody_else_may_read_a_snapshot(tmp_path: Path) -> None:
    """Folder and file are its owner's alone."""
    snapshots = written(MemoryStore(transfers(3)), tmp_path / "new")
    modes = [oct(path.stat().st_mode & 0o777) for path in (snapshots.folder, snapshots.files()[0].path)]

    assert modes == ["0o700", "0o600"]


def test_one_process_writes(tmp_path: Path) -> None:
    """A second one is told so; what a killed one left behind is removed."""
    store = MemoryStore(transfers(3))
    snapshots = Snapshots(tmp_path, PLAN, store)
    (tmp_path / ".state-000000000002-0.snapshot.unfinished").write_bytes(b"half")
    with snapshots.writing(), pytest.raises(ConflictError, match="another process"):
        write_next(store, snapshots, new_features)

    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """The last snapshot stays, and nothing of the new one."""
    store = MemoryStore(transfers(3))
    snapshots = written(store, tmp_path)
    store.add(make_transfer("T3"))
    (tmp_path / snapshots.file_of(4).path.name).mkdir()  # the rename fails, as it may

    with pytest.raises(OSError, match="directory"):
        write_next(store, snapshots, new_features)
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}

    assert left == {".lock", snapshots.file_of(3).path.name}


def test_vectors_that_differ_cost_the_snapshot_its_trust(tmp_path: Path) -> None:
    """The next one is then built from the first event, and says that something differs."""
    store = MemoryStore(transfers(20))
    snapshots = written(store, tmp_path)
    for event in transfers(5, 20):
        store.add(event)
    store.spoil(23, features=store.vectors[0].features)

    one = write_next(store, snapshots, new_features)

    assert (one.went_on_from, one.place, one.differing) == (0, 25, 1)


def test_a_start_from_a_snapshot_reads_only_what_follows(tmp_path: Path, ready: Callable[[LiveLog], LiveLog]) -> None:
    """It says where it went on from, and the last vectors behind that place are proved."""
    store = MemoryStore(transfers(20))
    snapshots = written(store, tmp_path)
    for event in transfers(5, 20):
        store.add(event)
    telemetry = Telemetry()

    live = ready(LiveLog(store, new_features, telemetry, snapshots=snapshots))
    metrics = telemetry.render().decode().splitlines()

    assert (live.restored_from, live.length) == (20, 25)
    assert {"fraudguard_restored_from_place 20.0", "fraudguard_parity_checked_total 5.0"} <= set(metrics)
    assert told_by(live.features) == told(replayed(store))


def test_a_start_that_finds_a_difference_reads_the_whole_log(
    tmp_path: Path, ready: Callable[[LiveLog], LiveLog]
) -> None:
    """A state that is not what the log gives is not kept: not even a file whose sums are right is believed."""
    store = MemoryStore(transfers(20))
    wrong = replayed(store)
    wrong.features.push(make_transfer("never happened", payer_account_id="a0", payee_account_id="b0"))
    snapshots = Snapshots(tmp_path, PLAN, store)
    with snapshots.writing():
        snapshots.write(wrong)
    for event in transfers(5, 20):
        store.add(event)

    live = ready(LiveLog(store, new_features, Telemetry(), snapshots=snapshots))

    assert (live.restored_from, live.length) == (0, 25)
    assert told_by(live.features) == told(replayed(store))


def test_the_folder_stands_beside_a_sqlite_file(tmp_path: Path) -> None:
    """A folder that is named comes first; PostgreSQL has none of its own."""

    class Remote(Store):
        """A store that is no file."""

        file = None

    settings = make_settings(tmp_path)
    store, remote = Store.open(settings.database), Remote.open(settings.database)

    assert snapshot_folder(settings, store) == tmp_path / "store.db.snapshots"
    assert snapshot_folder(make_settings(tmp_path, snapshots=tmp_path / "s"), remote) == tmp_path / "s"
    assert snapshot_folder(settings, remote) is None


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Store]:
    """Give the store of a service that has judged three transfers, one under a key."""
    settings = make_settings(tmp_path)
    with running(settings) as service:
        for number in range(3):
            service.assess(body_of(f"T{number}"), **{"Idempotency-Key": f"key-{number}"})
    opened = open_store(settings)
    yield opened
    opened.close()


def test_a_service_started_from_a_snapshot_answers_as_before(judged: Store, tmp_path: Path) -> None:
    """The same id and the same key get the same bytes, and a new transfer is judged by all that came before."""
    settings = make_settings(tmp_path)
    snapshots = Snapshots(tmp_path / "store.db.snapshots", PLAN, judged.log)
    write_next(judged, snapshots, new_features)

    with running(settings) as service:
        restored_from = service.app.state.live.restored_from
        again = service.assess(body_of("T1"), **{"Idempotency-Key": "key-1"})
        service.assess(body_of("T3"))
    report = check_parity(judged, new_features())

    assert restored_from == 3
    assert again.headers["idempotent-replayed"] == "true"
    assert (report.checked, report.differing) == (4, 0)


def test_ids_are_seen_by_another_process() -> None:
    """The filter does not rest on Python's own hash, which differs from process to process."""
    seen = SeenIds(b"0123456789abcdef")
    seen.add("transfer:T1")
    set_bits = sum(byte.bit_count() for byte in seen.bits)
    again = SeenIds(seen.key, bytearray(seen.bits))

    assert (set_bits, again.may_contain("transfer:T1"), again.may_contain("transfer:T2")) == (4, True, False)
