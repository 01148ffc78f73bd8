"""Running a policy over history: alerts arrive as they did, and the officers on duty work them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Policy, Step, Tier
from fraudguard.errors import DataError
from fraudguard.labels import Label
from fraudguard.model.capacity import DAY_MIN, DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_history import DayRow, DeskHistory, TierRow, day_spread
from fraudguard.model.gains import money_left, persuades, review_fen
from fraudguard.model.shift_queue import ArrivedAlerts, work_alerts

__all__ = ["DeskRun", "local_times", "minutes_after", "run_desk"]

_TIERS: Final = tuple(Tier)
_NO_TIER: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeskRun:
    """What happened to each transfer of a history, in time order.

    Parameters
    ----------
    rows : DataFrame
        The graded transfers.
    first_day : Timestamp
        The local midnight that all minutes count from.
    arrived_min, begun_min : ndarray of float64
        When the transfer was made and when an officer began with it; NaN where none did.
    rank : ndarray of int64
        Place of its tier in `Tier`, -1 without one.
    step : ndarray of int64
        Place of its step in the policy from 1, 0 below the first.
    saved_fen : ndarray of float64
        What is expected to be saved of it.
    """

    rows: pd.DataFrame
    first_day: pd.Timestamp
    arrived_min: NDArray[np.float64]
    begun_min: NDArray[np.float64]
    rank: NDArray[np.int64]
    step: NDArray[np.int64]
    saved_fen: NDArray[np.float64]

    @property
    def day(self) -> NDArray[np.int64]:
        """Day each transfer was made, from 0."""
        return (self.arrived_min // DAY_MIN).astype(np.int64)

    @property
    def n_days(self) -> int:
        """How many days there are."""
        return int(self.day.max()) + 1

    @property
    def is_fraud(self) -> NDArray[np.bool_]:
        """Which transfers are fraud."""
        return (self.rows["label"] == Label.FRAUD).to_numpy()

    def in_time(self, capacity: DeskCapacity) -> NDArray[np.bool_]:
        """Return which transfers an officer began with within the target of their tier."""
        # The last target stands for no tier, whose wait is NaN and so never within it.
        targets = np.array([*(capacity.targets_min[tier] for tier in _TIERS), 0.0])
        return self.begun_min - self.arrived_min <= targets[self.rank]


def local_times(event_time: "pd.Series[pd.Timestamp]", time_zone: str) -> "pd.Series[pd.Timestamp]":
    """Return moments as clocks on the wall of a zone show them."""
    return event_time.dt.tz_convert(time_zone).dt.tz_localize(None)


def minutes_after(
    local: "pd.Series[pd.Timestamp]", since: "pd.Timestamp | pd.Series[pd.Timestamp]"
) -> NDArray[np.float64]:
    """Return the minutes from one moment, or one each, to others."""
    return np.asarray((local - since) / pd.Timedelta(minutes=1), dtype=np.float64)


def run_desk(
    graded: pd.DataFrame, policy: Policy, *, capacity: DeskCapacity, costs: PlanCosts, time_zone: str
) -> tuple[DeskHistory, DeskRun]:
    """Return what would have come of a policy, had these officers worked its alerts.

    Alerts arrive when the transfers were made, and are worked tier by tier, the larger expected loss
    (score times amount) first. What an officer saves of a transfer shrinks while it waits; a likely
    victim who is persuaded does not make the later transfers of the same case. Shares take the place of
    chance, so that the same history always gives the same result.

    Parameters
    ----------
    graded : DataFrame
        From `fraudguard.model.study.grade`.
    policy : Policy
        What is recommended.
    capacity : DeskCapacity
        Who works it.
    costs : PlanCosts
        The assumptions.
    time_zone : str
        Zone of the shifts and days, such as ``Asia/Shanghai``.

    Returns
    -------
    tuple of DeskHistory and DeskRun
        By day and tier; and by transfer.

    Raises
    ------
    DataError
        If there are no transfers.
    """
    if graded.empty:
        raise DataError("no transfers to run the desk on", "没有可供推演的转账")
    run = _worked(graded, policy, capacity=capacity, costs=costs, time_zone=time_zone)
    days = tuple(_day_row(run, policy, day, capacity=capacity, costs=costs) for day in range(run.n_days))
    return DeskHistory(days=days, tiers=tuple(_tier_row(run, tier, capacity) for tier in _TIERS)), run


def _worked(
    graded: pd.DataFrame, policy: Policy, *, capacity: DeskCapacity, costs: PlanCosts, time_zone: str
) -> DeskRun:
    rows = graded.rename_axis("transfer_id").reset_index().sort_values(["event_time", "transfer_id"], kind="stable")
    local = local_times(rows["event_time"], time_zone)
    first_day = local.iloc[0].normalize()
    arrived = minutes_after(local, first_day)
    score = rows["score"].to_numpy(dtype=np.float64)
    step = np.searchsorted([one.score_from for one in policy.steps], score, side="right").astype(np.int64)
    ranks = np.array([_NO_TIER, *(_NO_TIER if s.tier is None else _TIERS.index(s.tier) for s in policy.steps)])
    rank = ranks[step]
    begun = np.full(len(rows), np.nan)
    alerted = rank != _NO_TIER
    work = np.array([capacity.minutes_of(tier) for tier in _TIERS])
    alerts = ArrivedAlerts(
        arrived_min=arrived[alerted],
        rank=rank[alerted],
        savable=(score * rows["amount_fen"].to_numpy(dtype=np.float64))[alerted],
        work_min=work[rank[alerted]],
    )
    shifts = capacity.shifts_of(int(arrived[-1] // DAY_MIN) + 1)
    begun[alerted] = work_alerts(alerts, shifts, officers=capacity.officers)
    saved = _saved_fen(rows, policy, costs, step=step, arrived=arrived, begun=begun)
    return DeskRun(
        rows=rows, first_day=first_day, arrived_min=arrived, begun_min=begun, rank=rank, step=step, saved_fen=saved
    )


def _saved_fen(
    rows: pd.DataFrame,
    policy: Policy,
    costs: PlanCosts,
    *,
    step: NDArray[np.int64],
    arrived: NDArray[np.float64],
    begun: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what is expected to be saved of each fraud; a case keeps the moments its likely victim was spoken to."""
    saved = np.zeros(len(rows))
    spoken: dict[str, list[tuple[float, float]]] = {}
    amount_fen, case = rows["amount_fen"].to_numpy(dtype=np.float64), _cases(rows)
    for place in np.flatnonzero((rows["label"] == Label.FRAUD).to_numpy()).tolist():
        talks = spoken.setdefault(case[place], [])
        still_sends = float(np.prod([1.0 - share for moment, share in talks if moment <= arrived[place]]))
        lost = still_sends
        if step[place]:
            one = policy.steps[step[place] - 1]
            lost *= 1.0 - costs.stops_alone[one.intervention]
            if np.isfinite(begun[place]):
                talks.append((float(begun[place]), persuades(one, costs)))
                lost *= 1.0 - persuades(one, costs) * _left(one, float(begun[place] - arrived[place]), costs)
        saved[place] = amount_fen[place] * (1.0 - lost)
    return saved


