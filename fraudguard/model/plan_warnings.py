"""What a reader of a plan must know before trusting it."""

from typing import TYPE_CHECKING, Final

from fraudguard.wording import Bilingual

if TYPE_CHECKING:
    from fraudguard.model.budget_plan import PlannedStep, PlanWindow
    from fraudguard.model.capacity import DeskCapacity
    from fraudguard.model.desk_history import DeskHistory

__all__ = ["plan_warnings"]

_FEW_FRAUDS: Final = 20
_SELDOM: Final = 0.8
_IDLE: Final = 0.5
_FAR_OFF: Final = 2.0


def plan_warnings(
    chosen_on: "PlanWindow",
    run_on: "PlanWindow",
    steps: "tuple[PlannedStep, ...]",
    *,
    history: "DeskHistory",
    capacity: "DeskCapacity",
    expected_frauds: float,
) -> tuple[Bilingual, ...]:
    """Return the warnings of a plan.

    Parameters
    ----------
    chosen_on, run_on : PlanWindow
        What it was chosen and run on.
    steps : tuple of PlannedStep
        What is expected.
    history : DeskHistory
        What came of it.
    capacity : DeskCapacity
        The officers.
    expected_frauds : float
        Sum of the scores of the window it was chosen on.

    Returns
    -------
    tuple of Bilingual
        The gravest first; empty where there is nothing to say.
    """
    found = (
        _of_counts(chosen_on, run_on, expected_frauds),
        _of_alerts(steps, capacity),
        _of_the_run(history, capacity),
    )
    return tuple(warning for part in found for warning in part)


def _of_counts(chosen_on: "PlanWindow", run_on: "PlanWindow", expected: float) -> list[Bilingual]:
    said: list[Bilingual] = []
    if run_on.frauds < _FEW_FRAUDS:
        said.append(
            Bilingual(
                f"推演的几天只有 {run_on.frauds} 笔涉诈，命中数与挽回金额多半是运气；请用更长的时段",
                f"only {run_on.frauds} frauds on the days it was run on: what is caught and saved is mostly luck; "
                f"use a longer period",
            )
        )
    seen = chosen_on.frauds
    if seen >= _FEW_FRAUDS and not 1 / _FAR_OFF <= expected / seen <= _FAR_OFF:
        said.append(
            Bilingual(
                f"模型预计 {expected:.0f} 笔涉诈，实有 {seen} 笔：分数在这批数据上未校准，请重新训练再规划",
                f"the scores expect {expected:.0f} frauds where {seen} are known: they are not calibrated to these "
                f"data; train again before you plan",
            )
        )
    return said


def _of_alerts(steps: "tuple[PlannedStep, ...]", capacity: "DeskCapacity") -> list[Bilingual]:
    minutes = {
        one.tier: one.per_day * capacity.minutes_of(one.step.tier) for one in steps if one.step and one.step.tier
    }
    if not minutes:
        return [
            Bilingual(
                "按这些成本，没有一条预警值得处置员去做；策略只提醒或放行。请核对成本与分数",
                "at these costs no alert is worth an officer's work; the policy reminds or allows. Check costs and scores",
            )
        ]
    share = sum(minutes.values()) / capacity.planned_per_day
    if share >= _IDLE:
        return []
    return [
        Bilingual(
            f"只用到可排工时的 {share:.0%}：再多的预警已不值其成本，人手有余",
            f"{share:.0%} of the minutes that may be filled are used: further alerts are not worth their cost, "
            f"and the officers suffice",
        )
    ]


def _of_the_run(history: "DeskHistory", capacity: "DeskCapacity") -> list[Bilingual]:
    said: list[Bilingual] = []
    if history.alerts and history.in_time_share < _SELDOM:
        share = history.in_time_share
        said.append(
            Bilingual(
                f"只有 {share:.0%} 的预警在时限内开始处置；请增加人手、班次，或降低 fill",
                f"only {share:.0%} of the alerts are begun in time; add officers or shifts, or lower fill",
            )
        )
    if history.alerts and history.waiting > history.per_day("alerts"):
        said.append(
            Bilingual(
                f"推演结束时积压 {history.waiting} 条，超过一天的量",
                f"{history.waiting} alerts wait at the end, more than a day brings",
            )
        )
    if capacity.hours_off_duty > 0:
        hours = f"{capacity.hours_off_duty:g}"
        said.append(
            Bilingual(
                f"每天有 {hours} 小时无人值守：其间的预警要等到开班，短于此的暂缓会先到期",
                f"nobody is on duty for {hours} hours a day: alerts wait for the next shift, and shorter holds lapse",
            )
        )
    return said
