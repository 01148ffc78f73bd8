"""What is computed over a window: the closed list of aggregates."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.wording import Bilingual

__all__ = ["Aggregate", "Reducer", "count", "maximum", "mean", "since_last", "total"]


class Reducer(StrEnum):
    """The reductions that the kernel knows; over an empty window only count and sum are 0."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    SINCE_LAST = "since_last"


_TITLES: Final = {
    Reducer.COUNT: Bilingual("笔数", "number of transfers"),
    Reducer.SUM: Bilingual("金额合计", "total amount"),
    Reducer.MEAN: Bilingual("平均金额", "mean amount"),
    Reducer.MAX: Bilingual("最大金额", "largest amount"),
    Reducer.SINCE_LAST: Bilingual("距上一笔时间", "time since the last transfer"),
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One reduction of an entity's transfers.

    Parameters
    ----------
    reducer : Reducer
        The reduction.
    what : str
        What the feature's name calls the thing reduced.
    unit : str
        Unit of the value: ``count``, ``fen`` or ``s``.
    is_windowed : bool
        False for an aggregate over all time.
    """

    reducer: Reducer
    what: str
    unit: str
    is_windowed: bool = True

    @property
    def name(self) -> str:
        """``amount_fen_sum``: what is reduced, then how."""
        return f"{self.what}_{self.reducer}" if self.is_windowed else f"{self.reducer}_{self.unit}"

    @property
    def title(self) -> Bilingual:
        """The aggregate in words."""
        return _TITLES[self.reducer]


def count() -> Aggregate:
    """Count the transfers; 0 over an empty window.

    Returns
    -------
    Aggregate
        Named ``transfers_count``.
    """
    return Aggregate(Reducer.COUNT, "transfers", "count")


def total() -> Aggregate:
    """Sum the amounts, in fen; 0 over an empty window.

    Returns
    -------
    Aggregate
        Named ``amount_fen_sum``; exact up to 2**21 transfers in a window.
    """
    return Aggregate(Reducer.SUM, "amount_fen", "fen")


def mean() -> Aggregate:
    """Average the amounts, in fen; NaN over an empty window.

    Returns
    -------
    Aggregate
        Named ``amount_fen_mean``: the exact sum over the exact count, one rounding.
    """
    return Aggregate(Reducer.MEAN, "amount_fen", "fen")


def maximum() -> Aggregate:
    """Take the largest amount, in fen; NaN over an empty window.

    Returns
    -------
    Aggregate
        Named ``amount_fen_max``.
    """
    return Aggregate(Reducer.MAX, "amount_fen", "fen")


def since_last() -> Aggregate:
    """Tell the seconds since the entity's last transfer; NaN if there was none.

    Returns
    -------
    Aggregate
        Named ``since_last_s``; over all time, not over a window.
    """
    return Aggregate(Reducer.SINCE_LAST, "transfers", "s", is_windowed=False)
