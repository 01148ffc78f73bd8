"""When people pay: local calendar, weekdays, hours of the day.

China has kept UTC+8 without summer time since 1991, so local time is a
constant shift. The shapes are assumptions [A] after the usual two peaks of
a day; 4 % of ordinary activity falls between midnight and six.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np

from fraudguard.column import to_ms
from fraudguard.simulate.streams import FloatArray, IntArray

__all__ = ["DAY_MS", "HOUR_MS", "MINUTE_MS", "SECOND_MS", "Block", "Hours", "Period", "clock_times"]

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
LOCAL_SHIFT_MS: Final = 8 * HOUR_MS

_WEEKEND: Final = 0.85
_MONTH_START: Final = 1.15
_FESTIVAL: Final = 20.0
_SHOPPING: Final = 5.0
_SHOPPING_DAYS: Final = frozenset({(6, 17), (6, 18), (6, 19), (11, 10), (11, 11), (11, 12)})
_TERMS: Final = (((8, 20), (9, 10), 0.85), ((2, 15), (3, 5), 0.15))
_SPRING_FESTIVAL: Final = frozenset(
    date(year, month, day)
    for year, month, day in (
        (2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 3),
    )
)  # fmt: skip  # first day of the lunar year, a public fact


class Hours(IntEnum):
    """A shape of the day."""

    GENERAL = 0
    OFFICE = 1
    DAYTIME = 2
    EVENING = 3
    NIGHT = 4
    SHOP = 5


_SHAPES: Final[dict[Hours, tuple[float, ...]]] = {
    Hours.GENERAL: (22, 14, 9, 7, 8, 12, 22, 40, 62, 78, 90, 95, 80, 70, 72, 75, 76, 74, 78, 88, 95, 80, 50, 24),
    Hours.OFFICE: (0, 0, 0, 0, 0, 0, 0, 1, 10, 90, 100, 80, 40, 60, 90, 85, 70, 25, 6, 2, 1, 1, 0, 0),
    Hours.DAYTIME: (0, 0, 0, 0, 0, 0, 2, 6, 35, 85, 100, 85, 55, 65, 90, 88, 70, 40, 20, 12, 10, 6, 3, 1),
    Hours.EVENING: (18, 10, 6, 4, 4, 5, 2, 4, 8, 14, 24, 30, 36, 32, 34, 38, 44, 50, 66, 90, 100, 88, 56, 24),
    Hours.NIGHT: (70, 45, 30, 18, 10, 8, 6, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 8, 14, 30, 50, 80, 100),
    Hours.SHOP: (5, 2, 1, 1, 1, 3, 12, 34, 46, 56, 74, 96, 90, 60, 50, 56, 68, 92, 100, 84, 66, 40, 16, 5),
}
_CUMULATED: Final = np.cumsum([np.divide(shape, sum(shape)) for shape in _SHAPES.values()], axis=1)


@dataclass(frozen=True, slots=True)
class Block:
    """Some days of the period that are made and written together."""

    number: int
    first_day: int
    days: int

    @property
    def until_day(self) -> int:
        """Number of the day after the last."""
        return self.first_day + self.days


@dataclass(frozen=True)
class Period:
    """The days of a world, local.

    Parameters
    ----------
    start : date
        First local day.
    days : int
        Number of days.
    """

    start: date
    days: int

    @cached_property
    def start_ms(self) -> int:
        """First local midnight, as UTC milliseconds."""
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        return to_ms(midnight) - LOCAL_SHIFT_MS

    @property
    def until_ms(self) -> int:
        """The local midnight after the last day, as UTC milliseconds."""
        return self.start_ms + self.days * DAY_MS

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """Every local day."""
        return tuple(self.start + timedelta(days=number) for number in range(self.days))

    @cached_property
    def day_weights(self) -> FloatArray:
        """How busy each day is; an ordinary weekday is 1."""
        weekend = np.array([_WEEKEND if day.weekday() >= 5 else 1.0 for day in self.dates])
        month_start = np.array([_MONTH_START if day.day <= 3 else 1.0 for day in self.dates])
        weights: FloatArray = weekend * month_start
        return weights

    @cached_property
    def festival_weights(self) -> FloatArray:
        """How busy each day is for gifts: twentyfold on the eve and the first days of Spring Festival."""
        near = {day + timedelta(days=shift) for day in _SPRING_FESTIVAL for shift in range(-1, 3)}
        return self._lifted(_FESTIVAL, lambda day: day in near)

    @cached_property
    def shopping_weights(self) -> FloatArray:
        """How busy each day is for platforms: fivefold [A] around 18 June and 11 November."""
        return self._lifted(_SHOPPING, lambda day: (day.month, day.day) in _SHOPPING_DAYS)

    @cached_property
    def tuition_weights(self) -> FloatArray:
        """How busy each day is for school fees: before the autumn term, and a little before the spring term [A].

        They average 1 over a year, so that a yearly rate stays one.
        """
        within = [[first <= (day.month, day.day) <= last for first, last, _ in _TERMS] for day in self.dates]
        lift = [365 * share / ((date(2001, *last) - date(2001, *first)).days + 1) for first, last, share in _TERMS]
        weights: FloatArray = np.array(within) @ np.array(lift)
        return weights

    def _lifted(self, factor: float, chosen: Callable[[date], bool]) -> FloatArray:
        weights: FloatArray = self.day_weights * np.array([factor if chosen(day) else 1.0 for day in self.dates])
        return weights

    def day_of(self, moment_ms: IntArray) -> IntArray:
        """Return the number of the local day of moments."""
        return (moment_ms - self.start_ms) // DAY_MS

    def blocks(self, days: int) -> tuple["Block", ...]:
        """Cut the period into blocks of days; the last may be shorter."""
        starts = range(0, self.days, days)
        return tuple(Block(number, day, min(days, self.days - day)) for number, day in enumerate(starts))

    def moment_ms(self, day: IntArray, clock_ms: IntArray) -> IntArray:
        """Return UTC milliseconds of local clock times on numbered days."""
        return self.start_ms + day * DAY_MS + clock_ms


def clock_times(rng: np.random.Generator, hours: Hours, *, size: int) -> IntArray:
    """Draw local times of day.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    hours : Hours
        Shape of the day.
    size : int
        How many.

    Returns
    -------
    ndarray of int64
        Milliseconds since local midnight.
    """
    hour = np.searchsorted(_CUMULATED[hours], rng.random(size), side="right")
    return np.minimum(hour, 23).astype(np.int64) * HOUR_MS + rng.integers(0, HOUR_MS, size)
