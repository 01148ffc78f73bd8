"""Online: the same features, one transfer at a time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import Column, columns_of, to_ms
from fraudguard.features.kernel import push, query
from fraudguard.features.plan import FeaturePlan
from fraudguard.features.program import load_program, new_state
from fraudguard.transfer import Transfer

__all__ = ["OnlineFeatures"]

_UNSEEN: Final = -1


class OnlineFeatures:
    """Feature state of a running service.

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
        self._program = load_program(plan)
        self._state = new_state(plan)
        self._accounts: dict[str, int] = {}
        self._pairs: dict[tuple[int, int], int] = {}
        self._fields = np.empty(len(plan.field_names), dtype=np.float64)
        self._readers = _field_readers(plan.field_names)

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
        payer = self._accounts.get(transfer.payer_account_id, _UNSEEN)
        payee = self._accounts.get(transfer.payee_account_id, _UNSEEN)
        pair = self._pairs.get((payer, payee), _UNSEEN)
        for place, (name, number) in enumerate(self._readers):
            value = getattr(transfer, name)
            self._fields[place] = np.nan if value is None else number(value)
        vector = np.empty(len(self.plan.columns), dtype=np.float64)
        query(self._state, self._program, payer, payee, pair, to_ms(transfer.event_time), self._fields, vector)
        return vector

    def push(self, transfer: Transfer) -> None:
        """Remember a transfer, after every query that must not see it.

        Parameters
        ----------
        transfer : Transfer
            The next of the log.
        """
        payer = self._accounts.setdefault(transfer.payer_account_id, len(self._accounts))
        payee = self._accounts.setdefault(transfer.payee_account_id, len(self._accounts))
        pair = self._pairs.setdefault((payer, payee), len(self._pairs))
        self._state.reserve(len(self._accounts), len(self._pairs))
        push(self._state, payer, payee, pair, to_ms(transfer.event_time), transfer.amount_fen)


def _field_readers(names: Sequence[str]) -> list[tuple[str, Callable[..., float]]]:
    columns = {column.name: column for column in columns_of(Transfer)}
    return [(name, _number(columns[name])) for name in names]


def _number(column: Column) -> Callable[..., float]:
    """Return how a field's value becomes a number; `fraudguard.features.batch` does the same to a table."""
    if issubclass(column.type, StrEnum):
        return {word: float(place) for place, word in enumerate(column.type)}.__getitem__
    if issubclass(column.type, datetime):
        return lambda moment: float(to_ms(moment))
    return float
