"""The state of the service, and how it follows the log.

What is in memory is a fold over the log: features, the ids that were seen, and the place up to which both have seen
it. A state from a snapshot follows the log from that place on, an empty one from the first event; both
are then the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from fraudguard.progress import Progress, silent
from fraudguard.serve.parity import Features, ParityCheck, ParityReport
from fraudguard.serve.store.rows import Kind, LogRow, StoredVector
from fraudguard.serve.store.seen import SeenIds

__all__ = ["DecisionReader", "LogReader", "ReadStore", "State", "first_to_prove", "follow", "seen_name"]

PROVED: Final = 10_000
"""So many of the last decisions are computed again when the whole log is read."""

_STRETCH: Final = 1_000

AnyFeatures = TypeVar("AnyFeatures", bound=Features)


class LogReader(Protocol):
    """Reads the log: `fraudguard.serve.store.log.Log`."""

    def read(self, *, after: int = 0, kind: Kind | None = None) -> Iterator[LogRow]:
        """Yield events in log order."""
        ...


class DecisionReader(Protocol):
    """Reads decisions: `fraudguard.serve.store.decisions.Decisions`."""

    def read_keys(self, *, after: int = 0) -> Iterator[str]:
        """Yield every idempotency key used after a place."""
        ...

    def place_before_last(self, count: int) -> int:
        """Return the place after which the last so many decisions stand."""
        ...

    def read_vectors(self, *, after: int = 0) -> Iterator[StoredVector]:
        """Yield the vectors of the decisions after a place, in log order."""
        ...


class ReadStore(Protocol):
    """The part of `fraudguard.serve.store.Store` that a state is made from."""

    @property
    def log(self) -> LogReader:
        """The events."""
        ...

    @property
    def decisions(self) -> DecisionReader:
        """The decisions."""
        ...


@dataclass(slots=True, kw_only=True)
class State(Generic[AnyFeatures]):
    """All that the service keeps in memory of its log.

    Parameters
    ----------
    features : Features
        They have seen every event up to the place.
    seen : SeenIds
        Ids and idempotency keys up to the place.
    place : int
        Of the last event seen; 0 is an empty state.
    """

    features: AnyFeatures
    seen: SeenIds
    place: int = 0


def first_to_prove(store: ReadStore, state: State[AnyFeatures], *, most: int | None = PROVED) -> int:
    """Return the place after which stored vectors are computed again while a state follows the log.

    Parameters
    ----------
    store : ReadStore
        Holds the vectors.
    state : State
        It can give only those behind its own place.
    most : int or None
        So many of the last decisions at most; None for all.

    Returns
    -------
    int
        A place in the log.
    """
    return state.place if most is None else max(state.place, store.decisions.place_before_last(most))


def follow(
    store: ReadStore,
    state: State[AnyFeatures],
    *,
    prove_after: int,
    last: int | None = None,
    go_on: Callable[[], bool] = lambda: True,
    progress: Progress = silent,
) -> ParityReport:
    """Let a state see the events behind its place.

    Parameters
    ----------
    store : ReadStore
        The log that the state is of.
    state : State
        Changed in place.
    prove_after : int
        Decisions after this place have their vectors computed again on the way.
    last : int or None
        The last place to see; None to go to the end of the log.
    go_on : callable
        Asked before each event; the state is of no use once it said no.
    progress : Progress
        Told how many events were seen.

    Returns
    -------
    ParityReport
        Of the vectors that were computed again.
    """
    began = state.place
    check = ParityCheck(state.features.plan, store.decisions.read_vectors(after=prove_after))
    for row in store.log.read(after=began):
        if (last is not None and row.seq > last) or not go_on():
            break
        state.seen.add(seen_name(row.kind, row.event_id))
        state.place, event = row.seq, row.event
        check.see(row.seq, event, state.features)
        state.features.push(event)
        if last is not None and row.seq % _STRETCH == 0:
            progress(row.seq - began, last - began)
    for key in store.decisions.read_keys(after=began):
        state.seen.add(seen_name("key", key))
    return check.report()


def seen_name(kind: str, event_id: str) -> str:
    """Return the name under which `State.seen` knows an event or an idempotency key.

    Parameters
    ----------
    kind : str
        Of the event, or ``key``.
    event_id : str
        The event's id, or the key.

    Returns
    -------
    str
        One of its own for each.
    """
    return f"{kind}:{event_id}"
