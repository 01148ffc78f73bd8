"""The stage: population, places and period, handed to every maker of orders."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from fraudguard.simulate.places import Places, build_places
from fraudguard.simulate.population import Population, build_population
from fraudguard.simulate.rhythm import Hours, Period, clock_times
from fraudguard.simulate.streams import FloatArray, IntArray, stream

__all__ = ["World", "build_world"]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that stands before the first transfer."""

    seed: int
    period: Period
    population: Population
    places: Places

    def stream(self, part: str) -> np.random.Generator:
        """Return the random stream of a named part."""
        return stream(self.seed, part)

    def happenings(
        self, rng: np.random.Generator, monthly: FloatArray, *, hours: Hours, weights: FloatArray | None = None
    ) -> tuple[IntArray, IntArray]:
        """Draw independent events: account numbers and moments, at a monthly rate per account."""
        counts = rng.poisson(monthly * (self.period.days / 30.0))
        who = np.repeat(np.arange(len(counts)), counts)
        days = rng.choice(self.period.days, len(who), p=self.period.day_weights if weights is None else weights)
        return who, self.period.moment_ms(days, clock_times(rng, hours, size=len(who)))

    def on_dates(self, rng: np.random.Generator, day_of_month: IntArray, *, hours: Hours) -> tuple[IntArray, IntArray]:
        """Return account numbers and moments of things due on a day of each month; 0 is never."""
        who: list[IntArray] = [np.zeros(0, np.int64)]
        days: list[IntArray] = [np.zeros(0, np.int64)]
        for due in np.unique(day_of_month[day_of_month > 0]):
            accounts = np.flatnonzero(day_of_month == due)
            dates = self.period.days_with_date(int(due))
            who.append(np.tile(accounts, len(dates)))
            days.append(np.repeat(dates, len(accounts)))
        numbers = np.concatenate(who)
        moments = self.period.moment_ms(np.concatenate(days), clock_times(rng, hours, size=len(numbers)))
        return numbers, moments


def build_world(seed: int, *, accounts: int, days: int, start: date) -> World:
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

    Returns
    -------
    World
        Deterministic in its arguments.
    """
    population = build_population(seed, accounts=accounts, days=days)
    places = build_places(seed, population)
    return World(seed=seed, period=Period(start, days), population=population, places=places)
