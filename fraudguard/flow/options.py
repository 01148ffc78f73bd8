"""How far the money is followed, and by which rule."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.errors import DefinitionError

__all__ = ["DAY_MS", "HOPS_MAX", "FollowOptions", "Rule"]

DAY_MS: Final = 24 * 3_600_000
HOPS_MAX: Final = 12
"""A picture of more layers is read by nobody."""


class Rule(StrEnum):
    """Which of the money in an account is spent first."""

    FIFO = "fifo"
    PRO_RATA = "pro_rata"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOptions:
    """How far the money is followed, and by which rule.

    Parameters
    ----------
    hops : int
        Layers of accounts, 1 to `HOPS_MAX`; what leaves the last one is gone beyond.
    horizon_ms : int
        How long after the last of the start transfers, in milliseconds; above 0.
    least_fen : int
        A transfer with less of the money in it than this, in fen, is not followed: that money is gone.
    as_of_ms : int, optional
        Only transfers up to this moment are known, in milliseconds since 1970; all when left out.
    rule : Rule
        What is spent first.

    Raises
    ------
    DefinitionError
        If a number is outside what is said above.

    Examples
    --------
    >>> FollowOptions(hops=2).rule
    <Rule.FIFO: 'fifo'>
    """

    hops: int = 3
    horizon_ms: int = DAY_MS
    least_fen: int = 0
    as_of_ms: int | None = None
    rule: Rule = Rule.FIFO

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= HOPS_MAX:
            raise DefinitionError(
                f"hops is {self.hops}; write 1 to {HOPS_MAX}", f"层数为 {self.hops}；请写 1 到 {HOPS_MAX}"
            )
        if self.horizon_ms <= 0:
            raise DefinitionError(
                "the horizon is not above 0; say how many hours to follow the money",
                "追踪时长不大于 0；请写要追多少小时",
            )
        if self.least_fen < 0:
            raise DefinitionError(
                f"least_fen is {self.least_fen}; write 0 or more", f"least_fen 为 {self.least_fen}；请写 0 或更多"
            )
