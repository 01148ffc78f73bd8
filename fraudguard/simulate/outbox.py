"""Rows that wait for their day: what is received later than the transfers it is about."""

import numpy as np
import numpy.typing as npt

__all__ = ["Outbox"]


class Outbox:
    """Structured rows with `received_ms`, handed out in that order, no sooner than they are complete.

    Parameters
    ----------
    kind : numpy.dtype
        Of the rows.
    """

    def __init__(self, kind: np.dtype[np.void]) -> None:
        self._waiting = np.zeros(0, kind)

    def add(self, rows: npt.NDArray[np.void]) -> None:
        """Take rows in."""
        self._waiting = np.concatenate([self._waiting, rows])

    def due(self, *, from_ms: int, until_ms: int) -> npt.NDArray[np.void]:
        """Hand out, in order, the rows received before a moment; those before `from_ms` came too early and are dropped."""
        now = self._waiting["received_ms"] < until_ms
        due = self._waiting[now]
        self._waiting = self._waiting[~now]
        due = due[due["received_ms"] >= from_ms]
        return due[np.lexsort([due[name] for name in reversed(due.dtype.names or ())])]
