"""The ledger: who can pay what they mean to pay.

It goes through the orders in time order, block after block, and keeps three
promises: no balance goes below zero, no account of class II or III breaks a
legal limit, and no order is paid whose parent was not; the payee of the
parent pays it. An order that would break one is refused and leaves no
transfer, as at a bank's counter.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.orders import NONE, Orders
from fraudguard.simulate.population import (
    CLASS_II_DAILY_FEN,
    CLASS_II_YEARLY_FEN,
    CLASS_III_BALANCE_FEN,
    CLASS_III_DAILY_FEN,
    CLASS_III_YEARLY_FEN,
    CLASSES,
)
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World

__all__ = ["Ledger", "Settled"]

_LEAST_SHARE_FEN: Final = 3_000
"""Nobody sweeps less than 30 yuan [A]."""

_NO_LIMIT: Final = 1 << 62
_YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Settled:
    """Orders that became transfers, in time order, with the payer's balance before each."""

    orders: Orders
    payer_before_fen: IntArray


class Ledger:
    """Balances, and what limited accounts may still pay.

    Parameters
    ----------
    world : World
        The stage.
    """

    def __init__(self, world: World) -> None:
        population = world.population
        self._start_ms = world.period.start_ms
        self._opened_ms = world.period.start_ms + (population.opened_day + 1) * DAY_MS
        self._balances: list[int] = world.places.start_balances(population).tolist()
        self._ceilings: list[int] = _limits(population.account_class, _NO_LIMIT, CLASS_III_BALANCE_FEN)
        self._daily: list[int] = _limits(population.account_class, CLASS_II_DAILY_FEN, CLASS_III_DAILY_FEN)
        self._yearly: list[int] = _limits(population.account_class, CLASS_II_YEARLY_FEN, CLASS_III_YEARLY_FEN)
        self._spent: dict[tuple[int, int], int] = {}
        self._spent_in_year: dict[tuple[int, int], int] = {}
        self._paid: dict[int, tuple[int, int]] = {}

    def settle(self, wanted: Orders, *, blocked_ms: IntArray) -> Settled:
        """Let pass what can be paid.

        Parameters
        ----------
        wanted : structured ndarray
            Orders of one block, in any order; none before an earlier block's end.
        blocked_ms : ndarray of int64
            From when each account may not pay out any more.

        Returns
        -------
        Settled
            With the amounts fixed.
        """
        rows = self._admissible(wanted)
        rows = rows[np.lexsort((rows["payee"], rows["payer"], rows["time_ms"]))]
        paid, before = self._pay(rows, blocked_ms.tolist())
        passed = paid > 0
        rows["amount_fen"] = paid
        return Settled(rows[passed], before[passed])

    def forget(self, *, before_ms: int, parents: IntArray) -> None:
        """Drop what no later order can ask for: earlier days' spending, and payments that are nobody's parent."""
        day = (before_ms - self._start_ms) // DAY_MS
        self._spent = {key: fen for key, fen in self._spent.items() if key[1] >= day}
        self._spent_in_year = {key: fen for key, fen in self._spent_in_year.items() if key[1] >= day // _YEAR_DAYS}
        self._paid = {serial: self._paid[serial] for serial in np.unique(parents).tolist() if serial in self._paid}

    def _admissible(self, wanted: Orders) -> Orders:
        moment, payer, payee = wanted["time_ms"], wanted["payer"], wanted["payee"]
        admitted: Orders = wanted[(moment >= self._opened_ms[payer]) & (moment >= self._opened_ms[payee])]
        return admitted

    def _pay(self, rows: Orders, blocked_ms: list[int]) -> tuple[IntArray, IntArray]:
        """Go through the rows; one plain loop, because what each can pay hangs on all before it."""
        paid, before = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
        balances, ceilings, daily, done = self._balances, self._ceilings, self._daily, self._paid
        names = ("time_ms", "payer", "payee", "amount_fen", "share", "unit_fen", "serial", "parent")
        for number, row in enumerate(zip(*(rows[name].tolist() for name in names), strict=True)):
            moment_ms, payer, payee, amount_fen, share, unit_fen, serial, parent = row
            base_fen = balances[payer]
            if parent != NONE:
                base_fen, payer = done.get(parent, (0, payer))
                rows["payer"][number] = payer
            balance, other = balances[payer], balances[payee]
            if share or not base_fen:
                amount_fen = _part(base_fen, share, min(amount_fen or _NO_LIMIT, balance), unit_fen=unit_fen)
            fits = 0 < amount_fen <= balance and other + amount_fen <= ceilings[payee]
            if not fits or payer == payee or moment_ms >= blocked_ms[payer]:
                continue
            if daily[payer] < _NO_LIMIT and not self._has_room(payer, moment_ms, amount_fen):
                continue
            paid[number], before[number] = amount_fen, balance
            balances[payer], balances[payee] = balance - amount_fen, other + amount_fen
            if serial != NONE:
                done[serial] = amount_fen, payee
        return paid, before

    def _has_room(self, payer: int, moment_ms: int, amount_fen: int) -> bool:
        """Whether a limited account may pay it today and this year; counts it when it may."""
        day = (moment_ms - self._start_ms) // DAY_MS
        today, this_year = (payer, day), (payer, day // _YEAR_DAYS)
        in_day = self._spent.get(today, 0) + amount_fen
        in_year = self._spent_in_year.get(this_year, 0) + amount_fen
        if in_day > self._daily[payer] or in_year > self._yearly[payer]:
            return False
        self._spent[today], self._spent_in_year[this_year] = in_day, in_year
        return True


def _limits(account_class: IntArray, class_ii_fen: int, class_iii_fen: int) -> list[int]:
    limits = np.array([
        class_ii_fen if word == "II" else class_iii_fen if word == "III" else _NO_LIMIT for word in CLASSES
    ])
    return [int(limit) for limit in limits[account_class]]


def _part(base_fen: int, share: float, most_fen: int, *, unit_fen: int) -> int:
    """Return a share of something, at most `most_fen`, in whole units; nothing when it is too little to bother."""
    amount = min(int(base_fen * share), most_fen) // unit_fen * unit_fen
    return amount if amount >= _LEAST_SHARE_FEN else 0
