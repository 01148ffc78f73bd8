"""The law of snapshots: wherever they are taken and wherever the service is killed, a start gives a full replay's state."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from fraudguard.column import Event
from fraudguard.features import OnlineFeatures
from fraudguard.serve.snapshots import Snapshots
from fraudguard.serve.state import State, follow
from fraudguard.serve.store.seen import SeenIds
from fraudguard.transfer import Transfer
from tests.serve.fakes import PLAN
from tests.serve.memory_store import MemoryStore
from tests.strategies import mixed_logs


def told(features: OnlineFeatures, events: Sequence[Event]) -> list[bytes]:
    """Return what each transfer is told, pushing every event."""
    vectors = []
    for event in events:
        if isinstance(event, Transfer):
            vectors.append(features.query(event).tobytes())
        features.push(event)
    return vectors


def grown(store: MemoryStore, log: Sequence[Event]) -> None:
    """Let a store take what it has not yet of a log."""
    for event in log[store.last_place() :]:
        store.add(event)


def save(snapshots: Snapshots, state: State[OnlineFeatures]) -> None:
    """Write a snapshot, if there is anything to write."""
    if state.place:
        with snapshots.writing():
            snapshots.write(state)


def restarted(snapshots: Snapshots, store: MemoryStore) -> State[OnlineFeatures]:
    """Return the state of a start: the newest snapshot, or none, and what follows it."""
    state = next(snapshots.states(), State(features=OnlineFeatures(PLAN), seen=SeenIds(bits=bytearray(1 << 10))))
    assert follow(store, state, prove_after=state.place).differing == 0
    return state


@given(log=mixed_logs(max_size=30), cuts=st.lists(st.integers(0, 30), min_size=2, max_size=3).map(sorted))
def test_a_start_is_a_full_replay_wherever_it_was_killed(log: list[Event], cuts: list[int]) -> None:
    """Snapshots made one from the other, a kill behind the last: vectors, late and repeated ones are as without."""
    *taken, killed = cuts
    whole = OnlineFeatures(PLAN)
    expected = told(whole, log)

    with tempfile.TemporaryDirectory() as folder:
        store = MemoryStore()
        snapshots = Snapshots(Path(folder), PLAN, store)
        for end in taken:
            grown(store, log[:end])
            save(snapshots, restarted(snapshots, store))
        grown(store, log[:killed])
        state = restarted(snapshots, store)
        after = told(state.features, log[killed:])

    n_before = sum(isinstance(event, Transfer) for event in log[:killed])
    assert after == expected[n_before:]
    assert (state.features.n_late, state.features.n_duplicates) == (whole.n_late, whole.n_duplicates)
