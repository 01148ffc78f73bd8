"""What is computed over a window: the closed list of aggregates.

Each function gives one `Aggregate` for a `FeatureView`. Over an empty window
counts and sums are 0 and everything else is missing (NaN).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.errors import DefinitionError
from fraudguard.wording import Bilingual

__all__ = [
    "Aggregate",
    "Flag",
    "Reducer",
    "count",
    "distinct",
    "ever",
    "maximum",
    "mean",
    "minimum",
    "previous",
    "share",
    "since_first",
    "since_last",
    "std",
    "total",
]


class Reducer(StrEnum):
    """The reductions that the kernel knows."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    STD = "std"
    DISTINCT = "distinct"
    SHARE = "share"
    SINCE_LAST = "since_last"
    SINCE_FIRST = "since_first"
    PREVIOUS = "previous"
    EVER = "ever"


class Flag(StrEnum):
    """A yes or no of each transfer, of which a share can be taken."""

    NIGHT = "night"
    ROUND = "round"
    FIRST_TIME = "first_time"
    SMALL = "small"


_TITLES: Final = {
    Reducer.COUNT: Bilingual("笔数", "number of transfers"),
    Reducer.SUM: Bilingual("金额合计", "total amount"),
    Reducer.MEAN: Bilingual("平均金额", "mean amount"),
    Reducer.MAX: Bilingual("最大金额", "largest amount"),
    Reducer.MIN: Bilingual("最小金额", "smallest amount"),
    Reducer.STD: Bilingual("金额离散度（对数标准差）", "spread of amounts (standard deviation of the logarithm)"),
    Reducer.DISTINCT: Bilingual("对方账户数", "number of different counterparties"),
    Reducer.SINCE_LAST: Bilingual("距上一笔时间", "time since the last transfer"),
    Reducer.SINCE_FIRST: Bilingual("距首笔时间", "time since the first transfer"),
    Reducer.PREVIOUS: Bilingual("上一笔金额", "amount of the last transfer"),
    Reducer.EVER: Bilingual("历来笔数", "number of transfers ever"),
}
_SHARES: Final = {
    Flag.NIGHT: Bilingual("夜间（0–6时）笔数占比", "share at night (0:00 to 6:00 in China)"),
    Flag.ROUND: Bilingual("整百元笔数占比", "share of multiples of 100 yuan"),
    Flag.FIRST_TIME: Bilingual("双方首次往来笔数占比", "share between two accounts for the first time"),
    Flag.SMALL: Bilingual("10元及以下笔数占比", "share of 10 yuan or less"),
}


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One reduction of an entity's transfers.

    Parameters
    ----------
    reducer : Reducer
        The reduction.
    what : str
        What the feature's name calls the thing reduced; empty where the view fills it in.
    unit : str
        Unit of the value: ``count``, ``fen``, ``s``, ``share`` or ``log10``.
    is_windowed : bool
        False for an aggregate over all time.
    flag : Flag or None
        What a share counts.
    """

    reducer: Reducer
    what: str
    unit: str
    is_windowed: bool = True
    flag: Flag | None = None

    @property
    def title(self) -> Bilingual:
        """The aggregate in words."""
        return _TITLES[self.reducer] if self.flag is None else _SHARES[self.flag]


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


def minimum() -> Aggregate:
    """Take the smallest amount, in fen; NaN over an empty window.

    Returns
    -------
    Aggregate
        Named ``amount_fen_min``.
    """
    return Aggregate(Reducer.MIN, "amount_fen", "fen")


def std() -> Aggregate:
    """Measure how far amounts spread; NaN over an empty window, 0 over one transfer.

    Returns
    -------
    Aggregate
        Named ``amount_log10_std``: the population standard deviation of log10(max(amount_fen, 1)), taken over
        integers in units of 2**-20, so that it does not depend on the order of additions. Exact up to
        2**18 transfers in a window, and up to 2**21 of them while it is below 2.8.
    """
    return Aggregate(Reducer.STD, "amount_log10", "log10")


def distinct() -> Aggregate:
    """Count the different counterparties, exactly; 0 over an empty window.

    Returns
    -------
    Aggregate
        Named ``payees_distinct`` on money out and ``payers_distinct`` on money in and on a device.
    """
    return Aggregate(Reducer.DISTINCT, "", "count")


def share(flag: Flag | str) -> Aggregate:
    """Take the share of transfers that have a flag; NaN over an empty window.

    Parameters
    ----------
    flag : Flag or str
        ``night`` (0:00 to 6:00 in China), ``round`` (a multiple of 100 yuan),
        ``first_time`` (the first ever from that payer to that payee) or
        ``small`` (10 yuan or less, as test transfers are).

    Returns
    -------
    Aggregate
        Named ``night_share`` and so on, from 0 to 1.

    Raises
    ------
    DefinitionError
        If there is no such flag.
    """
    words = [str(word) for word in Flag]
    if flag not in words:
        raise DefinitionError(f"no share of {flag!r}; there are {words}", f"没有 {flag!r} 的占比；可用的有 {words}")
    return Aggregate(Reducer.SHARE, str(flag), "share", flag=Flag(flag))


def since_last() -> Aggregate:
    """Tell the seconds since the entity's last transfer; NaN if there was none.

    Returns
    -------
    Aggregate
        Named ``since_last_s``; over all time, not over a window.
    """
    return Aggregate(Reducer.SINCE_LAST, "since_last", "s", is_windowed=False)


def since_first() -> Aggregate:
    """Tell the seconds since the entity's first transfer; NaN if there was none.

    Returns
    -------
    Aggregate
        Named ``since_first_s``; over all time, not over a window.
    """
    return Aggregate(Reducer.SINCE_FIRST, "since_first", "s", is_windowed=False)


def previous() -> Aggregate:
    """Take the amount of the entity's last transfer, in fen; NaN if there was none.

    Returns
    -------
    Aggregate
        Named ``amount_fen_previous``; over all time, not over a window.
    """
    return Aggregate(Reducer.PREVIOUS, "amount_fen", "fen", is_windowed=False)


def ever() -> Aggregate:
    """Count the entity's transfers over all time.

    Returns
    -------
    Aggregate
        Named ``transfers_ever``.
    """
    return Aggregate(Reducer.EVER, "transfers", "count", is_windowed=False)
