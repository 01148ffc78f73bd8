"""The stage: population, places and period, and the scenes in which makers of orders work."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from fraudguard.simulate.places import Places, build_places
from fraudguard.simulate.population import Population, build_population
from fraudguard.simulate.rhythm import DAY_MS, Block, Hours, Period, clock_times
from fraudguard.simulate.streams import FloatArray, IntArray, stream

__all__ = ["Scene", "World", "build_world"]

_MONTH_DAYS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that stands before the first transfer."""

    seed: int
    period: Period
    population: Population
    places: Places

    def stream(self, part: str, *numbers: int) -> np.random.Generator:
        """Return the random stream of a named part of the whole world, or of a numbered piece of it."""
        return stream(self.seed, part, *numbers)


@dataclass(frozen=True, slots=True)
class Scene:
    """One block of days of a world; what is drawn for it depends on no other block."""

    world: World
    block: Block

    @property
    def population(self) -> Population:
        """Who lives here."""
        return self.world.population

    @property
    def places(self) -> Places:
        """Who deals with whom."""
        return self.world.places

    @property
    def period(self) -> Period:
        """All days of the world."""
        return self.world.period

    @property
    def start_ms(self) -> int:
        """First moment of the block."""
        return self.world.period.start_ms + self.block.first_day * DAY_MS

    @property
    def until_ms(self) -> int:
        """The moment after its last."""
        return self.start_ms + self.block.days * DAY_MS

    def stream(self, part: str) -> np.random.Generator:
        """Return the random stream of a named part in this block."""
        return stream(self.world.seed, part, self.block.number)

    def happenings(
        self, rng: np.random.Generator, monthly: FloatArray, *, hours: Hours, weights: FloatArray | None = None
    ) -> tuple[IntArray, IntArray]:
        """Draw independent events: account numbers and moments, at a monthly rate per account.

        `weights` says how busy each day of the whole period is; an ordinary day is 1.
        """
        busy = self.busy(weights)
        counts = rng.poisson(monthly * (busy.sum() / _MONTH_DAYS))
        who = np.repeat(np.arange(len(counts)), counts)
        return who, self.moments(rng, len(who), hours=hours, weights=weights)

    def busy(self, weights: FloatArray | None = None) -> FloatArray:
        """Return how busy each day of the block is."""
        whole = self.period.day_weights if weights is None else weights
        return whole[self.block.first_day : self.block.until_day]

    def moments(
        self, rng: np.random.Generator, size: int, *, hours: Hours, weights: FloatArray | None = None
    ) -> IntArray:
        """Draw moments within the block."""
        busy = self.busy(weights)
        if not size:
            return np.zeros(0, np.int64)
        days = self.block.first_day + rng.choice(self.block.days, size, p=busy / busy.sum())
        return self.period.moment_ms(days, clock_times(rng, hours, size=size))

    def on_dates(self, rng: np.random.Generator, day_of_month: IntArray, *, hours: Hours) -> tuple[IntArray, IntArray]:
        """Return account numbers and moments of things due on a day of each month; 0 is never."""
        who: list[IntArray] = [np.zeros(0, np.int64)]
        days: list[IntArray] = [np.zeros(0, np.int64)]
        for day in range(self.block.first_day, self.block.until_day):
            accounts = np.flatnonzero(day_of_month == self.period.dates[day].day)
            who.append(accounts)
            days.append(np.full(len(accounts), day))
        numbers = np.concatenate(who)
        moments = self.period.moment_ms(np.concatenate(days), clock_times(rng, hours, size=len(numbers)))
        return numbers, moments


def build_world(seed: int, *, accounts: int, days: int, start: date, signal_coverage: float) -> World:
    """Set the stage.

    Parameters
    ----------
    seed : int
        Seed of the world.
    accounts : int
        Number of accounts.
    days : int
        Length of the period.
    start : date
        First local day.
    signal_coverage : float
        Share of customers of whom telecom and police signals exist.

    Returns
    -------
    World
        Deterministic in its arguments.
    """
    population = build_population(seed, accounts=accounts, days=days, signal_coverage=signal_coverage)
    places = build_places(seed, population)
    return World(seed=seed, period=Period(start, days), population=population, places=places)
