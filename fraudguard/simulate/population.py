"""Who lives in the world: holders, accounts, balances.

Shares, balances and incomes are assumptions [A] shaped to public statistics
(age bands after the 2020 census, class II limits after the account rules).
Numbers of accounts have no meaning outside: ids are drawn at random.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.simulate.streams import BoolArray, FloatArray, IntArray, lognormal_fen, stream

__all__ = [
    "AGE_BANDS",
    "BANKS",
    "CLASSES",
    "CLASS_III_BALANCE_FEN",
    "CLASS_III_DAILY_FEN",
    "CLASS_III_YEARLY_FEN",
    "CLASS_II_DAILY_FEN",
    "CLASS_II_YEARLY_FEN",
    "PROVINCES",
    "Population",
    "Segment",
    "build_population",
]


class Segment(IntEnum):
    """How the holder earns and spends."""

    SALARIED = 0
    SELF_EMPLOYED = 1
    STUDENT = 2
    RETIREE = 3
    MIGRANT = 4
    COMPANY = 5
    MERCHANT = 6


CLASSES: Final = ("I", "II", "III", "corporate")
CLASS_II_DAILY_FEN: Final = 1_000_000
CLASS_II_YEARLY_FEN: Final = 20_000_000
CLASS_III_BALANCE_FEN: Final = 200_000
CLASS_III_DAILY_FEN: Final = 200_000
CLASS_III_YEARLY_FEN: Final = 5_000_000
"""Legal limits of account classes II and III (银发〔2016〕302号): law, not assumption."""

AGE_BANDS: Final = ("<18", "18-24", "25-34", "35-49", "50-64", "65-74", "75+")
BANKS: Final = ("900100000011", "900200000028", "900300000035", "900400000042", "900500000059")
PROVINCES: Final = (
    "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000",
    "340000", "350000", "360000", "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000",
    "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000",
)  # fmt: skip  # GB/T 2260

_BANK_SHARES: Final = (0.42, 0.22, 0.16, 0.12, 0.08)
_SHARES: Final = (0.46, 0.12, 0.08, 0.13, 0.12, 0.06, 0.03)
_BALANCE_YUAN: Final = (18_000, 12_000, 2_500, 35_000, 9_000, 90_000, 60_000)
_BALANCE_SIGMA: Final = (1.3, 1.2, 0.9, 1.3, 1.0, 1.5, 1.5)
_INCOME_YUAN: Final = (6_500, 5_000, 1_500, 3_300, 5_500, 0, 0)
_INCOME_SIGMA: Final = (0.5, 0.6, 0.4, 0.45, 0.35, 0.1, 0.1)
_CLASS_II: Final = (0.12, 0.08, 0.35, 0.05, 0.2, 0, 0)
_APP_USER: Final = (0.93, 0.88, 0.97, 0.6, 0.88, 0.75, 0.0)
_AGES: Final = (
    (0, 0.06, 0.36, 0.44, 0.14, 0, 0),
    (0, 0.05, 0.25, 0.48, 0.20, 0.02, 0),
    (0.08, 0.92, 0, 0, 0, 0, 0),
    (0, 0, 0, 0, 0.34, 0.45, 0.21),
    (0, 0.12, 0.32, 0.40, 0.16, 0, 0),
    (0, 0.02, 0.25, 0.50, 0.23, 0, 0),
    (0, 0.02, 0.25, 0.50, 0.23, 0, 0),
)
_SAVINGS_SHARE: Final = (0.55, 0.35, 0.1, 0.6, 0.3, 0.0, 0.0)
"""Who has a term deposit or a fund beside the balance [A]; 60 % of the retired."""

_SAVINGS_TIMES: Final = (3.0, 2.0, 1.0, 4.0, 2.0, 0.0, 0.0)
"""Median savings as a multiple of the median balance of the segment [A]."""

_SECOND_ACCOUNTS: Final = 0.14
_CLASS_III: Final = 0.15
_DORMANT: Final = 0.05
_SESSION_COVERAGE: Final = 0.5
_NEW_180D: Final = 0.12
_OPENED_A_DAY: Final = 0.0005


@dataclass(frozen=True, kw_only=True)
class Population:
    """Every account of the world, one element an account.

    `owner` is the number of the holder's first account; `opened_day` counts
    from the first day of the period and is mostly negative. `covered` says
    whose app tells what the phone is doing, `heard` of whom the telecom
    operator and the police tell the bank.
    """

    ids: "pd.api.extensions.ExtensionArray"
    owner: IntArray
    segment: IntArray
    account_class: IntArray
    opened_day: IntArray
    region: IntArray
    bank: IntArray
    age_band: IntArray
    balance_fen: IntArray
    savings_fen: IntArray
    income_fen: IntArray
    activity: FloatArray
    dormant: BoolArray
    app_user: BoolArray
    covered: BoolArray
    heard: BoolArray

    @property
    def size(self) -> int:
        """Number of accounts."""
        return len(self.owner)

    @cached_property
    def id_rank(self) -> IntArray:
        """Place of each account when ids are sorted."""
        rank = np.zeros(self.size, np.int64)
        rank[self.ids.argsort()] = np.arange(self.size)
        return rank

    def holder_tokens(self, which: IntArray) -> list[str]:
        """Return the token of the holder of each account."""
        return [f"h{token[1:]}" for token in self.ids.take(self.owner[which])]

    @cached_property
    def is_first(self) -> BoolArray:
        """Whether this is the first account of its holder."""
        first: BoolArray = self.owner == np.arange(self.size)
        return first

    @cached_property
    def is_person(self) -> BoolArray:
        """Whether a natural person holds the account."""
        return self.segment < Segment.COMPANY

    @property
    def is_limited(self) -> BoolArray:
        """Whether the limits of class II or III hold."""
        limited: BoolArray = np.isin(self.account_class, (CLASSES.index("II"), CLASSES.index("III")))
        return limited

    def members(self, *segments: Segment) -> IntArray:
        """Return the first accounts of the segments' holders."""
        return np.flatnonzero(np.isin(self.segment, segments) & self.is_first)

    def second_of(self) -> IntArray:
        """Return for each account another account of the same holder, or -1."""
        other = np.full(self.size, -1, np.int64)
        seconds = np.flatnonzero(~self.is_first)
        other[self.owner[seconds]] = seconds
        other[seconds] = self.owner[seconds]
        return other


