"""Parity: what a decision was made on, computed again from the log.

The log is the truth and features are a fold over it: query, then push, over the
stored events gives every stored vector again, bit for bit. Where it does not,
the log, the vectors or the code are not what they were at the decision.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import Event
from fraudguard.features import FeaturePlan
from fraudguard.progress import Progress, silent
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import StoredVector
from fraudguard.transfer import Transfer

__all__ = ["WHOLE", "Features", "Mismatch", "ParityCheck", "ParityReport", "check_parity"]

WHOLE: Final = "(length)"
"""Stands for a column where a stored vector is not even as long as the plan."""

_FIRST_TRANSFERS: Final = 10
_COLUMNS_EACH: Final = 3
_STRETCH: Final = 1_000


class Features(Protocol):
    """What `fraudguard.features.OnlineFeatures` does."""

    @property
    def plan(self) -> FeaturePlan:
        """What is computed."""
        ...

    @property
    def n_late(self) -> int:
        """How many transfers were dated before one that an account of theirs had seen."""
        ...

    def query(self, transfer: Transfer, /) -> NDArray[np.float64]:
        """Return the features of a transfer; changes nothing."""
        ...

    def push(self, event: Event, /) -> None:
        """Let the state see the next event of the log, of whatever kind."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One number that came out otherwise.

    Parameters
    ----------
    place : int
        Of the transfer in the log.
    transfer_id : str
        The transfer.
    column : str
        The feature, or `WHOLE`.
    stored, recomputed : float
        As in the decision; as the log gives it. NaN is missing.
    """

    place: int
    transfer_id: str
    column: str
    stored: float
    recomputed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityReport:
    """What a check found.

    Parameters
    ----------
    fingerprint : str
        Of the plan it was made with.
    checked : int
        Decisions whose vector was computed again.
    differing : int
        Those of them with at least one other number.
    skipped : mapping of str to int
        Decisions made on another plan, by its fingerprint; nothing is said of them.
    columns : mapping of str to int
        How many vectors differ in a column, most first.
    first : tuple of Mismatch
        Of the first few transfers, in log order, the first few numbers that differ.
    """

    fingerprint: str
    checked: int
    differing: int
    skipped: Mapping[str, int]
    columns: Mapping[str, int]
    first: tuple[Mismatch, ...]

    @property
    def is_equal(self) -> bool:
        """Whether something was checked and none of it differs."""
        return self.checked > 0 and self.differing == 0


class ParityCheck:
    """Compares stored vectors with those of a state that sees the log.

    Parameters
    ----------
    plan : FeaturePlan
        Of the state.
    vectors : iterator of StoredVector
        In log order.
    """

    def __init__(self, plan: FeaturePlan, vectors: Iterator[StoredVector]) -> None:
        self._plan = plan
        self._vectors = vectors
        self._next = next(vectors, None)
        self._checked = self._differing = 0
        self._skipped: Counter[str] = Counter()
        self._columns: Counter[str] = Counter()
        self._first: list[Mismatch] = []

    def see(self, place: int, event: Event, features: Features) -> None:
        """Compare the vector stored at a place, if there is one, with that of the state before the event's push."""
        if self._next is None or self._next.seq != place:
            return
        stored, self._next = self._next, next(self._vectors, None)
        if stored.features_fingerprint != self._plan.fingerprint:
            self._skipped[stored.features_fingerprint] += 1
        elif isinstance(event, Transfer):
            self._compare(stored, features.query(event))

    def report(self) -> ParityReport:
        """Return what was found so far."""
        return ParityReport(
            fingerprint=self._plan.fingerprint,
            checked=self._checked,
            differing=self._differing,
            skipped=dict(self._skipped.most_common()),
            columns=dict(self._columns.most_common()),
            first=tuple(self._first),
        )

    def _compare(self, stored: StoredVector, vector: NDArray[np.float64]) -> None:
        self._checked += 1
        found = [
            Mismatch(place=stored.seq, transfer_id=stored.transfer_id, column=column, stored=before, recomputed=now)
            for column, before, now in self._unlike(stored.features, vector)
        ]
        self._differing += bool(found)
        self._columns.update(one.column for one in found)
        if found and self._differing <= _FIRST_TRANSFERS:
            self._first += found[:_COLUMNS_EACH]

    def _unlike(self, stored: bytes, vector: NDArray[np.float64]) -> Iterator[tuple[str, float, float]]:
        """Yield the columns whose bits differ; every NaN is missing and equals every other."""
        if stored == vector.tobytes():
            return
        if len(stored) != vector.nbytes:
            yield WHOLE, len(stored) / vector.itemsize, float(len(vector))
            return
        before = np.frombuffer(stored, dtype=np.float64)
        same = (before.view(np.int64) == vector.view(np.int64)) | (np.isnan(before) & np.isnan(vector))
        for column in np.flatnonzero(~same):
            yield self._plan.columns[column].name, float(before[column]), float(vector[column])


def check_parity(
    store: Store, features: Features, *, begin: int = 1, end: int | None = None, progress: Progress = silent
) -> ParityReport:
    """Compute the vectors of stored decisions again from the log, and compare.

    Parameters
    ----------
    store : Store
        Only read; a service may be writing to it.
    features : Features
        An empty state. It sees the log from its first event, whatever is to be checked.
    begin : int
        First place in the log to check.
    end : int or None
        First place not to check; None to go to the end of the log.
    progress : Progress
        Told how many events were seen.

    Returns
    -------
    ParityReport
        Of the decisions in between.
    """
    last = store.log.last_place()  # what is written from now on is left to the next check
    last = last if end is None else min(last, end - 1)
    check = ParityCheck(features.plan, store.decisions.read_vectors(after=begin - 1))
    for row in store.log.read():
        if row.seq > last:
            break
        event = row.event
        check.see(row.seq, event, features)
        features.push(event)
        if row.seq % _STRETCH == 0:
            progress(row.seq, last)
    progress(last, last)
    return check.report()
