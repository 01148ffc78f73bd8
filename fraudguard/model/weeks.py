"""Weeks of seven whole local days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.column import to_ms

__all__ = ["Weeks", "last_midnight"]

_DAY = timedelta(days=1)
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Weeks that follow each other.

    Parameters
    ----------
    edges : tuple of datetime
        Local midnights, ascending; week *i* begins at edge *i* and ends before the next.
    """

    edges: tuple[datetime, ...]

    @classmethod
    def until(cls, end: datetime, *, begin: datetime, time_zone: str, most: int | None = None) -> Self:
        """Return the weeks that end with the last whole day before a moment.

        Parameters
        ----------
        end : datetime
            The last week ends at the midnight at or before it.
        begin : datetime
            No week begins before it.
        time_zone : str
            Whose midnights.
        most : int or None
            Only the last so many weeks; None for all.

        Returns
        -------
        Weeks
            What remains at the beginning is in none. Less than a week but at least a day is one shorter week; less than a day is no
            week.
        """
        last, first = last_midnight(end, time_zone), last_midnight(begin, time_zone)
        first = first if first == begin else first + _DAY
        edges = [last]
        while edges[0] - 7 * _DAY >= first and (most is None or len(edges) <= most):
            edges.insert(0, edges[0] - 7 * _DAY)
        if len(edges) == 1 and last > first:
            edges.insert(0, first)
        return cls(edges=tuple(edges))

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def begins(self) -> tuple[datetime, ...]:
        """The first moment of each week."""
        return self.edges[:-1]

    @property
    def days(self) -> tuple[int, ...]:
        """How many days each week has."""
        return tuple((after.date() - before.date()).days for before, after in pairwise(self.edges))

    @property
    def days_ends(self) -> tuple[datetime, ...]:
        """The end of each day of all weeks."""
        return tuple(self.edges[0] + (day + 1) * _DAY for day in range(sum(self.days)))

    def of(self, times: "pd.Series[pd.Timestamp]") -> NDArray[np.int64]:
        """Return the week of each moment; -1 outside all."""
        moments = times.to_numpy(dtype="datetime64[ms]").astype(np.int64)
        week = np.searchsorted(np.array([to_ms(edge) for edge in self.edges]), moments, side="right") - 1
        return np.where(week < len(self), week, -1).astype(np.int64)


def last_midnight(moment: datetime, time_zone: str) -> datetime:
    """Return the midnight at or before a moment.

    Parameters
    ----------
    moment : datetime
        Aware.
    time_zone : str
        Whose midnight.

    Returns
    -------
    datetime
        In that zone. A moment within the last hour of a day counts as the midnight that follows: a log of whole days ends a little
        before it.

    Examples
    --------
    >>> last_midnight(datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "Asia/Shanghai").isoformat()
    '2026-03-02T00:00:00+08:00'
    """
    local = (moment.astimezone(UTC) + _LATE).astimezone(ZoneInfo(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