def _left(step: Step, wait_min: float, costs: PlanCosts) -> float:
    return float(money_left(step, np.array([wait_min]), costs)[0])


def _cases(rows: pd.DataFrame) -> list[str]:
    """Return the case of each transfer; where none is named, its payer."""
    case = rows["payer_account_id"].astype("str")
    if "case_id" in rows:
        case = rows["case_id"].astype("str").where(rows["case_id"].notna(), case)
    return case.tolist()


def _day_row(run: DeskRun, policy: Policy, day: int, *, capacity: DeskCapacity, costs: PlanCosts) -> DayRow:
    made = run.day == day
    ends = (day + 1) * DAY_MIN
    work_day = np.floor(run.begun_min / DAY_MIN)
    alerted = run.rank != _NO_TIER
    begun = work_day == day
    waits = (run.begun_min - run.arrived_min)[begun]
    still = alerted & (run.arrived_min < ends) & ~(run.begun_min < ends)
    longest = np.concatenate((waits, (ends - run.arrived_min)[still]))
    fraud, in_time = run.is_fraud, run.in_time(capacity)
    amount_fen = run.rows["amount_fen"].to_numpy(dtype=np.float64)
    review = np.array([0.0, *(review_fen(step, costs) for step in policy.steps)])
    friction = np.array([0.0, *(costs.friction_fen[step.intervention] for step in policy.steps)])
    work = np.array([*(capacity.minutes_of(tier) for tier in _TIERS), 0.0])
    counts = {str(tier): int((made & (run.rank == place)).sum()) for place, tier in enumerate(_TIERS)}
    return DayRow(
        day=f"{run.first_day + pd.Timedelta(days=day):%Y-%m-%d}",
        transfers=int(made.sum()),
        reminded=int((made & (run.step > 0) & ~alerted).sum()),
        **counts,
        worked=int(begun.sum()),
        waiting=int(still.sum()),
        in_time=int((made & in_time).sum()),
        wait_p50_min=_quantile(waits, 0.5),
        wait_p90_min=_quantile(waits, 0.9),
        longest_wait_min=_quantile(longest, 1.0),
        busy=float(work[run.rank[begun]].sum()) / capacity.minutes_per_day,
        frauds=int((made & fraud).sum()),
        caught=int((made & fraud & in_time).sum()),
        fraud_fen=float(amount_fen[made & fraud].sum()),
        saved_fen=float(run.saved_fen[made].sum()),
        interrupted=int(run.rows.loc[made & alerted & ~fraud, "payer_account_id"].nunique()),
        review_fen=float(review[run.step[begun]].sum()),
        friction_fen=float(friction[run.step[made & ~fraud]].sum()),
    )


def _tier_row(run: DeskRun, tier: Tier, capacity: DeskCapacity) -> TierRow:
    of_tier = run.rank == _TIERS.index(tier)
    waits = (run.begun_min - run.arrived_min)[of_tier & np.isfinite(run.begun_min)]
    low, middle, high = day_spread(np.bincount(run.day[of_tier], minlength=run.n_days))
    return TierRow(
        tier=tier,
        alerts=int(of_tier.sum()),
        worked=len(waits),
        in_time=int((of_tier & run.in_time(capacity)).sum()),
        per_day_p10=low,
        per_day_p50=middle,
        per_day_p90=high,
        wait_p50_min=_quantile(waits, 0.5),
        wait_p90_min=_quantile(waits, 0.9),
    )


def _quantile(values: NDArray[np.float64], share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None
