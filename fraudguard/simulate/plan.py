"""The plan of all fraud: which case begins when, of which type, by which gang, against whom.

Only numbers are planned here, a few words a case; what a case does in detail
is drawn when the block comes in which it begins.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.simulate.drift import Drift, build_drift
from fraudguard.simulate.gangs import Gang, build_gangs
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import clock_times
from fraudguard.simulate.scam_types import Manner
from fraudguard.simulate.streams import BoolArray, FloatArray, IntArray
from fraudguard.simulate.world import World

__all__ = ["FraudPlan", "plan_fraud"]

_RUN_UP_DAYS: Final = 30
"""Slow scams that run when the world begins have begun before; what they paid then is not in the log."""

_TAIL_DAYS: Final = 7
"""Cases are planned beyond the end, because fast ones are moved towards the opening of their gang's accounts."""

_AHEAD_DAYS: Final = 8

_BURST_DAYS: Final = 1.5
_INTENDED: Final = 1.6
"""Warnings, reports and empty accounts cut some cases short; so much more is intended than is published as lost [A]."""

_WITH_ROOM: Final = 1.05
_TO_THE_END: Final = 0.8
"""So many victims lose nearly all they have; the others happen to have more [A]."""

_CANDIDATES: Final = 96
_GOLDEN: Final = 0.6180339887498949
_WEEKDAYS: Final = (1.0, 1.0, 1.15, 1.15, 1.0, 0.95, 0.9)
"""Wednesday and Thursday see the most scams in a British survey; the weekend a little fewer [A]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FraudPlan:
    """Cases as arrays, one element each.

    Parameters
    ----------
    drift, gangs : Drift, tuple of Gang
        What they run under.
    kind : ndarray of int64
        Index into `drift.patterns`.
    payments : ndarray of int64
        Payments intended.
    start_ms : ndarray of int64
        When the first is due; may be before the period.
    gang, victim : ndarray of int64
        Index into `gangs`, account number.
    loss_fen : ndarray of int64
        Loss intended.
    gang_of : ndarray of int64
        Of each account of the world; -1 for most.
    """

    drift: Drift
    gangs: tuple[Gang, ...]
    kind: IntArray
    payments: IntArray
    start_ms: IntArray
    gang: IntArray
    victim: IntArray
    loss_fen: IntArray
    gang_of: IntArray

    @property
    def cases(self) -> int:
        """Number of cases."""
        return len(self.kind)

    def beginning(self, world: World, days: range) -> IntArray:
        """Return the cases to be made with some days: early enough for calls and loans that precede a payment."""
        day = np.maximum(world.period.day_of(self.start_ms) - _AHEAD_DAYS, 0)
        return np.flatnonzero((day >= days.start) & (day < days.stop))


def plan_fraud(world: World, *, victim_transfers: float) -> FraudPlan:
    """Draw the plan.

    Parameters
    ----------
    world : World
        The stage.
    victim_transfers : float
        Payments of victims wanted within the period.

    Returns
    -------
    FraudPlan
        At least one case.
    """
    rng, drift = world.stream("plan"), build_drift(world)
    day, kind, payments = _schedule(world, rng, drift, victim_transfers=victim_transfers)
    gangs = build_gangs(world, drift, cases=len(day))
    gang = _assign(rng, gangs, kind=kind, day=day)
    day = _in_bursts(world, rng, (drift, gangs), kind=kind, gang=gang, day=day)
    clock = [int(clock_times(rng, drift.patterns[number].hours, size=1)[0]) for number in kind]
    gang_of = np.full(world.population.size, -1, np.int64)
    for one in gangs:
        gang_of[one.accounts] = one.number
    loss = _losses(rng, drift, kind)
    return FraudPlan(
        drift=drift, gangs=gangs, kind=kind, payments=payments, start_ms=world.period.moment_ms(day, np.array(clock)),
        gang=gang, loss_fen=loss, gang_of=gang_of,
        victim=_victims(world, rng, (drift, kind, loss), mules=gang_of >= 0),
    )  # fmt: skip


def _schedule(
    world: World, rng: np.random.Generator, drift: Drift, *, victim_transfers: float
) -> tuple[IntArray, IntArray, IntArray]:
    """Draw day, type and payments of each case, until the payments within the period come nearest to the number."""
    most, length = 2 * int(victim_transfers) + 20, world.period.days + _TAIL_DAYS
    first = world.period.start.weekday()
    weekday = np.array([_WEEKDAYS[(first + number) % 7] for number in range(length)])
    days = rng.choice(length, most, p=weekday / weekday.sum())
    mixed = (np.arange(most) * _GOLDEN + rng.random()) % 1.0  # spread evenly, so that few cases still mix
    kinds = np.array([
        min(int(np.searchsorted(np.cumsum(drift.shares[drift.month(day)]), draw)), len(drift.patterns) - 1)
        for day, draw in zip(days, mixed, strict=True)
    ])
    slow = np.array([pattern.overnight >= 1 for pattern in drift.patterns])[kinds]
    days = np.where(slow, rng.integers(-_RUN_UP_DAYS, length, most), days)
    least = np.array([pattern.payments[0] for pattern in drift.patterns])[kinds]
    spread = np.array([pattern.payments[1] for pattern in drift.patterns])[kinds] - least + 1
    payments = least + np.floor(rng.random(most) * spread).astype(np.int64)
    inside = payments * world.period.days / (length + slow * _RUN_UP_DAYS)
    cases = int(np.argmin(np.abs(np.cumsum(inside) - victim_transfers))) + 1
    return days[:cases], kinds[:cases], payments[:cases]


def _assign(rng: np.random.Generator, gangs: tuple[Gang, ...], *, kind: IntArray, day: IntArray) -> IntArray:
    """Give each case to a gang at work that day, to one that runs its type if there is any; else to the nearest."""
    first = np.array([gang.first_day for gang in gangs])
    life = np.array([gang.life_days for gang in gangs])
    away = np.maximum(first - day[:, None], 0) + np.maximum(day[:, None] - (first + life), 0)
    runs = np.array([[number in gang.kinds for gang in gangs] for number in range(int(kind.max()) + 1)])[kind]
    away = away + rng.random(away.shape) * 0.9 - 0.95 * (runs & (away == 0))
    nearest: IntArray = np.argmin(away, axis=1)
    return nearest


def _in_bursts(
    world: World,
    rng: np.random.Generator,
    cast: tuple[Drift, tuple[Gang, ...]],
    *,
    kind: IntArray,
    gang: IntArray,
    day: IntArray,
) -> IntArray:
    """Move fast cases to the first days of the gang's batch: an account is worked hard before the first report."""
    (drift, gangs), soon = cast, rng.exponential(_BURST_DAYS, len(day))
    opened = np.array([gangs[who].batch_day(float(when)) for who, when in zip(gang, day, strict=True)])
    fast = np.array([pattern.overnight < 1 for pattern in drift.patterns])[kind]
    moved = np.floor(opened + soon).astype(np.int64)
    inside = (moved >= 0) & (moved < world.period.days)
    return np.where(fast & inside, moved, day)


