"""When people pay: local calendar, weekdays, hours of the day.

China has kept UTC+8 without summer time since 1991, so local time is a
constant shift. The shapes are assumptions [A] after the usual two peaks of
a day; 4 % of ordinary activity falls between midnight and six.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np

from fraudguard.column import to_ms
from fraudguard.simulate.streams import FloatArray, IntArray

__all__ = ["DAY_MS", "HOUR_MS", "Hours", "Period", "clock_times"]

SECOND_MS: Final = 1000
HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
LOCAL_SHIFT_MS: Final = 8 * HOUR_MS

_WEEKEND: Final = 0.85
_MONTH_START: Final = 1.15
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
    Hours.GENERAL: (9, 6, 4, 4, 5, 8, 20, 40, 62, 78, 90, 95, 80, 70, 72, 75, 76, 74, 78, 88, 95, 80, 50, 24),
    Hours.OFFICE: (0, 0, 0, 0, 0, 0, 0, 1, 10, 90, 100, 80, 40, 60, 90, 85, 70, 25, 6, 2, 1, 1, 0, 0),
    Hours.DAYTIME: (0, 0, 0, 0, 0, 0, 2, 6, 35, 85, 100, 85, 55, 65, 90, 88, 70, 40, 20, 12, 10, 6, 3, 1),
    Hours.EVENING: (6, 3, 1, 1, 1, 1, 2, 4, 8, 14, 24, 30, 36, 32, 34, 38, 44, 50, 66, 90, 100, 88, 56, 24),
    Hours.NIGHT: (70, 45, 30, 18, 10, 8, 6, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 8, 14, 30, 50, 80, 100),
    Hours.SHOP: (1, 0, 0, 0, 0, 2, 12, 34, 46, 56, 74, 96, 90, 60, 50, 56, 68, 92, 100, 84, 66, 40, 16, 5),
}
_CUMULATED: Final = np.cumsum([np.divide(shape, sum(shape)) for shape in _SHAPES.values()], axis=1)


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
        """How busy each day is; they sum to 1."""
        weekend = np.array([_WEEKEND if day.weekday() >= 5 else 1.0 for day in self.dates])
        month_start = np.array([_MONTH_START if day.day <= 3 else 1.0 for day in self.dates])
        weights: FloatArray = weekend * month_start
        weights /= weights.sum()
        return weights

    @cached_property
    def festival_weights(self) -> FloatArray:
        """How busy each day is for gifts: sixfold [A] around Spring Festival; they sum to 1."""
        near = {day + timedelta(days=shift) for day in _SPRING_FESTIVAL for shift in range(-1, 4)}
        weights: FloatArray = self.day_weights * np.array([6.0 if day in near else 1.0 for day in self.dates])
        weights /= weights.sum()
        return weights

    def days_with_date(self, day_of_month: int) -> IntArray:
        """Return the numbers of the days on that day of a month."""
        return np.flatnonzero([day.day == day_of_month for day in self.dates]).astype(np.int64)

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
