"""A queue of alerts and the officers of each shift: who begins with what, and when. Pure: numbers only."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["ArrivedAlerts", "work_alerts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedAlerts:
    """Alerts in the order they arrive.

    Parameters
    ----------
    arrived_min : ndarray of float64, shape (n_alerts,)
        When, minutes after some midnight; never falling.
    rank : ndarray of int64, shape (n_alerts,)
        Of its tier, 0 the soonest.
    savable : ndarray of float64, shape (n_alerts,)
        Of equal ranks the larger goes first, then the earlier.
    work_min : ndarray of float64, shape (n_alerts,)
        Minutes of an officer it takes.
    """

    arrived_min: NDArray[np.float64]
    rank: NDArray[np.int64]
    savable: NDArray[np.float64]
    work_min: NDArray[np.float64]


def work_alerts(alerts: ArrivedAlerts, shifts: Iterable[tuple[float, float]], *, officers: int) -> NDArray[np.float64]:
    """Return when an officer begins with each alert.

    An officer who is free takes the first alert that waits and finishes it, after the end of the shift
    if need be; the next shift begins with all its officers. Nobody leaves an alert for a graver one.

    Parameters
    ----------
    alerts : ArrivedAlerts
        All of them.
    shifts : iterable of tuple of float
        Begin and end of each, minutes after the same midnight, in order.
    officers : int
        On duty in each shift.

    Returns
    -------
    ndarray of float64, shape (n_alerts,)
        Minutes; NaN where the alert still waits when the last shift ends.
    """
    begun = np.full(len(alerts.arrived_min), np.nan)
    queue = _Queue(alerts)
    for begin, end in shifts:
        for place, moment in queue.worked_in(begin, end, officers):
            begun[place] = moment
    return begun


@dataclass(slots=True)
class _Queue:
    alerts: ArrivedAlerts
    waiting: list[tuple[int, float, float, int]] = field(default_factory=list)
    admitted: int = 0
    now: float = 0.0

    def worked_in(self, begin: float, end: float, officers: int) -> Iterator[tuple[int, float]]:
        """Yield the alerts begun in a shift, each with its moment."""
        free = [begin] * officers
        while True:
            moment = self._next_moment(free[0])
            if moment >= end:
                return
            self._admit(moment)
            self.now = moment
            place = heapq.heappop(self.waiting)[-1]
            heapq.heapreplace(free, moment + float(self.alerts.work_min[place]))
            yield place, moment

    def _next_moment(self, free: float) -> float:
        """Return when the officer who is free first has something to begin with."""
        if self.waiting:
            return max(free, self.now)  # an officer may have been free before what waits came
        arrived = self.alerts.arrived_min
        return max(free, float(arrived[self.admitted])) if self.admitted < len(arrived) else float("inf")

    def _admit(self, until: float) -> None:
        alerts = self.alerts
        while self.admitted < len(alerts.arrived_min) and alerts.arrived_min[self.admitted] <= until:
            place = self.admitted
            arrived = float(alerts.arrived_min[place])
            key = (int(alerts.rank[place]), -float(alerts.savable[place]), arrived, place)
            heapq.heappush(self.waiting, key)
            self.admitted += 1
