"""Planning a desk: choose on the earlier days, run on the later ones, compare with simpler ways to choose."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Policy, Step
from fraudguard.errors import DataError
from fraudguard.labels import Label
from fraudguard.model.budget_plan import BudgetPlan, PlannedStep, PlanRival, PlanWindow
from fraudguard.model.capacity import DAY_MIN, DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_history import DeskHistory
from fraudguard.model.desk_run import local_times, minutes_after, run_desk
from fraudguard.model.gains import LADDER, expected_gain, saved_share
from fraudguard.model.plan_warnings import plan_warnings
from fraudguard.model.step_choice import Cuts, choose_cuts, policy_at
from fraudguard.model.threshold import AlertBudget, choose_policy
from fraudguard.progress import Progress, silent

__all__ = ["Choice", "choose_for_desk", "equal_budget", "halves", "plan_budget", "plan_range"]

_ZONE: Final = "Asia/Shanghai"
_PER: Final = 10_000
_WHOLE_FROM_MIN: Final = DAY_MIN - 60
"""A last day whose transfers do not come within an hour of midnight is no whole day."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Cuts for a desk, with what they were made from.

    Parameters
    ----------
    cuts : Cuts
        How many transfers reach each step, and what that is worth.
    gain_fen : ndarray of float64, shape (5, n_transfers)
        Expected worth of each step on each transfer.
    days : float
        From the first transfer to the midnight after the last.
    """

    cuts: Cuts
    gain_fen: NDArray[np.float64]
    days: float


@dataclass(frozen=True, slots=True)
class _Setting:
    """Who works, what is assumed, and whose midnight it is."""

    capacity: DeskCapacity
    costs: PlanCosts
    time_zone: str

    def run(self, graded: pd.DataFrame, policy: Policy) -> DeskHistory:
        """Return what comes of a policy."""
        return run_desk(graded, policy, capacity=self.capacity, costs=self.costs, time_zone=self.time_zone)[0]

    def off_duty_min(self, graded: pd.DataFrame) -> NDArray[np.float64]:
        """Return how long after each transfer somebody is on duty."""
        local = local_times(graded["event_time"], self.time_zone)
        return self.capacity.off_duty_wait_min(minutes_after(local, local.dt.normalize()))

    def saved_fen(self, graded: pd.DataFrame, step: Step) -> NDArray[np.float64]:
        """Return what a step is expected to save of each transfer."""
        share = saved_share(step, self.off_duty_min(graded), capacity=self.capacity, costs=self.costs)
        return _score(graded) * _amount_fen(graded) * share


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
    setting = _Setting(capacity, costs or PlanCosts(), time_zone)
    earlier, later = halves(graded, time_zone)
    choice = choose_for_desk(earlier, capacity, setting.costs, time_zone=time_zone)
    policy = policy_at(_score(earlier), choice.cuts.reached)
    history = setting.run(later, policy)
    chosen_on, run_on = _window(earlier, time_zone), _window(later, time_zone)
    steps = _planned_steps(earlier, policy, choice, setting=setting)
    return BudgetPlan(
        policy=policy,
        capacity=capacity,
        costs=setting.costs,
        time_zone=time_zone,
        chosen_on=chosen_on,
        run_on=run_on,
        steps=steps,
        worth_fen_per_day=choice.cuts.worth_fen / choice.days,
        history=history,
        rivals=(PlanRival.of("plan", history), *_rivals(earlier, later, setting, days=choice.days)),
        warnings=plan_warnings(
            chosen_on, run_on, steps, history=history, capacity=capacity, expected_frauds=float(_score(earlier).sum())
        ),
    )


def plan_range(
    graded: pd.DataFrame,
    capacity: DeskCapacity,
    costs: PlanCosts | None = None,
    *,
    up_to: int,
    time_zone: str = _ZONE,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return what plans for one officer a shift, two, and so on would do.

    Parameters
    ----------
    graded, capacity, costs, time_zone
        As in `plan_budget`; the number of officers is replaced.
    up_to : int
        The largest number of officers.
    progress : Progress
        Told how many plans are made.

    Returns
    -------
    DataFrame
        One row a number of officers: ``officers``, ``worth_fen_per_day`` (expected where it was chosen), and of
        the run ``alerts_per_day``, ``in_time_share``, ``waiting_p50`` and ``waiting_p90`` (alerts that wait when a
        day ends), ``caught``, ``frauds``, ``saved_fen``, ``cost_fen``, ``net_fen``,
        ``net_fen_per_day`` and ``busy``.
    """
    rows: list[dict[str, float]] = []
    for officers in range(1, up_to + 1):
        plan = plan_budget(graded, replace(capacity, officers=officers), costs, time_zone=time_zone)
        rows.append({"officers": officers, **_range_row(plan)})
        progress(officers, up_to)
    return pd.DataFrame(rows)