def _losses(rng: np.random.Generator, drift: Drift, kind: IntArray) -> IntArray:
    medians = np.array([pattern.loss_yuan[0] for pattern in drift.patterns])[kind]
    sigmas = np.array([pattern.loss_yuan[1] for pattern in drift.patterns])[kind]
    return np.maximum(_INTENDED * medians * np.exp(sigmas * rng.standard_normal(len(kind))) * 100, 10_000).astype(
        np.int64
    )


def _victims(
    world: World, rng: np.random.Generator, case: tuple[Drift, IntArray, IntArray], *, mules: BoolArray
) -> IntArray:
    """Choose among some likely people one who has the loss: the nearest above for most, anybody for the others."""
    (drift, kind, loss), population = case, world.population
    fit: FloatArray = np.minimum(population.activity, 1.0) * (population.balance_fen > 50_000)
    fit *= population.is_first & (population.segment < Segment.COMPANY) & (population.opened_day < 0) & ~mules
    fit *= np.where(population.is_limited, 0.4, 1.0)
    victims = np.zeros(len(kind), np.int64)
    for number in np.unique(kind):
        pattern, mine = drift.patterns[number], np.flatnonzero(kind == number)
        chances = np.cumsum(fit * np.array(pattern.ages)[population.age_band])
        drawn = np.searchsorted(chances, rng.random((len(mine), _CANDIDATES)) * chances[-1], side="right")
        means = population.balance_fen + pattern.term_break * population.savings_fen
        spare = means[drawn] - _WITH_ROOM * loss[mine, None]
        to_the_end = (rng.random(len(mine)) < _TO_THE_END) | (pattern.manner is Manner.DRAIN)
        score = np.where(spare >= 0, spare * to_the_end[:, None], -spare + int(means.max()))
        victims[mine] = drawn[np.arange(len(mine)), np.argmin(score, axis=1)]
    return victims
