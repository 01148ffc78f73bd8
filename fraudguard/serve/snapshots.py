"""Snapshots of the service's state: a folder of files, each named by its place in the log and its plan.

A snapshot spares a start most of the log, and nothing else rests on it: one that is torn or changed, was made for
other features, by another version, or from another log is passed over, with a line in the log of the service
that says why, and the state is built from the one before or from the first event.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from fraudguard.errors import ArtifactError, ConflictError, FraudguardError
from fraudguard.features import FeaturePlan, OnlineFeatures
from fraudguard.features.snapshot import UNFINISHED
from fraudguard.serve.journal import log
from fraudguard.serve.settings import Settings
from fraudguard.serve.state import State
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import LogRow
from fraudguard.serve.store.seen import SeenIds

__all__ = ["PlacedLog", "SnapshotFile", "Snapshots", "snapshot_folder"]

_NAME: Final = re.compile(r"state-(\d{12,})-([0-9a-f]{16})\.snapshot")
_OWNER_ONLY: Final = 0o700
_LOG, _KEY, _SEEN = "log", "seen_key", "seen"


class PlacedLog(Protocol):
    """Finds events by their places: `fraudguard.serve.store.log.Log`."""

    def find_places(self, places: Sequence[int]) -> list[LogRow]:
        """Return the events at these places, those that are there, in log order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFile:
    """A file that by its name is a snapshot.

    Parameters
    ----------
    path : Path
        Where it is.
    place : int
        How many events of the log it has seen.
    fingerprint : str
        Of its plan.
    """

    path: Path
    place: int
    fingerprint: str

    @property
    def n_bytes(self) -> int:
        """How large it is; 0 when it is no longer there."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def snapshot_folder(settings: Settings, store: Store) -> Path | None:
    """Return where snapshots are kept: the folder that is set, else one beside a SQLite database, else none.

    Parameters
    ----------
    settings : Settings
        May name a folder.
    store : Store
        May be a file.

    Returns
    -------
    Path or None
        It may not be there yet.
    """
    if settings.snapshots is not None or store.file is None:
        return settings.snapshots
    return store.file.with_name(f"{store.file.name}.snapshots")


class Snapshots:
    """The snapshots of one log and one plan.

    Parameters
    ----------
    folder : Path
        Made when the first one is written.
    plan : FeaturePlan
        Of the states.
    placed : PlacedLog
        The log that the states are of.
    """

    def __init__(self, folder: Path, plan: FeaturePlan, placed: PlacedLog) -> None:
        self.folder = folder
        self._plan = plan
        self._placed = placed

    def files(self) -> list[SnapshotFile]:
        """Return what is there, of other plans too, the newest first.

        Returns
        -------
        list of SnapshotFile
            Nobody has looked into them.
        """
        named = ((path, _NAME.fullmatch(path.name)) for path in self.folder.glob("state-*.snapshot"))
        found = [SnapshotFile(path=path, place=int(m[1]), fingerprint=m[2]) for path, m in named if m is not None]
        return sorted(found, key=lambda file: file.place, reverse=True)

    def file_of(self, place: int) -> SnapshotFile:
        """Return the file that holds, or would hold, the state at a place.

        Parameters
        ----------
        place : int
            In the log.

        Returns
        -------
        SnapshotFile
            It need not be there.
        """
        path = self.folder / f"state-{place:012}-{self._plan.fingerprint}.snapshot"
        return SnapshotFile(path=path, place=place, fingerprint=self._plan.fingerprint)

    def states(self) -> Iterator[State[OnlineFeatures]]:
        """Yield the state of each snapshot that can be trusted, the newest first; say why of those that cannot.

        Yields
        ------
        State
            Read when it is asked for.
        """
        for file in self.files():
            try:
                state = self.read(file)
            except (FraudguardError, OSError) as error:
                log.warning("snapshot not used", file=file.path.name, reason=str(error))
            else:
                yield state

    def read(self, file: SnapshotFile) -> State[OnlineFeatures]:
        """Return the state that a snapshot holds.

        Parameters
        ----------
        file : SnapshotFile
            One of `files`.

        Returns
        -------
        State
            What follows its place in the log has still to be seen.

        Raises
        ------
        NotFoundError
            If the file is not there.
        ArtifactError
            If it is torn or changed, may be written by others, or was made for other features or from another log.
        """
        _require_ours(file.path)
        features, found = OnlineFeatures.resume(file.path, self._plan)
        if found.notes[_LOG] != self._digest(found.place):
            raise ArtifactError(
                f"snapshot {file.path} is of another log, or of this one before it was put back; build the state from the log",
                f"快照 {file.path} 属于另一份日志，或属于恢复备份之前的日志；请从日志重建状态",
            )
        seen = SeenIds(bytes.fromhex(found.notes[_KEY]), found.beside[_SEEN])
        return State(features=features, seen=seen, place=found.place)

    def write(self, state: State[OnlineFeatures]) -> SnapshotFile:
        """Write a snapshot, all of it or nothing, and remove what it makes needless; within `writing`.

        Parameters
        ----------
        state : State
            Its last event is durable.

        Returns
        -------
        SnapshotFile
            This one and the last before it stay.
        """
        file = self.file_of(state.place)
        notes = {_LOG: self._digest(state.place), _KEY: state.seen.key.hex()}
        state.features.save(file.path, place=state.place, notes=notes, beside={_SEEN: state.seen.bits})
        self._prune(file)
        return file

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write into the folder, which is made; only one process may.

        Raises
        ------
        ConflictError
            If another process holds it.
        """
        self.folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ConflictError(
                    f"another process writes a snapshot into {self.folder}; wait for it",
                    f"另一进程正在 {self.folder} 写快照；请等它写完",
                ) from error
            for unfinished in self.folder.glob(f".*{UNFINISHED}"):
                unfinished.unlink(missing_ok=True)
            yield

    def _prune(self, newest: SnapshotFile) -> None:
        # A file of a later place is of a log that was longer: an older copy of the database was put back.
        ours = [file for file in self.files() if file.fingerprint == newest.fingerprint]
        kept = {newest, *[file for file in ours if file.place < newest.place][:1]}
        gone = self.files() if len(kept) > 1 else ours  # those of the last plan until this one has two
        for file in gone:
            if file not in kept:
                file.path.unlink(missing_ok=True)

    def _digest(self, place: int) -> str:
        """Return what tells a log from others: its events at a place, at half of it, and so on down to the first."""
        rows = self._placed.find_places([place >> halvings for halvings in range(place.bit_length())])
        return hashlib.sha256(msgspec.msgpack.encode(rows)).hexdigest()


def _require_ours(path: Path) -> None:
    # A state is memory as it stands: whoever may write it may do what the service may.
    found = path.stat()
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or found.st_uid not in {0, os.geteuid()}:
        raise ArtifactError(
            f"snapshot {path} belongs to somebody else or may be written by others; remove it, and let only the user of "
            "the service write there",
            f"快照 {path} 属于他人或他人可写；请删除，并只让服务所用的用户可写",
        )
