"""The log that is measured: transfers of many accounts, a few of them far busier than the rest.

Account numbers are drawn from a power law, more steeply for payees (merchants,
collectors) than for payers; almost half of the transfers go to one of the four
payees a payer pays by habit. Days are even, hours lie around early afternoon.
Times rise strictly: engines disagree about transfers of the same moment, and
that difference is known, so it is kept out of the comparison.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["N_ACCOUNTS", "START_MS", "Integers", "Log", "load_log", "make_log", "save_log"]

Integers = NDArray[np.int64]

N_ACCOUNTS: Final = 200_000
START_MS: Final = 1_767_571_200_000
"""Midnight of 2026-01-05, UTC."""

_DAYS: Final = 90
_HOUR_MS: Final = 3_600_000
_PAYER_POWER: Final = 0.75
_PAYEE_POWER: Final = 0.95
_HABIT_SHARE: Final = 0.45
_N_HABITS: Final = 4


@dataclass(frozen=True, slots=True)
class Log:
    """Transfers in log order, a column each; accounts are numbers below `N_ACCOUNTS`."""

    times_ms: Integers
    payers: Integers
    payees: Integers
    amounts_fen: Integers

    def __len__(self) -> int:
        """Count the transfers."""
        return len(self.times_ms)


def make_log(n_rows: int, seed: int) -> Log:
    """Return a random log; the same seed gives the same one."""
    rng = np.random.default_rng(seed)
    payers = _accounts(rng, n_rows, _PAYER_POWER)
    payees = _with_habits(rng, payers, _accounts(rng, n_rows, _PAYEE_POWER))
    payees = np.where(payees == payers, (payees + 1) % N_ACCOUNTS, payees)
    return Log(_times_ms(rng, n_rows), payers, payees, _amounts_fen(rng, n_rows))


def save_log(log: Log, path: Path) -> None:
    """Write a log, for the engines' own programs to read."""
    np.savez(path, **{name: getattr(log, name) for name in Log.__slots__})


def load_log(path: Path, n_rows: int | None = None) -> Log:
    """Read a log back, or only its first rows."""
    with np.load(path) as columns:
        return Log(*(np.ascontiguousarray(columns[name][:n_rows]) for name in Log.__slots__))


def _accounts(rng: np.random.Generator, n_rows: int, power: float) -> Integers:
    """Draw accounts; which of them are busy is left to chance."""
    shares = np.cumsum(np.arange(1, N_ACCOUNTS + 1) ** -power)
    ranks = np.searchsorted(shares / shares[-1], rng.random(n_rows))
    return rng.permutation(N_ACCOUNTS)[ranks].astype(np.int64)


def _with_habits(rng: np.random.Generator, payers: Integers, payees: Integers) -> Integers:
    habits = rng.integers(0, N_ACCOUNTS, (N_ACCOUNTS, _N_HABITS))
    usual = habits[payers, rng.integers(0, _N_HABITS, len(payers))]
    return np.where(rng.random(len(payers)) < _HABIT_SHARE, usual, payees)


def _times_ms(rng: np.random.Generator, n_rows: int) -> Integers:
    """Draw moments, sort them, and move each behind the one before where it is not."""
    hours = 24 * rng.integers(0, _DAYS, n_rows) + rng.normal(14, 4.5, n_rows) % 24
    places = np.arange(n_rows)
    times = np.sort((hours * _HOUR_MS).astype(np.int64)) - places
    return START_MS + np.maximum.accumulate(times) + places


def _amounts_fen(rng: np.random.Generator, n_rows: int) -> Integers:
    """Draw amounts of very unequal size; every fifth is a round number of hundreds of yuan."""
    amounts = np.maximum(100, np.exp(rng.normal(10.4, 1.6, n_rows))).astype(np.int64)
    rounded = np.maximum(1, amounts // 10_000) * 10_000
    return np.where(rng.random(n_rows) < 0.2, rounded, amounts)