def build_population(seed: int, *, accounts: int, days: int, signal_coverage: float) -> Population:
    """Draw the population.

    Parameters
    ----------
    seed : int
        Seed of the world.
    accounts : int
        Number of accounts.
    days : int
        Length of the period; a few accounts open during it.
    signal_coverage : float
        Share of customers of whom telecom and police signals exist.

    Returns
    -------
    Population
        Deterministic in its arguments.
    """
    rng = stream(seed, "population")
    owner, segment = _holders(rng, accounts)
    second = owner != np.arange(accounts)
    person = segment < Segment.COMPANY
    dormant = (rng.random(accounts) < _DORMANT) & (segment < Segment.MERCHANT)
    account_class = _classes(rng, segment, second)
    return Population(
        ids=_tokens(stream(seed, "ids"), accounts),
        owner=owner,
        segment=segment,
        account_class=account_class,
        opened_day=_opened(rng, segment, days),
        region=rng.choice(len(PROVINCES), accounts, p=_province_weights())[owner],
        bank=rng.choice(len(BANKS), accounts, p=_BANK_SHARES),
        age_band=_ages(rng, segment)[owner],
        balance_fen=_balances(rng, segment, account_class, little=dormant | second),
        savings_fen=_savings(rng, segment) * ~second,
        income_fen=_per_segment(rng, segment, medians=_INCOME_YUAN, sigmas=_INCOME_SIGMA)[owner] * person,
        activity=np.exp(0.6 * rng.standard_normal(accounts)) * np.where(second, 0.3, 1.0) * np.where(dormant, 0.03, 1),
        dormant=dormant,
        app_user=(rng.random(accounts) < np.array(_APP_USER)[segment])[owner],
        covered=(rng.random(accounts) < _SESSION_COVERAGE)[owner],
        heard=(rng.random(accounts) < signal_coverage)[owner],
    )


