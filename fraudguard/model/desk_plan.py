"""Planning a desk: choose on the earlier days, run on the later ones, compare with simpler ways to choose."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Policy
from fraudguard.errors import DataError
from fraudguard.labels import Label
from fraudguard.model.budget_plan import BudgetPlan, PlannedStep, PlanRival, PlanWindow
from fraudguard.model.capacity import DAY_MIN, DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_run import local_times, run_desk
from fraudguard.model.gains import LADDER, expected_gain, saved_share
from fraudguard.model.plan_warnings import plan_warnings
from fraudguard.model.step_choice import Cuts, choose_cuts, policy_at
from fraudguard.model.threshold import AlertBudget, choose_policy

__all__ = ["choose_for_desk", "equal_budget", "halves", "plan_budget"]

_ZONE: Final = "Asia/Shanghai"
_PER: Final = 10_000
_WHOLE_FROM_MIN: Final = DAY_MIN - 60
"""A last day whose transfers do not come within an hour of midnight is no whole day."""


def plan_budget(
    graded: pd.DataFrame, capacity: DeskCapacity, costs: PlanCosts | None = None, *, time_zone: str = _ZONE
) -> BudgetPlan:
    """Return the policy that is expected to save most, less its costs, with these officers.

    The steps are chosen on the earlier half of the days, from scores and amounts alone, not from labels.
    The policy is then run over the later half, so that it is not judged on what it was chosen on.

    Parameters
    ----------
    graded : DataFrame
        From `fraudguard.model.study.grade`, of a window that training did not see; two days or more.
    capacity : DeskCapacity
        The officers.
    costs : PlanCosts or None
        The assumptions; None for the defaults.
    time_zone : str
        Of days and shifts.

    Returns
    -------
    BudgetPlan
        On the window it was chosen on, its alerts take no more than the minutes that may be filled.

    Raises
    ------
    DataError
        If the transfers are of fewer than two local days.
    """
    costs = costs or PlanCosts()
    earlier, later = halves(graded, time_zone)
    cuts, gains, days = choose_for_desk(earlier, capacity, costs, time_zone=time_zone)
    policy = policy_at(_score(earlier), cuts.reached)
    history, _ = run_desk(later, policy, capacity=capacity, costs=costs, time_zone=time_zone)
    chosen_on, run_on = (_window(part, time_zone, days=span) for part, span in ((earlier, days), (later, None)))
    steps = _planned_steps(earlier, policy, gains, capacity=capacity, costs=costs, days=days, time_zone=time_zone)
    rivals = (PlanRival.of("plan", history), *_rivals(earlier, later, capacity, costs, days=days, time_zone=time_zone))
    return BudgetPlan(
        policy=policy,
        capacity=capacity,
        costs=costs,
        time_zone=time_zone,
        chosen_on=chosen_on,
        run_on=run_on,
        steps=steps,
        worth_fen_per_day=cuts.worth_fen / days,
        history=history,
        rivals=rivals,
        warnings=plan_warnings(
            chosen_on, run_on, steps, history=history, capacity=capacity, expected_frauds=float(_score(earlier).sum())
        ),
    )


def halves(graded: pd.DataFrame, time_zone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the earlier and the later half of the days of graded transfers.

    Parameters
    ----------
    graded : DataFrame
        From `fraudguard.model.study.grade`.
    time_zone : str
        The halves meet at a local midnight.

    Returns
    -------
    tuple of DataFrame
        Neither is empty. A last day that is not whole is left out of the later one, unless it is alone.

    Raises
    ------
    DataError
        If there are fewer than two local days.
    """
    local = local_times(graded["event_time"], time_zone)
    day = local.dt.normalize()
    if day.nunique() < 2:
        raise DataError(
            f"a plan is chosen on some days and run on later ones, and the {len(graded)} graded transfers are of "
            f"{day.nunique()} day; grade a longer window",
            f"规划先在前几天选阈值，再在其后推演；已评的 {len(graded)} 笔只有 {day.nunique()} 天，请扩大评估时段",
        )
    days = np.sort(day.unique())
    middle = days[len(days) // 2]
    last = pd.Timestamp(days[-1])
    minute = (local.max() - last) / pd.Timedelta(minutes=1)
    drop_last = minute < _WHOLE_FROM_MIN and middle < days[-1]
    later = (day >= middle) & ~((day == last) & drop_last)
    return graded[(day < middle).to_numpy()], graded[later.to_numpy()]


def choose_for_desk(
    graded: pd.DataFrame, capacity: DeskCapacity, costs: PlanCosts, *, time_zone: str
) -> tuple[Cuts, NDArray[np.float64], float]:
    """Return the best cuts for these officers, the worth of each step on each transfer, and the days they cover.

    Parameters
    ----------
    graded : DataFrame
        The transfers to choose on.
    capacity : DeskCapacity
        The officers.
    costs : PlanCosts
        The assumptions.
    time_zone : str
        Of the shifts.

    Returns
    -------
    tuple of Cuts, ndarray of float64 of shape (5, n_transfers), and float
        Days from the first transfer to the midnight after the last.
    """
    off_duty, days = _off_duty_min(graded, capacity, time_zone), _days(graded, time_zone)
    score, amount_fen = _score(graded), graded["amount_fen"].to_numpy(dtype=np.float64)
    gains = np.stack([
        expected_gain(step, score=score, amount_fen=amount_fen, off_duty_min=off_duty, capacity=capacity, costs=costs)
        for step in LADDER
    ])
    cuts = choose_cuts(
        score,
        gains,
        call_min=capacity.call_min,
        visit_min=capacity.visit_min,
        minutes=days * capacity.planned_per_day,
    )
    return cuts, gains, days


def equal_budget(capacity: DeskCapacity, *, transfers_per_day: float) -> AlertBudget:
    """Return the alert budget whose fixed shares fill the same minutes.

    Parameters
    ----------
    capacity : DeskCapacity
        The officers.
    transfers_per_day : float
        How many transfers there are.

    Returns
    -------
    AlertBudget
        At most all transfers.
    """
    shares = {step.tier: rate for rate, step in AlertBudget(alerts=1.0).steps()}
    visited = max(rate for tier, rate in shares.items() if tier is not None and capacity.is_visited(tier))
    alerts = capacity.planned_per_day / (capacity.call_min + visited * capacity.visit_min)
    return AlertBudget(alerts=min(_PER * alerts / transfers_per_day, float(_PER)))


def _rivals(
    earlier: pd.DataFrame,
    later: pd.DataFrame,
    capacity: DeskCapacity,
    costs: PlanCosts,
    *,
    days: float,
    time_zone: str,
) -> tuple[PlanRival, ...]:
    budget = equal_budget(capacity, transfers_per_day=len(earlier) / days)
    largest = max(float(earlier["amount_fen"].max()), float(later["amount_fen"].max())) + 1.0
    by_amount = [
        part.assign(score=part["amount_fen"].to_numpy(dtype=np.float64) / largest) for part in (earlier, later)
    ]
    found: list[PlanRival] = []
    for code, chosen_on, run_on in (("alert_budget", earlier, later), ("largest_amount", *by_amount)):
        policy = choose_policy(_score(chosen_on), budget)
        history, _ = run_desk(run_on, policy, capacity=capacity, costs=costs, time_zone=time_zone)
        found.append(PlanRival.of(code, history))
    return tuple(found)


def _planned_steps(
    graded: pd.DataFrame,
    policy: Policy,
    gains: NDArray[np.float64],
    *,
    capacity: DeskCapacity,
    costs: PlanCosts,
    days: float,
    time_zone: str,
) -> tuple[PlannedStep, ...]:
    score, amount_fen = _score(graded), graded["amount_fen"].to_numpy(dtype=np.float64)
    off_duty = _off_duty_min(graded, capacity, time_zone)
    place = np.searchsorted([step.score_from for step in policy.steps], score, side="right")
    standing = {step.intervention: (number, step) for number, step in enumerate(policy.steps, start=1)}
    planned: list[PlannedStep] = []
    taken_min = 0.0
    for number, rung in reversed(list(enumerate(LADDER))):
        at, step = standing.get(rung.intervention, (-1, None))
        on = place == at
        saved = score * amount_fen * saved_share(rung, off_duty, capacity=capacity, costs=costs)
        per_day = float(on.sum()) / days
        saved_per_day = float(saved[on].sum()) / days
        planned.append(
            PlannedStep(
                step=step,
                intervention=str(rung.intervention),
                tier="" if rung.tier is None else str(rung.tier),
                per_day=per_day,
                capacity_per_day=None if rung.tier is None else capacity.alerts_per_day(rung.tier, taken_min=taken_min),
                frauds_per_day=float(score[on].sum()) / days,
                saved_fen_per_day=saved_per_day,
                cost_fen_per_day=saved_per_day - float(gains[number, on].sum()) / days,
            )
        )
        taken_min += 0.0 if rung.tier is None else per_day * capacity.minutes_of(rung.tier)
    return tuple(reversed(planned))


def _score(graded: pd.DataFrame) -> NDArray[np.float64]:
    return graded["score"].to_numpy(dtype=np.float64)


def _off_duty_min(graded: pd.DataFrame, capacity: DeskCapacity, time_zone: str) -> NDArray[np.float64]:
    local = local_times(graded["event_time"], time_zone)
    minute = ((local - local.dt.normalize()) / pd.Timedelta(minutes=1)).to_numpy(dtype=np.float64)
    return capacity.off_duty_wait_min(minute)


def _days(graded: pd.DataFrame, time_zone: str) -> float:
    local = local_times(graded["event_time"], time_zone)
    ends = local.max().normalize() + pd.Timedelta(days=1)
    return float((ends - local.min()) / pd.Timedelta(days=1))


def _window(graded: pd.DataFrame, time_zone: str, *, days: float | None) -> PlanWindow:
    local = local_times(graded["event_time"], time_zone)
    return PlanWindow(
        begin=f"{local.min():%Y-%m-%d}",
        end=f"{local.max():%Y-%m-%d}",
        days=_days(graded, time_zone) if days is None else days,
        transfers=len(graded),
        frauds=int((graded["label"] == Label.FRAUD).sum()),
    )
