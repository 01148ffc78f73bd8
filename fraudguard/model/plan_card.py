"""A plan as people read it: tables of text, for a notebook, a page and the terminal."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, Final

from fraudguard.wording import Bilingual, word
from fraudguard.wording.markup import Table, card

if TYPE_CHECKING:
    import pandas as pd

    from fraudguard.model.budget_plan import BudgetPlan, PlannedStep, PlanRival
    from fraudguard.model.desk_history import DayRow, TierRow

__all__ = [
    "brief",
    "day_table",
    "officer_table",
    "plan_card",
    "plan_markdown",
    "plan_summary",
    "rival_table",
    "step_table",
    "tier_table",
]

_RIVALS: Final = {
    "plan": Bilingual("本规划", "This plan"),
    "alert_budget": Bilingual("固定比例", "Fixed shares"),
    "largest_amount": Bilingual("金额最大", "Largest amount"),
}
_DAYS_SHOWN: Final = 31


def brief(table: Table, *, places: Sequence[int]) -> Table:
    """Return a table with some of its columns only, for the 80 columns of a terminal."""
    columns, *rows = [[cells[place] for place in places] for cells in (table.columns, *table.rows)]
    return Table(title=table.title, columns=columns, rows=rows)


def plan_summary(plan: "BudgetPlan") -> Bilingual:
    """Return what was planned for whom and what came of it, in sentences."""
    capacity, first = plan.capacity, plan.rivals[0]
    low, _, high = plan.history.spread("alerts")
    return Bilingual(
        f"每班 {capacity.officers} 人、{capacity.shifts} 班、每班 {capacity.calls_per_shift:g} 通电话或 "
        f"{capacity.visits_per_shift:g} 次上门。在 {plan.chosen_on.begin} 至 {plan.chosen_on.end} 选阈值，"
        f"在 {plan.run_on.begin} 至 {plan.run_on.end} 推演：每天 {first.alerts_per_day:.1f} 条预警"
        f"（少的一天 {low:.0f}，多的一天 {high:.0f}），{_share(first.in_time_share)} 按时开始，"
        f"按时处置 {first.caught}/{first.frauds} 笔涉诈，期末积压 {first.waiting} 条",
        f"{capacity.officers} officer{'s' * (capacity.officers != 1)} in each of {capacity.shifts} shifts, {capacity.calls_per_shift:g} calls or "
        f"{capacity.visits_per_shift:g} visits each. Chosen on {plan.chosen_on.begin} to {plan.chosen_on.end}, run on "
        f"{plan.run_on.begin} to {plan.run_on.end}: {first.alerts_per_day:.1f} alerts a day (a quiet day {low:.0f}, "
        f"a busy one {high:.0f}), {_share(first.in_time_share)} begun in time, {first.caught} of {first.frauds} "
        f"frauds worked in time, {first.waiting} alerts waiting at the end",
    )


def step_table(plan: "BudgetPlan", *, lang: str, sign: str = "¥") -> Table:
    """Return the ladder: where each step begins, and what was expected of it on the days it was chosen on."""
    zh = ("干预", "等级", "分数自", "每天", "可办/天", "涉诈/天", "挽回/天", "成本/天")
    en = ("intervention", "tier", "from score", "a day", "workable", "frauds a day", "saved a day", "cost a day")
    title = Bilingual("阈值与预计（选阈值的几天）", "Steps, as expected on the days they were chosen on").text(lang)
    rows = [_step_row(one, lang, sign) for one in plan.steps]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _step_row(one: "PlannedStep", lang: str, sign: str) -> tuple[str, ...]:
    unused = Bilingual("不用", "not used").text(lang)
    return (
        word("intervention", one.intervention, lang),
        word("tier", one.tier, lang) if one.tier else "–",
        unused if one.step is None else f"{one.step.score_from:.4g}",
        f"{one.per_day:,.1f}",
        "–" if one.capacity_per_day is None else f"{one.capacity_per_day:,.1f}",
        f"{one.frauds_per_day:.2f}",
        _money(one.saved_fen_per_day, sign),
        _money(one.cost_fen_per_day, sign),
    )


def tier_table(plan: "BudgetPlan", *, lang: str) -> Table:
    """Return how the tiers fared in the run: arrivals of quiet and busy days, and how long they waited."""
    zh = ("等级", "时限（分）", "预警", "每天 少/中/多", "按时", "等待 中位/90%（分）")
    en = ("tier", "target, min", "alerts", "a day: quiet / middling / busy", "in time", "wait, median / 90 %, min")
    title = Bilingual("推演：各等级", "The run, by tier").text(lang)
    rows = [_tier_row(one, plan.capacity.targets_min[one.tier], lang) for one in plan.history.tiers]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _tier_row(row: "TierRow", target: float, lang: str) -> tuple[str, ...]:
    return (
        word("tier", row.tier, lang),
        f"{target:g}",
        f"{row.alerts:,}",
        f"{row.per_day_p10:.0f} / {row.per_day_p50:.0f} / {row.per_day_p90:.0f}",
        _share(row.in_time / row.alerts) if row.alerts else "–",
        f"{_minutes(row.wait_p50_min)} / {_minutes(row.wait_p90_min)}",
    )


def day_table(plan: "BudgetPlan", *, lang: str, sign: str = "¥") -> Table:
    """Return the run day by day; of more than 31 days the last."""
    zh = (
        "日期",
        "急/高/中/低",
        "已办",
        "按时",
        "积压",
        "最久/分",
        "忙",
        "按时/涉诈",
        "挽回",
        "受扰客户",
        "成本",
    )
    en = (
        "day", "urgent to low", "worked", "in time", "waiting", "longest, min", "busy",
        "in time / frauds", "saved", "interrupted", "cost",
    )  # fmt: skip
    title = Bilingual("推演：逐日", "The run, day by day").text(lang)
    rows = [_day_row(day, sign) for day in plan.history.days[-_DAYS_SHOWN:]]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _day_row(day: "DayRow", sign: str) -> tuple[str, ...]:
    return (
        day.day,
        f"{day.urgent}/{day.high}/{day.medium}/{day.low}",
        f"{day.worked:,}",
        f"{day.in_time:,}",
        f"{day.waiting:,}",
        _minutes(day.longest_wait_min),
        f"{day.busy:.0%}",
        f"{day.caught}/{day.frauds}",
        _money(day.saved_fen, sign),
        f"{day.interrupted:,}",
        _money(day.review_fen + day.friction_fen, sign),
    )


def rival_table(plan: "BudgetPlan", *, lang: str, sign: str = "¥") -> Table:
    """Return the plan beside other ways to choose, with the same officers on the same days."""
    zh = ("", "预警/天", "按时", "积压", "按时/涉诈", "挽回", "成本", "净省", "受扰/天")
    en = ("", "alerts a day", "in time", "waiting", "in time / frauds", "saved", "cost", "net", "upset a day")
    fraud = _money(plan.rivals[0].fraud_fen, sign)
    title = Bilingual(
        f"同样人手、同样几天的比较（涉诈共 {fraud}）", f"With the same officers on the same days ({fraud} of fraud)"
    ).text(lang)
    rows = [_rival_row(one, lang, sign) for one in plan.rivals]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _rival_row(one: "PlanRival", lang: str, sign: str) -> tuple[str, ...]:
    return (
        _RIVALS[one.code].text(lang),
        f"{one.alerts_per_day:,.1f}",
        _share(one.in_time_share),
        f"{one.waiting:,}",
        f"{one.caught}/{one.frauds}",
        _money(one.saved_fen, sign),
        _money(one.cost_fen, sign),
        _money(one.net_fen, sign),
        f"{one.interrupted_per_day:,.1f}",
    )


def officer_table(ranged: "pd.DataFrame", *, lang: str, sign: str = "¥") -> Table:
    """Return what more and fewer officers would do, from `fraudguard.model.desk_plan.plan_range`."""
    zh = ("每班人数", "预警/天", "按时", "日末积压 中位/90%", "忙", "按时/涉诈", "挽回", "成本", "净省")
    en = (
        "officers a shift", "alerts a day", "in time", "waiting at day's end, median / 90 %", "busy",
        "in time / frauds", "saved", "cost", "net",
    )  # fmt: skip
    title = Bilingual("人数不同会怎样", "More and fewer officers").text(lang)
    rows = [_officer_row(row, sign) for row in ranged.to_dict("records")]
    return Table(title=title, columns=zh if lang == "zh" else en, rows=rows)


def _officer_row(row: "dict[Hashable, Any]", sign: str) -> tuple[str, ...]:
    return (
        f"{row['officers']:.0f}",
        f"{row['alerts_per_day']:,.1f}",
        _share(row["in_time_share"]),
        f"{row['waiting_p50']:.0f} / {row['waiting_p90']:.0f}",
        f"{row['busy']:.0%}",
        f"{row['caught']:.0f}/{row['frauds']:.0f}",
        _money(row["saved_fen"], sign),
        _money(row["cost_fen"], sign),
        _money(row["net_fen"], sign),
    )


def plan_card(plan: "BudgetPlan", *, lang: str, sign: str = "¥") -> str:
    """Return a plan as an HTML card.

    Parameters
    ----------
    plan : BudgetPlan
        Of a desk.
    lang : {"zh", "en"}
        Language of the words.
    sign : str
        Before amounts.

    Returns
    -------
    str
        Without a script or a link; at most a few tens of kB.
    """
    title = Bilingual("警力规划", "Plan of a desk").text(lang)
    notes = [warning.text(lang) for warning in plan.warnings]
    return card(title, subtitle=plan_summary(plan).text(lang), tables=_tables(plan, lang, sign), notes=notes)


def plan_markdown(plan: "BudgetPlan", *, lang: str, sign: str = "¥") -> str:
    """Return a plan as Markdown.

    Parameters
    ----------
    plan : BudgetPlan
        Of a desk.
    lang : {"zh", "en"}
        Language of the words.
    sign : str
        Before amounts.

    Returns
    -------
    str
        Ends with a newline.
    """
    notes = [f"- {warning.text(lang)}" for warning in plan.warnings]
    blocks = [_block(table) for table in _tables(plan, lang, sign)]
    return "\n\n".join([plan_summary(plan).text(lang), *blocks, *(["\n".join(notes)] if notes else [])]) + "\n"


def _tables(plan: "BudgetPlan", lang: str, sign: str) -> list[Table]:
    return [
        step_table(plan, lang=lang, sign=sign),
        tier_table(plan, lang=lang),
        rival_table(plan, lang=lang, sign=sign),
        day_table(plan, lang=lang, sign=sign),
    ]


def _block(table: Table) -> str:
    lines = [table.columns, ["---"] * len(table.columns), *table.rows]
    return f"## {table.title}\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _money(fen: float, sign: str) -> str:
    yuan = round(fen / 100)
    return f"{'−' * (yuan < 0)}{sign}{abs(yuan):,}"


def _share(value: float) -> str:
    return "–" if value != value else f"{100 * value:.0f}%"  # noqa: PLR0124  # NaN: no alert to take a share of


def _minutes(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
