"""The money in one account, part of it tainted, and which part a payment takes.

A lot is money of one kind: so many fen, tainted or not. What is taken always
adds up to what was asked for: what the purse does not hold is money that was
never seen coming, and clean.
"""

from collections import deque
from typing import NamedTuple, Protocol

from fraudguard.flow.options import Rule

__all__ = ["FifoPurse", "Lot", "ProRataPurse", "Purse", "new_purse", "tainted_fen"]


class Lot(NamedTuple):
    """Money of one kind."""

    fen: int
    tainted: bool


def tainted_fen(lots: list[Lot]) -> int:
    """Return how much of the lots is tainted, in fen."""
    return sum(lot.fen for lot in lots if lot.tainted)


class Purse(Protocol):
    """What an account holds, as far as it is known."""

    total_fen: int
    tainted_fen: int

    def put(self, lots: list[Lot]) -> None:
        """Add money that comes in now."""
        ...

    def put_first(self, clean_fen: int) -> None:
        """Add clean money that was there before all else."""
        ...

    def take(self, fen: int) -> list[Lot]:
        """Take money out, by the rule."""
        ...


class FifoPurse:
    """First in, first out: a payment takes what has lain longest."""

    def __init__(self) -> None:
        self._lots: deque[Lot] = deque()
        self.total_fen = 0
        self.tainted_fen = 0

    def put(self, lots: list[Lot]) -> None:
        """Add money behind what is there, in its own order."""
        for lot in lots:
            if lot.fen:
                self._lots.append(lot)
                self.total_fen += lot.fen
                self.tainted_fen += lot.fen * lot.tainted

    def put_first(self, clean_fen: int) -> None:
        """Add clean money before what is there."""
        if clean_fen:
            self._lots.appendleft(Lot(clean_fen, tainted=False))
            self.total_fen += clean_fen

    def take(self, fen: int) -> list[Lot]:
        """Take from the front; what is missing is clean and comes last."""
        taken: list[Lot] = []
        left = fen
        while left and self._lots:
            lot = self._lots.popleft()
            part = Lot(min(lot.fen, left), lot.tainted)
            if part.fen < lot.fen:
                self._lots.appendleft(Lot(lot.fen - part.fen, lot.tainted))
            taken.append(part)
            left -= part.fen
        self.total_fen -= fen - left
        self.tainted_fen -= tainted_fen(taken)
        return [*taken, Lot(left, tainted=False)] if left else taken


class ProRataPurse:
    """One mixture: a payment takes of each kind by its share, the tainted part rounded down to the fen."""

    def __init__(self) -> None:
        self.total_fen = 0
        self.tainted_fen = 0

    def put(self, lots: list[Lot]) -> None:
        """Mix money in."""
        self.total_fen += sum(lot.fen for lot in lots)
        self.tainted_fen += tainted_fen(lots)

    def put_first(self, clean_fen: int) -> None:
        """Mix clean money in."""
        self.total_fen += clean_fen

    def take(self, fen: int) -> list[Lot]:
        """Take the share of `fen` in all that is there, all of it when it is asked for or more."""
        moved = self.tainted_fen if fen >= self.total_fen else fen * self.tainted_fen // self.total_fen
        self.total_fen -= min(fen, self.total_fen)
        self.tainted_fen -= moved
        return [lot for lot in (Lot(moved, tainted=True), Lot(fen - moved, tainted=False)) if lot.fen]


def new_purse(rule: Rule) -> Purse:
    """Return an empty purse.

    Parameters
    ----------
    rule : Rule
        What it spends first.

    Returns
    -------
    Purse
        Holding nothing.
    """
    return FifoPurse() if rule is Rule.FIFO else ProRataPurse()
