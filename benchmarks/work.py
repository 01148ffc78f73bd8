"""What every engine is asked for, and when two answers count as the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from log import Log
from numpy.typing import NDArray

__all__ = ["AGGREGATES", "DISTINCT", "LONG", "SHORT", "WORKS", "Call", "Matrix", "Prepare", "Side", "Work"]

Matrix = NDArray[np.float64]

Call = Callable[[], Matrix]
"""The measured part: from an engine's own table to float64 features, a row per transfer in log order."""

_HOUR_MS: Final = 3_600_000
_UNITS_MS: Final = {"h": _HOUR_MS, "d": 24 * _HOUR_MS}
_MEAN_TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Side:
    """One account of a transfer: ``payer`` or ``payee``, and what is reduced over its windows."""

    key: str
    other: str
    reducers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """Some aggregates; its columns go by side, then reducer, then window."""

    title: str
    sides: tuple[Side, ...]
    windows: tuple[str, ...]

    @property
    def windows_ms(self) -> list[int]:
        """The lengths of the windows."""
        return [int(window[:-1]) * _UNITS_MS[window[-1]] for window in self.windows]

    @property
    def reducers(self) -> list[str]:
        """The reducer of each column."""
        return [reducer for side in self.sides for reducer in side.reducers for _ in self.windows]

    def first_column(self, side: Side) -> int:
        """Return the place of a side's first column."""
        before = self.sides[: self.sides.index(side)]
        return sum(len(one.reducers) for one in before) * len(self.windows)

    def column(self, side: Side, reducer: str, window: str) -> int:
        """Return the place of one column."""
        place = side.reducers.index(reducer) * len(self.windows) + self.windows.index(window)
        return self.first_column(side) + place

    def n_differing(self, ours: Matrix, theirs: Matrix) -> int:
        """Count the cells that differ: means by more than a rounding, all else at all."""
        columns = enumerate(self.reducers)
        return sum(_n_differing(reducer, ours[:, place], theirs[:, place]) for place, reducer in columns)


Prepare = Callable[[Log, Work], Call]
"""What an engine offers: it makes its own table of the log, unmeasured, and returns the call."""


def _n_differing(reducer: str, ours: Matrix, theirs: Matrix) -> int:
    if reducer in {"count", "sum", "distinct"}:
        theirs = np.nan_to_num(theirs)  # SQL has NULL for the sum of nothing
    tolerance = _MEAN_TOLERANCE if reducer == "mean" else 0.0
    return int(np.count_nonzero(~np.isclose(ours, theirs, rtol=tolerance, atol=0.0, equal_nan=True)))


_WINDOWS: Final = ("1h", "1d", "7d", "30d")
_SIX: Final = (Side("payer", "payee", ("count", "sum", "max", "mean")), Side("payee", "payer", ("count", "sum")))
_COUNTERPARTIES: Final = (Side("payer", "payee", ("distinct",)), Side("payee", "payer", ("distinct",)))

AGGREGATES: Final = "aggregates"
DISTINCT: Final = "distinct"
SHORT: Final = "short"
LONG: Final = "long"

WORKS: Final = {
    AGGREGATES: Work(
        "24 aggregates: payer out count, sum, max, mean and payee in count, sum, over 1h 1d 7d 30d", _SIX, _WINDOWS
    ),
    DISTINCT: Work("8 exact counts of distinct counterparties: 2 sides over 1h 1d 7d 30d", _COUNTERPARTIES, _WINDOWS),
    SHORT: Work("6 aggregates over 1h", _SIX, ("1h",)),
    LONG: Work("6 aggregates over 90d", _SIX, ("90d",)),
}
