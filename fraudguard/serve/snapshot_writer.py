"""The next snapshot: the last one, made to follow the log to its end, proved on the way, and written.

This runs in a process of its own beside the service, which goes on; it only reads the store.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from fraudguard.errors import NotFoundError
from fraudguard.features import OnlineFeatures
from fraudguard.progress import Progress, silent
from fraudguard.serve.journal import log
from fraudguard.serve.parity import ParityReport
from fraudguard.serve.snapshots import SnapshotFile, Snapshots
from fraudguard.serve.state import DecisionReader, LogReader, State, first_to_prove, follow
from fraudguard.serve.store.seen import SeenIds

__all__ = ["EndedLog", "EndedStore", "Written", "write_next"]


class EndedLog(LogReader, Protocol):
    """A log whose end is known: `fraudguard.serve.store.log.Log`."""

    def last_place(self) -> int:
        """Return the place of the newest event, 0 when there is none."""
        ...


class EndedStore(Protocol):
    """The part of `fraudguard.serve.store.Store` that a snapshot is made from."""

    @property
    def log(self) -> EndedLog:
        """The events."""
        ...

    @property
    def decisions(self) -> DecisionReader:
        """The decisions."""
        ...


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; printed by ``fraudguard snapshot write --json`` and read by the service.

    Parameters
    ----------
    file : str
        Name of the newest snapshot.
    place : int
        Of its last event in the log.
    went_on_from : int
        Place of the snapshot it went on from; 0 if it was built from the first event.
    n_bytes : int
        Size of the file.
    is_new : bool
        False when the log had nothing that the last one had not seen.
    checked, differing : int
        Stored vectors that were computed again on the way, and those of them that came out otherwise.
    """

    file: str
    place: int
    went_on_from: int
    n_bytes: int
    is_new: bool
    checked: int
    differing: int


def write_next(
    store: EndedStore, snapshots: Snapshots, new_features: Callable[[], OnlineFeatures], *, progress: Progress = silent
) -> Written:
    """Write a snapshot of the log as it is now.

    Every vector stored since the last snapshot is computed again on the way. If one differs, the last
    snapshot is not trusted and the state is built from the first event.

    Parameters
    ----------
    store : EndedStore
        Only read; a service may be writing to it.
    snapshots : Snapshots
        Where the last one is and the next one goes.
    new_features : callable
        Makes an empty state.
    progress : Progress
        Told how many events were seen.

    Returns
    -------
    Written
        What was written.

    Raises
    ------
    NotFoundError
        If the log is empty.
    ConflictError
        If another process writes a snapshot.
    """
    last = store.log.last_place()
    if last == 0:
        raise NotFoundError("the log is empty: there is nothing to write", "日志是空的：没有可写的内容")
    with snapshots.writing():
        state = next(snapshots.states(), None)
        if state is not None:
            began = state.place
            report = follow(store, state, prove_after=began, last=last, progress=progress)
            if began == last:
                return _written(snapshots.file_of(last), began, report)
            if not report.differing:
                return _written(snapshots.write(state), began, report)
            log.warning("snapshot not used", place=began, reason="stored vectors differ from what follows from it")
        state = State(features=new_features(), seen=SeenIds())
        report = follow(store, state, prove_after=first_to_prove(store, state), last=last, progress=progress)
        return _written(snapshots.write(state), 0, report)


def _written(file: SnapshotFile, began: int, report: ParityReport) -> Written:
    return Written(
        file=file.path.name,
        place=file.place,
        went_on_from=began,
        n_bytes=file.n_bytes,
        is_new=began != file.place,
        checked=report.checked,
        differing=report.differing,
    )
