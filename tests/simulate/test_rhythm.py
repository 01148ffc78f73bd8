"""The calendar and the hours of the day."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from fraudguard.column import from_ms
from fraudguard.simulate.rhythm import HOUR_MS, Hours, Period, clock_times
from fraudguard.simulate.world import Scene
from tests.simulate.conftest import empty_world


def test_period_starts_at_local_midnight() -> None:
    """The first day begins at midnight in China, which is 16:00 UTC of the day before."""
    period = Period(date(2026, 1, 1), 14)

    assert from_ms(period.start_ms) == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert from_ms(period.until_ms) == datetime(2026, 1, 14, 16, tzinfo=UTC)


def test_blocks_cover_the_period_once() -> None:
    """Blocks follow each other without a gap, and the last may be shorter."""
    blocks = Period(date(2026, 1, 1), 17).blocks(7)

    assert [(block.number, block.first_day, block.days, block.until_day) for block in blocks] == [
        (0, 0, 7, 7), (1, 7, 7, 14), (2, 14, 3, 17)
    ]  # fmt: skip


def test_due_days_come_once_a_month() -> None:
    """What is due on a day of the month comes once in each month, in the block that has the day."""
    world = empty_world(days=60, start=date(2026, 1, 1))
    due = np.zeros(world.population.size, np.int64)
    due[3] = 10
    found = [
        world.period.day_of(Scene(world, block).on_dates(np.random.default_rng(0), due, hours=Hours.OFFICE)[1]).tolist()
        for block in world.period.blocks(20)
    ]

    assert found == [[9], [], [40]]


def test_feasts_stand_out() -> None:
    """Spring Festival is the busiest time for gifts, 18 June for platforms, late August for schools."""
    spring, summer = Period(date(2026, 2, 1), 28), Period(date(2026, 6, 1), 120)

    assert date(2026, 2, 16) <= spring.dates[int(np.argmax(spring.festival_weights))] <= date(2026, 2, 19)
    assert summer.dates[int(np.argmax(summer.shopping_weights))] == date(2026, 6, 17)
    assert summer.tuition_weights[summer.dates.index(date(2026, 8, 25))] > 5
    assert summer.tuition_weights[summer.dates.index(date(2026, 7, 1))] == 0


def test_tuition_has_its_year() -> None:
    """Over a year the weights of the terms average one, so that a yearly rate stays one."""
    year = Period(date(2026, 1, 1), 365)

    assert year.tuition_weights.mean() == pytest.approx(1)


def test_nights_are_quiet_but_not_empty() -> None:
    """About one in twenty-five ordinary payments comes between midnight and six."""
    times = clock_times(np.random.default_rng(0), Hours.GENERAL, size=50_000)

    assert 0.025 < (times < 6 * HOUR_MS).mean() < 0.07
    assert times.min() >= 0
    assert times.max() < 24 * HOUR_MS


def test_emergencies_come_at_night() -> None:
    """Most of the night shape lies between eight in the evening and four."""
    hours = clock_times(np.random.default_rng(0), Hours.NIGHT, size=20_000) // HOUR_MS

    assert ((hours >= 20) | (hours < 4)).mean() > 0.75
