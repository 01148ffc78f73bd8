"""Online: the same features, one transfer at a time."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import Event
from fraudguard.features.learn import Learner
from fraudguard.features.plan import FeaturePlan
from fraudguard.features.program import LIQUIDS, new_engine
from fraudguard.features.snapshot import Snapshot, read_snapshot, write_snapshot
from fraudguard.transfer import Transfer

__all__ = ["OnlineFeatures"]

_NO_LIQUID: Final = -1
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class OnlineFeatures:
    """Feature state of a running service.

    Every event of the log is pushed, in log order: transfers, account rows, signals and findings.

    Parameters
    ----------
    plan : FeaturePlan
        What to compute.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from fraudguard.features import CATALOG, compile_plan
    >>> features = OnlineFeatures(compile_plan(CATALOG))
    >>> transfer = Transfer(
    ...     transfer_id="T1",
    ...     event_time=datetime(2026, 1, 2, tzinfo=UTC),
    ...     payer_account_id="a",
    ...     payee_account_id="b",
    ...     amount_fen=100,
    ... )
    >>> features.push(transfer)
    >>> features.query(transfer)[features.plan.names.index("payee_in_amount_fen_sum_1h")]
    np.float64(100.0)
    """

    def __init__(self, plan: FeaturePlan) -> None:
        self.plan = plan
        self._engine = new_engine(plan, remembers_ids=True)
        self._learner = Learner(
            self._engine.state, self._engine, self._engine.findings, account_fields=plan.account_fields
        )

    @property
    def n_late(self) -> int:
        """How many transfers were dated before one that an account of theirs had seen."""
        return self._engine.n_late

    @property
    def n_duplicates(self) -> int:
        """How many transfers came a second time and were not remembered again."""
        return self._engine.n_duplicates

    @property
    def n_bytes(self) -> int:
        """Memory that the state takes, in bytes; pages never touched are counted too."""
        return sum(arena.n_bytes for arena in self._engine.arenas().values())

    def save(
        self,
        path: Path,
        *,
        place: int,
        notes: Mapping[str, str] = _NOTHING,
        beside: Mapping[str, bytes | bytearray] = _NOTHING,
    ) -> None:
        """Write the state to a file, all of it or nothing.

        Parameters
        ----------
        path : Path
            Replaced when it exists.
        place : int
            How many events of the log were pushed.
        notes : mapping of str to str
            To be found again by `resume`.
        beside : mapping of str to bytes
            To be kept in the same file, and found again as well.
        """
        plan = self.plan.fingerprint
        write_snapshot(self._engine, path, fingerprint=plan, place=place, notes=notes, beside=beside)

    @classmethod
    def restore(cls, path: Path, plan: FeaturePlan) -> "tuple[OnlineFeatures, int]":
        """Return the state that a file holds; the file is mapped, not read.

        Parameters
        ----------
        path : Path
            From `save`.
        plan : FeaturePlan
            What to compute; that of the state.

        Returns
        -------
        OnlineFeatures, int
            The state, and how many events of the log it has seen: push those behind them.

        Raises
        ------
        NotFoundError
            If there is no such file.
        ArtifactError
            If the file is torn or changed, or was made for other features or by another version: build the state from the log.
        """
        features, snapshot = cls.resume(path, plan)
        return features, snapshot.place

    @classmethod
    def resume(cls, path: Path, plan: FeaturePlan) -> "tuple[OnlineFeatures, Snapshot]":
        """Return the state that a file holds, and what was saved with it.

        Parameters
        ----------
        path, plan
            As for `restore`.

        Returns
        -------
        OnlineFeatures, Snapshot
            The state; its place in the log, the notes and what was kept beside.

        Raises
        ------
        NotFoundError, ArtifactError
            As `restore`.
        """
        features = cls(plan)
        return features, read_snapshot(features._engine, path, fingerprint=plan.fingerprint)

    def query(self, transfer: Transfer) -> NDArray[np.float64]:
        """Return the features of a transfer before it is remembered; changes nothing.

        Parameters
        ----------
        transfer : Transfer
            The transfer to be scored.

        Returns
        -------
        ndarray of float64, shape (n_features,)
            In the order of ``plan.names``; missing is NaN.
        """
        return self._engine.query(transfer)

    def push(self, event: Event) -> None:
        """Remember an event, after every query that must not see it.

        Parameters
        ----------
        event : Event
            The next of the log. A transfer whose id came before, within the longest window or 90
            days, is not remembered again.

        Raises
        ------
        TypeError
            If it is no event of the log.
        """
        if isinstance(event, Transfer):
            kind = event.event_type
            self._engine.push(event, _NO_LIQUID if kind is None else LIQUIDS.get(kind, _NO_LIQUID))
        else:
            self._learner.learn(event)
