"""Weeks of whole local days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from fraudguard.model.weeks import Weeks, last_midnight

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(day: int, hour: int = 0, *, month: int = 3) -> datetime:
    """Return an hour of a day of 2026 in Shanghai."""
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


def test_weeks_are_counted_back_from_the_last_whole_day() -> None:
    """What remains at the beginning is in no week."""
    weeks = Weeks.until(local(20, 15), begin=local(1), time_zone="Asia/Shanghai")

    assert weeks.edges == (local(6), local(13), local(20))
    assert (len(weeks), weeks.days, len(weeks.days_ends)) == (2, (7, 7), 14)


def test_only_the_last_weeks_are_kept() -> None:
    """So many as are asked for."""
    assert Weeks.until(local(30), begin=local(1), time_zone="Asia/Shanghai", most=1).begins == (local(23),)


@pytest.mark.parametrize(("end", "days"), [(local(4), (3,)), (local(1, 20), ())])
def test_less_than_a_week_is_a_short_week_or_none(end: datetime, days: tuple[int, ...]) -> None:
    """Three days are a week of three days; less than one is none."""
    assert Weeks.until(end, begin=local(1), time_zone="Asia/Shanghai").days == days


def test_log_of_whole_days_loses_none() -> None:
    """A log that ends a moment before midnight ends with a whole day."""
    assert last_midnight(local(9, 23) + timedelta(minutes=30), "Asia/Shanghai") == local(10)
    assert last_midnight(local(9, 22), "Asia/Shanghai") == local(9)


def test_clock_change_leaves_days_whole() -> None:
    """A week with the change to summer time still has seven local days."""
    berlin = ZoneInfo("Europe/Berlin")
    end = datetime(2026, 4, 1, tzinfo=berlin)

    weeks = Weeks.until(end, begin=datetime(2026, 3, 20, tzinfo=berlin), time_zone="Europe/Berlin")

    assert weeks.begins == (datetime(2026, 3, 25, tzinfo=berlin),)
    assert {edge.hour for edge in weeks.days_ends} == {0}


def test_moments_find_their_week() -> None:
    """A week begins in itself and ends before its end."""
    weeks = Weeks(edges=(local(1), local(8), local(15)))
    moments = pd.Series(
        pd.to_datetime([local(1), local(7, 23), local(8), local(15), datetime(2026, 1, 1, tzinfo=UTC)], utc=True)
    )

    assert weeks.of(moments).tolist() == [0, 0, 1, -1, -1]