def _holders(rng: np.random.Generator, accounts: int) -> tuple[IntArray, IntArray]:
    seconds = int(accounts * _SECOND_ACCOUNTS)
    segment = rng.permutation(np.repeat(np.arange(7), _quotas(accounts - seconds)))
    owner = np.arange(accounts)
    owner[len(segment) :] = rng.choice(np.flatnonzero(segment < Segment.COMPANY), seconds, replace=False)
    shuffled = rng.permutation(accounts)
    place = np.argsort(shuffled)
    return place[owner][shuffled], segment[owner][shuffled]


def _quotas(holders: int) -> IntArray:
    quotas: IntArray = np.floor(np.array(_SHARES) * holders).astype(np.int64)
    quotas[Segment.MERCHANT] = max(quotas[Segment.MERCHANT], 20)
    quotas[Segment.COMPANY] = max(quotas[Segment.COMPANY], 20)
    quotas[Segment.SALARIED] += holders - quotas.sum()
    return quotas


def _classes(rng: np.random.Generator, segment: IntArray, second: BoolArray) -> IntArray:
    class_ii = rng.random(len(segment)) < np.where(second, 0.7, np.array(_CLASS_II)[segment])
    class_iii = second & (rng.random(len(segment)) < _CLASS_III)
    classes: IntArray = np.select(
        [segment >= Segment.COMPANY, class_iii, class_ii], [CLASSES.index("corporate"), CLASSES.index("III"), 1], 0
    )
    return classes


def _opened(rng: np.random.Generator, segment: IntArray, days: int) -> IntArray:
    draw = rng.random(len(segment))
    old = -rng.integers(180, 5500, len(segment))
    recent = -rng.integers(1, 180, len(segment))
    during = rng.integers(0, days, len(segment))
    late = min(0.5, _OPENED_A_DAY * days)
    opened = np.where(draw < late, during, np.where(draw < late + _NEW_180D, recent, old))
    return np.where(segment == Segment.MERCHANT, old, opened)


def _ages(rng: np.random.Generator, segment: IntArray) -> IntArray:
    cumulated = np.cumsum(_AGES, axis=1)[segment]
    drawn = (rng.random((len(segment), 1)) > cumulated).sum(axis=1)
    band: IntArray = np.minimum(drawn, len(AGE_BANDS) - 1).astype(np.int64)
    return band


def _per_segment(
    rng: np.random.Generator, segment: IntArray, *, medians: tuple[int, ...], sigmas: tuple[float, ...]
) -> IntArray:
    spread = np.exp(np.array(sigmas)[segment] * rng.standard_normal(len(segment)))
    return np.round(np.array(medians, float)[segment] * spread * 100).astype(np.int64)


def _balances(rng: np.random.Generator, segment: IntArray, account_class: IntArray, *, little: BoolArray) -> IntArray:
    usual = _per_segment(rng, segment, medians=_BALANCE_YUAN, sigmas=_BALANCE_SIGMA)
    class_ii, class_iii = account_class == CLASSES.index("II"), account_class == CLASSES.index("III")
    small = np.minimum(usual // 8, lognormal_fen(rng, 400, 1.2, size=len(segment)))
    balances = np.where(little | class_ii | class_iii, small, usual)
    return np.where(class_iii, np.minimum(balances, CLASS_III_BALANCE_FEN), balances)


def _savings(rng: np.random.Generator, segment: IntArray) -> IntArray:
    medians = tuple(int(yuan * times) for yuan, times in zip(_BALANCE_YUAN, _SAVINGS_TIMES, strict=True))
    saves = rng.random(len(segment)) < np.array(_SAVINGS_SHARE)[segment]
    return _per_segment(rng, segment, medians=medians, sigmas=_BALANCE_SIGMA) * saves


def _province_weights() -> FloatArray:
    weights: FloatArray = np.arange(3, 3 + len(PROVINCES), dtype=np.float64) ** -0.8
    weights /= weights.sum()
    return weights


def _tokens(rng: np.random.Generator, count: int) -> "pd.api.extensions.ExtensionArray":
    numbers = np.unique(rng.integers(0, 16**10, count + count // 1000 + 16))
    return pd.array([f"a{number:010x}" for number in rng.permutation(numbers)[:count].tolist()], dtype="str")
