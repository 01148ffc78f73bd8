"""What a desk of officers can work: minutes of each tier, alerts a day, hours with nobody on duty."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Tier
from fraudguard.errors import DefinitionError

__all__ = ["DAY_MIN", "DeskCapacity"]

DAY_MIN: Final = 1_440.0
_TARGETS_MIN: Final = {Tier.URGENT: 15.0, Tier.HIGH: 30.0, Tier.MEDIUM: 60.0, Tier.LOW: 120.0}
_VISITED: Final = (Tier.URGENT, Tier.HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCapacity:
    """Officers, shifts, and what one officer does in a shift.

    An officer works one alert at a time. A low or medium one takes a call; a high or urgent one a call
    and a visit. All officers share one queue.

    Parameters
    ----------
    officers : int
        On duty in each shift, at least 1.
    shifts : int
        Shifts a day, one after the other.
    shift_hours : float
        Length of a shift; all shifts of a day fit into 24 hours.
    first_hour : float
        When the first shift begins, hours after midnight, local time, in [0, 24).
    calls_per_shift, visits_per_shift : float
        How many calls, or how many visits, fill one officer's shift.
    fill : float
        Share of the officers' minutes that a plan may fill, in (0, 1]. Alerts do not come evenly: a
        desk planned to 1 has a queue that never ends.
    targets_min : Mapping of Tier to float
        Within how many minutes an officer is to begin with an alert.

    Raises
    ------
    DefinitionError
        If a number is out of its range or a tier has no target.
    """

    officers: int
    shifts: int = 3
    shift_hours: float = 8.0
    first_hour: float = 8.0
    calls_per_shift: float = 30.0
    visits_per_shift: float = 5.0
    fill: float = 0.8
    targets_min: Mapping[Tier, float] = field(default_factory=lambda: dict(_TARGETS_MIN))

    def __post_init__(self) -> None:
        _require("officers", self.officers, at_least=1, at_most=100_000)
        _require("shifts", self.shifts, at_least=1, at_most=24)
        _require("shift_hours", self.shift_hours, at_least=0.25, at_most=24)
        _require("first_hour", self.first_hour, at_least=0, at_most=math.nextafter(24, 0))
        _require("calls_per_shift", self.calls_per_shift, at_least=0.1, at_most=10_000)
        _require("visits_per_shift", self.visits_per_shift, at_least=0.1, at_most=10_000)
        _require("fill", self.fill, at_least=0.01, at_most=1)
        if self.shifts * self.shift_hours > 24:
            raise DefinitionError(
                f"{self.shifts} shifts of {self.shift_hours:g} hours are longer than a day; "
                f"give fewer or shorter shifts (--shifts, --shift-hours)",
                f"{self.shifts} 班、每班 {self.shift_hours:g} 小时超过一天；请减少班次或缩短每班（--shifts、--shift-hours）",
            )
        for tier in Tier:
            _require(f"targets_min[{tier}]", self.targets_min.get(tier, math.nan), at_least=0, at_most=DAY_MIN)

    @property
    def call_min(self) -> float:
        """Minutes of an officer that a call takes."""
        return 60 * self.shift_hours / self.calls_per_shift

    @property
    def visit_min(self) -> float:
        """Minutes of an officer that a visit takes, the way included."""
        return 60 * self.shift_hours / self.visits_per_shift

    def minutes_of(self, tier: Tier) -> float:
        """Return the minutes of an officer that an alert of a tier takes."""
        return self.call_min + (self.visit_min if self.is_visited(tier) else 0.0)

    @staticmethod
    def is_visited(tier: Tier) -> bool:
        """Return whether an alert of a tier takes a visit besides the call."""
        return tier in _VISITED

    @property
    def duty_min(self) -> float:
        """Minutes of a day with somebody on duty."""
        return 60 * self.shifts * self.shift_hours

    @property
    def hours_off_duty(self) -> float:
        """Hours of a day with nobody on duty."""
        return (DAY_MIN - self.duty_min) / 60

    @property
    def minutes_per_day(self) -> float:
        """Minutes of all officers in a day."""
        return self.officers * self.duty_min

    @property
    def planned_per_day(self) -> float:
        """Minutes of all officers in a day that a plan may fill."""
        return self.fill * self.minutes_per_day

    def alerts_per_day(self, tier: Tier, *, taken_min: float = 0.0) -> float:
        """Return how many alerts of a tier a plan may bring a day.

        Parameters
        ----------
        tier : Tier
            Which.
        taken_min : float
            Minutes a day that other tiers take already.

        Returns
        -------
        float
            At least 0.
        """
        return max(self.planned_per_day - taken_min, 0.0) / self.minutes_of(tier)

    def off_duty_wait_min(self, minute_of_day: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how long until somebody is on duty.

        Parameters
        ----------
        minute_of_day : ndarray of float64
            Local time, minutes after midnight; whole days more do not matter.

        Returns
        -------
        ndarray of float64
            Minutes; 0 within a shift.
        """
        into = np.mod(minute_of_day - 60 * self.first_hour, DAY_MIN)
        return np.where(into < self.duty_min, 0.0, DAY_MIN - into)

    def shifts_of(self, n_days: int) -> Iterator[tuple[float, float]]:
        """Yield begin and end of each shift, minutes after the midnight that begins the first of some days.

        Parameters
        ----------
        n_days : int
            How many days; a shift that began the day before is there with what is left of it.

        Yields
        ------
        tuple of float
            In order, inside the days, not empty.
        """
        length = 60 * self.shift_hours
        for day in range(-1, n_days):
            for shift in range(self.shifts):
                begin = day * DAY_MIN + 60 * self.first_hour + shift * length
                inside = max(begin, 0.0), min(begin + length, n_days * DAY_MIN)
                if inside[0] < inside[1]:
                    yield inside


def _require(name: str, value: float, *, at_least: float, at_most: float) -> None:
    if not at_least <= value <= at_most:
        raise DefinitionError(
            f"{name} is {value:g}; give a number from {at_least:g} to {at_most:g}",
            f"{name} 为 {value:g}；请给 {at_least:g} 到 {at_most:g} 的数",
        )