def _range_row(plan: BudgetPlan) -> dict[str, float]:
    first, history = plan.rivals[0], plan.history
    _, waiting_p50, waiting_p90 = history.spread("waiting")
    return {
        "worth_fen_per_day": plan.worth_fen_per_day,
        "alerts_per_day": first.alerts_per_day,
        "in_time_share": first.in_time_share,
        "waiting_p50": waiting_p50,
        "waiting_p90": waiting_p90,
        "caught": first.caught,
        "frauds": first.frauds,
        "saved_fen": first.saved_fen,
        "cost_fen": first.cost_fen,
        "net_fen": first.net_fen,
        "net_fen_per_day": first.net_fen / len(history.days),
        "busy": history.per_day("busy"),
    }


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
    graded: pd.DataFrame, capacity: DeskCapacity, costs: PlanCosts, *, time_zone: str = _ZONE
) -> Choice:
    """Return the best cuts for these officers.

    Parameters
    ----------
    graded : DataFrame
        The transfers to choose on; only ``score``, ``amount_fen`` and ``event_time`` are looked at.
    capacity : DeskCapacity
        The officers.
    costs : PlanCosts
        The assumptions.
    time_zone : str
        Of the shifts.

    Returns
    -------
    Choice
        With what it was made from.
    """
    setting, days = _Setting(capacity, costs, time_zone), _days(graded, time_zone)
    score, off_duty_min = _score(graded), setting.off_duty_min(graded)
    gains = [
        expected_gain(
            step,
            score=score,
            amount_fen=_amount_fen(graded),
            off_duty_min=off_duty_min,
            capacity=capacity,
            costs=costs,
        )
        for step in LADDER
    ]
    gain_fen = np.stack(gains)
    minutes = days * capacity.planned_per_day
    cuts = choose_cuts(score, gain_fen, call_min=capacity.call_min, visit_min=capacity.visit_min, minutes=minutes)
    return Choice(cuts=cuts, gain_fen=gain_fen, days=days)


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


def _rivals(earlier: pd.DataFrame, later: pd.DataFrame, setting: _Setting, *, days: float) -> tuple[PlanRival, ...]:
    budget = equal_budget(setting.capacity, transfers_per_day=len(earlier) / days)
    by_model = choose_policy(_score(earlier), budget)
    most = float(max(earlier["amount_fen"].max(), later["amount_fen"].max())) + 1.0
    by_amount = choose_policy(_amount_fen(earlier) / most, budget)
    amounts = later.assign(score=_amount_fen(later) / most)
    return (
        PlanRival.of("alert_budget", setting.run(later, by_model)),
        PlanRival.of("largest_amount", setting.run(amounts, by_amount)),
    )


def _planned_steps(
    graded: pd.DataFrame, policy: Policy, choice: Choice, *, setting: _Setting
) -> tuple[PlannedStep, ...]:
    """Return the ladder; the capacity of a tier is what the graver ones leave."""
    capacity, score = setting.capacity, _score(graded)
    place = np.searchsorted([step.score_from for step in policy.steps], score, side="right")
    standing = {step.intervention: (number, step) for number, step in enumerate(policy.steps, start=1)}
    planned: list[PlannedStep] = []
    taken_min = 0.0
    for number, rung in reversed(list(enumerate(LADDER))):
        at, step = standing.get(rung.intervention, (-1, None))
        on, tier = place == at, rung.tier
        saved_fen = float(setting.saved_fen(graded, rung)[on].sum())
        planned.append(
            PlannedStep(
                step=step,
                intervention=str(rung.intervention),
                tier="" if tier is None else str(tier),
                per_day=int(on.sum()) / choice.days,
                capacity_per_day=None if tier is None else capacity.alerts_per_day(tier, taken_min=taken_min),
                frauds_per_day=float(score[on].sum()) / choice.days,
                saved_fen_per_day=saved_fen / choice.days,
                cost_fen_per_day=(saved_fen - float(choice.gain_fen[number, on].sum())) / choice.days,
            )
        )
        taken_min += 0.0 if tier is None else planned[-1].per_day * capacity.minutes_of(tier)
    return tuple(reversed(planned))


def _score(graded: pd.DataFrame) -> NDArray[np.float64]:
    return graded["score"].to_numpy(dtype=np.float64)


def _amount_fen(graded: pd.DataFrame) -> NDArray[np.float64]:
    return graded["amount_fen"].to_numpy(dtype=np.float64)


def _days(graded: pd.DataFrame, time_zone: str) -> float:
    local = local_times(graded["event_time"], time_zone)
    ends = local.max().normalize() + pd.Timedelta(days=1)
    return float((ends - local.min()) / pd.Timedelta(days=1))


def _window(graded: pd.DataFrame, time_zone: str) -> PlanWindow:
    local = local_times(graded["event_time"], time_zone)
    return PlanWindow(
        begin=f"{local.min():%Y-%m-%d}",
        end=f"{local.max():%Y-%m-%d}",
        days=_days(graded, time_zone),
        transfers=len(graded),
        frauds=int((graded["label"] == Label.FRAUD).sum()),
    )
