"""The ledger: who can pay what they mean to pay.

One pass in time order keeps two promises: no balance goes below zero, and no
class II account pays out more than 10 000 yuan on a local day. An order that
would break one is refused and leaves no transfer, as at a bank's counter.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.orders import Orders
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World

__all__ = ["CLASS_II_DAILY_FEN", "Ledger", "settle"]

CLASS_II_DAILY_FEN: Final = 1_000_000
"""Most a class II account may pay out on a day: 10 000 yuan (银发〔2016〕302号)."""

_LEAST_SHARE_FEN: Final = 3_000
"""Nobody sweeps less than 30 yuan [A]."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Orders that became transfers, in time order, with the payer's balance before each."""

    orders: Orders
    balance_before_fen: IntArray


def settle(world: World, wanted: Orders, *, blocked_ms: IntArray) -> Ledger:
    """Go through the orders in time order and let pass what can be paid.

    Parameters
    ----------
    world : World
        The stage.
    wanted : structured ndarray
        Orders, in any order.
    blocked_ms : ndarray of int64
        From when each account may not pay out any more.

    Returns
    -------
    Ledger
        With the amounts fixed.
    """
    rows = _admissible(world, wanted, blocked_ms)
    rows = rows[np.lexsort((rows["payee"], rows["payer"], rows["time_ms"]))]
    balances = world.places.start_balances(world.population).tolist()
    paid, before = _pay(world, rows, balances)
    passed = paid > 0
    rows["amount_fen"] = paid
    return Ledger(rows[passed], before[passed])


def _admissible(world: World, wanted: Orders, blocked_ms: IntArray) -> Orders:
    opened_ms = world.period.start_ms + (world.population.opened_day + 1) * DAY_MS
    moment, payer, payee = wanted["time_ms"], wanted["payer"], wanted["payee"]
    inside = (moment >= world.period.start_ms) & (moment < world.period.until_ms) & (payer != payee)
    alive = (moment >= opened_ms[payer]) & (moment >= opened_ms[payee])
    admitted: Orders = wanted[inside & alive & (moment < blocked_ms[payer])]
    return admitted


def _pay(world: World, rows: Orders, balances: list[int]) -> tuple[IntArray, IntArray]:
    room = _DailyRoom(world)
    paid, before = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    names = ("time_ms", "payer", "payee", "amount_fen", "share", "unit_fen")
    for number, row in enumerate(zip(*(rows[name].tolist() for name in names), strict=True)):
        moment_ms, payer, payee, amount_fen, share, unit_fen = row
        balance = balances[payer]
        if share:
            amount_fen = _part(balance, share, amount_fen, unit_fen=unit_fen)
        if amount_fen > balance or not room.takes(payer, moment_ms, amount_fen):
            continue
        before[number], paid[number] = balance, amount_fen
        balances[payer] -= amount_fen
        balances[payee] += amount_fen
    return paid, before


def _part(balance: int, share: float, most_fen: int, *, unit_fen: int) -> int:
    """Return a share of the balance, at most `most_fen` unless that is 0; nothing when it is too little to bother."""
    amount = int(balance * share)
    if most_fen:
        amount = min(amount, most_fen)
    amount = amount // unit_fen * unit_fen
    return amount if amount >= _LEAST_SHARE_FEN else 0


class _DailyRoom:
    """What class II accounts may still pay out today."""

    def __init__(self, world: World) -> None:
        self._limited = world.population.is_class_ii.tolist()
        self._start_ms = world.period.start_ms
        self._spent: dict[tuple[int, int], int] = {}

    def takes(self, payer: int, moment_ms: int, amount_fen: int) -> bool:
        """Whether the amount fits; counts it when it does."""
        if not self._limited[payer]:
            return True
        key = (payer, (moment_ms - self._start_ms) // DAY_MS)
        spent = self._spent.get(key, 0) + amount_fen
        if spent > CLASS_II_DAILY_FEN:
            return False
        self._spent[key] = spent
        return True
