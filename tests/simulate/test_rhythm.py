"""The calendar and the hours of the day."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from fraudguard.column import from_ms
from fraudguard.simulate.rhythm import HOUR_MS, Hours, Period, clock_times


def test_period_starts_at_local_midnight() -> None:
    """The first day begins at midnight in China, which is 16:00 UTC of the day before."""
    period = Period(date(2026, 1, 1), 14)

    assert from_ms(period.start_ms) == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert from_ms(period.until_ms) == datetime(2026, 1, 14, 16, tzinfo=UTC)


def test_days_of_a_date() -> None:
    """A due day is found once in each month of the period."""
    period = Period(date(2026, 1, 1), 60)

    assert [str(period.dates[day]) for day in period.days_with_date(10)] == ["2026-01-10", "2026-02-10"]
    assert period.days_with_date(31).tolist() == [30]


def test_weights_sum_to_one_and_feasts_stand_out() -> None:
    """Weights are chances, and Spring Festival is the busiest time for gifts."""
    period = Period(date(2026, 2, 1), 28)
    busiest = period.dates[int(np.argmax(period.festival_weights))]

    assert period.day_weights.sum() == pytest.approx(1)
    assert period.festival_weights.sum() == pytest.approx(1)
    assert date(2026, 2, 16) <= busiest <= date(2026, 2, 20)


def test_nights_are_quiet_but_not_empty() -> None:
    """About one in twenty-five ordinary payments comes between midnight and six."""
    times = clock_times(np.random.default_rng(0), Hours.GENERAL, size=50_000)

    assert 0.015 < (times < 6 * HOUR_MS).mean() < 0.05
    assert times.min() >= 0
    assert times.max() < 24 * HOUR_MS


def test_emergencies_come_at_night() -> None:
    """Most of the night shape lies between eight in the evening and four."""
    hours = clock_times(np.random.default_rng(0), Hours.NIGHT, size=20_000) // HOUR_MS

    assert ((hours >= 20) | (hours < 4)).mean() > 0.75
