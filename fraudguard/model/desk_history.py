"""A policy run over history with the officers there would have been, and what came of it, day by day and tier by tier."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Tier

__all__ = ["DayRow", "DeskHistory", "TierRow", "day_spread"]

_EARLY_LATE: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One day of a desk, by local time.

    Parameters
    ----------
    day : str
        ISO date.
    transfers : int
        Transfers of the day.
    reminded : int
        Of them reminded, with no officer.
    urgent, high, medium, low : int
        Alerts of each tier that arrived.
    worked : int
        Alerts an officer began with that day, whenever they arrived.
    waiting : int
        Alerts that wait when the day ends.
    in_time : int
        Of the alerts that arrived that day, those begun within their tier's target.
    wait_p50_min, wait_p90_min : float or None
        Wait of the alerts begun that day; None when there is none.
    longest_wait_min : float or None
        The longest of those waits, and of those that still wait at the day's end.
    busy : float
        Minutes of work begun that day as a share of the officers' minutes; above 1 in a day of overtime.
    frauds, caught : int
        Frauds of the day, and those an officer began with in time.
    fraud_fen, saved_fen : float
        Money of the frauds of the day, and what of it is expected to be saved.
    interrupted : int
        Genuine payers of the day met by more than a reminder; a transfer of unknown label counts as genuine.
    review_fen, friction_fen : float
        What the work begun that day costs, and the friction of the day's genuine transfers.
    """

    day: str
    transfers: int
    reminded: int
    urgent: int
    high: int
    medium: int
    low: int
    worked: int
    waiting: int
    in_time: int
    wait_p50_min: float | None
    wait_p90_min: float | None
    longest_wait_min: float | None
    busy: float
    frauds: int
    caught: int
    fraud_fen: float
    saved_fen: float
    interrupted: int
    review_fen: float
    friction_fen: float

    @property
    def alerts(self) -> int:
        """Alerts that arrived that day."""
        return self.urgent + self.high + self.medium + self.low

    @property
    def net_fen(self) -> float:
        """What was saved less what it cost."""
        return self.saved_fen - self.review_fen - self.friction_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """One tier over all days of a history.

    Parameters
    ----------
    tier : Tier
        Which.
    alerts, worked, in_time : int
        Arrived, begun, and begun within the target.
    per_day_p10, per_day_p50, per_day_p90 : float
        Alerts of a quiet, a middling and a busy day.
    wait_p50_min, wait_p90_min : float or None
        Wait of those begun; None when there is none.
    """

    tier: Tier
    alerts: int
    worked: int
    in_time: int
    per_day_p10: float
    per_day_p50: float
    per_day_p90: float
    wait_p50_min: float | None
    wait_p90_min: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskHistory:
    """What came of a policy on history.

    Parameters
    ----------
    days : tuple of DayRow
        In order.
    tiers : tuple of TierRow
        Soonest first.
    """

    days: tuple[DayRow, ...]
    tiers: tuple[TierRow, ...]

    @property
    def alerts(self) -> int:
        """Alerts that arrived."""
        return sum(day.alerts for day in self.days)

    @property
    def in_time_share(self) -> float:
        """Share of the alerts begun within their target; NaN without alerts."""
        return sum(day.in_time for day in self.days) / self.alerts if self.alerts else float("nan")

    @property
    def waiting(self) -> int:
        """Alerts that still wait at the end."""
        return self.days[-1].waiting

    def total(self, name: str) -> float:
        """Return the sum of a column over the days."""
        return float(sum(getattr(day, name) for day in self.days))

    def per_day(self, name: str) -> float:
        """Return the mean of a column over the days."""
        return self.total(name) / len(self.days)

    def spread(self, name: str) -> tuple[float, float, float]:
        """Return what a column is on a low, a middling and a high day: its 10 %, 50 % and 90 % quantiles."""
        return day_spread([float(getattr(day, name)) for day in self.days])

    def to_frame(self) -> pd.DataFrame:
        """Return one row a day."""
        names = [one.name for one in fields(DayRow)]
        rows = [asdict(day) | {"alerts": day.alerts, "net_fen": day.net_fen} for day in self.days]
        return pd.DataFrame(rows, columns=[*names, "alerts", "net_fen"])


def day_spread(values: Sequence[float] | NDArray[np.int64]) -> tuple[float, float, float]:
    """Return the 10 %, 50 % and 90 % quantiles of numbers of days."""
    low, middle, high = np.quantile(np.asarray(values, dtype=np.float64), _EARLY_LATE).tolist()
    return low, middle, high
