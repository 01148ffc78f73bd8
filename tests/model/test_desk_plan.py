"""A desk run over history, and plans chosen on its earlier half."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Intervention, Policy, Step, Tier
from fraudguard.errors import DataError
from fraudguard.model.budget_plan import BudgetPlan
from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.desk_plan import choose_for_desk, equal_budget, halves, plan_budget, plan_range
from fraudguard.model.desk_run import run_desk
from fraudguard.policy import load_policy
from tests.fakes import START

ZONE = "Asia/Shanghai"
MIDNIGHT = START - timedelta(hours=10)
"""Of the Monday that `START` is on, in China."""

COSTS = PlanCosts(call_persuades=0.5, visit_persuades=1.0, half_life_min=60, follows=0)
DESK = DeskCapacity(officers=1, shifts=1, shift_hours=8, first_hour=8)
POLICY = Policy(
    version="p",
    steps=(
        Step(score_from=0.1, intervention=Intervention.REMIND),
        Step(score_from=0.3, intervention=Intervention.VERIFY_TRANSACTION, tier=Tier.LOW),
        Step(score_from=0.6, intervention=Intervention.DELAY_SETTLEMENT, tier=Tier.HIGH, hold_s=7_200),
    ),
)


def graded(*rows: tuple[float, float, str], **columns: Any) -> pd.DataFrame:  # noqa: ANN401  # any column
    """Return transfers of 1,000 yuan of one payer, each of (hours after midnight, score, label)."""
    hours, score, label = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "score": np.array(score, dtype=np.float64),
            "label": label,
            "amount_fen": 100_000,
            "payer_account_id": "a",
            "event_time": pd.to_datetime(MIDNIGHT) + pd.to_timedelta(hours, unit="h").as_unit("ms"),
            **columns,
        },
        index=pd.Index([f"t{i}" for i in range(len(rows))], name="transfer_id"),
    )


def many(n: int, *, days: float = 6, seed: int = 0, fraud_share: float = 0.01) -> pd.DataFrame:
    """Return transfers of many payers whose scores are the probabilities of their labels."""
    draw = np.random.default_rng(seed)
    score = np.where(draw.random(n) < 10 * fraud_share, draw.beta(1, 6, n), draw.beta(1, 3_000, n))
    rows = zip(np.sort(draw.random(n)) * 24 * days, score, np.where(draw.random(n) < score, "fraud", "genuine"))  # noqa: B905
    return graded(
        *rows, amount_fen=draw.integers(1_000, 5_000_000, n), payer_account_id=[f"a{i}" for i in draw.integers(0, n, n)]
    )


def run(rows: pd.DataFrame, capacity: DeskCapacity = DESK, costs: PlanCosts = COSTS) -> Any:  # noqa: ANN401  # a pair
    """Run `POLICY` over transfers."""
    return run_desk(rows, POLICY, capacity=capacity, costs=costs, time_zone=ZONE)


def test_a_day_is_told_by_the_wall_clock() -> None:
    """Alerts of the night wait for eight o'clock; the graver one goes first, and the other waits for its officer."""
    history, found = run(graded((2, 0.4, "genuine"), (7, 0.7, "fraud"), (9, 0.2, "genuine"), (20, 0.4, "unknown")))
    day = history.days[0]

    assert (day.day, day.transfers, day.reminded) == ("2026-01-05", 4, 1)
    assert (day.urgent, day.high, day.medium, day.low, day.alerts) == (0, 1, 0, 2, 3)
    assert found.begun_min[:2].tolist() == [8 * 60 + 112, 8 * 60]
    assert (day.worked, day.waiting, day.in_time) == (2, 1, 0)
    assert (day.wait_p50_min, day.longest_wait_min) == ((472 + 60) / 2, 472)
    assert day.busy == pytest.approx((112 + 16) / 480)
    assert (day.frauds, day.caught, day.interrupted) == (1, 0, 1)


def test_money_is_kept_by_a_hold_and_shrinks_after_it() -> None:
    """An hour's wait is within the hold of two; after three, half of the money is gone, and a visit stops the rest."""
    costs = replace(COSTS, stops_alone=dict.fromkeys(PlanCosts().stops_alone, 0.0))
    soon, _ = run(graded((7, 0.7, "fraud")), costs=costs)
    late, _ = run(graded((5, 0.7, "fraud")), costs=costs)

    assert (soon.total("saved_fen"), late.total("saved_fen")) == (100_000, 50_000)


def test_who_was_persuaded_sends_no_more() -> None:
    """After a call at nine that half of them believe, half of what the case sends at ten is not sent, alert or not."""
    costs = replace(COSTS, stops_alone=dict.fromkeys(PlanCosts().stops_alone, 0.0))

    history, found = run(graded((9, 0.4, "fraud"), (10, 0.0, "fraud"), (8.5, 0.0, "fraud")), costs=costs)

    assert found.saved_fen.tolist() == [0, 50_000, 50_000]
    assert history.days[0].fraud_fen == 300_000


def test_a_named_case_may_have_other_payers() -> None:
    """Where cases are named, the likely victim's other account is of the same case, and another's is not."""
    rows = graded((9, 0.4, "fraud"), (10, 0.0, "fraud"), (10, 0.0, "fraud"), payer_account_id=["a", "b", "c"])

    _, found = run(rows.assign(case_id=pd.Series(["x", "x", None], index=rows.index, dtype="object")))

    assert (found.saved_fen[1:] > 0).tolist() == [True, False]


def test_costs_are_review_of_what_is_worked_and_friction_of_the_genuine() -> None:
    """A reminder and a verification of genuine transfers have friction, the fraud has none; two alerts are worked."""
    history, _ = run(graded((9, 0.2, "genuine"), (9, 0.4, "genuine"), (10, 0.7, "fraud"), (20, 0.4, "fraud")))
    day = history.days[0]

    assert day.review_fen == 1_500 + 13_500
    assert day.friction_fen == 10 + 200
    assert day.net_fen == day.saved_fen - day.review_fen - day.friction_fen


@given(seed=st.integers(0, 1_000), officers=st.integers(1, 3), shifts=st.integers(1, 3))
def test_alerts_are_neither_made_nor_lost(seed: int, officers: int, shifts: int) -> None:
    """At each day's end, what has arrived so far has been begun or waits; tiers and days tell the same."""
    history, found = run(many(400, seed=seed, fraud_share=0.08), DeskCapacity(officers=officers, shifts=shifts))
    frame = history.to_frame()

    assert (frame["alerts"].cumsum() == frame["worked"].cumsum() + frame["waiting"]).all()
    assert [tier.alerts for tier in history.tiers] == [frame[str(tier.tier)].sum() for tier in history.tiers]
    assert sum(tier.worked for tier in history.tiers) == frame["worked"].sum()
    assert sum(tier.in_time for tier in history.tiers) == frame["in_time"].sum()
    assert (frame["saved_fen"] <= frame["fraud_fen"] + 1e-6).all()
    assert found.n_days == len(frame)


def test_the_run_does_not_depend_on_the_order_of_rows() -> None:
    """A shuffled history is the same history."""
    rows = many(400, fraud_share=0.08)

    assert run(rows.sample(frac=1, random_state=1))[0] == run(rows)[0]


def test_nothing_cannot_be_run() -> None:
    """There is no day without a transfer."""
    with pytest.raises(DataError):
        run(graded((1, 0.1, "genuine")).iloc[:0])


def test_halves_meet_at_a_local_midnight() -> None:
    """Four days are two and two; a last day that breaks off is left out."""
    hours = [1.0, 20, 30, 50, 80, 95.5]
    whole = graded(*((hour, 0.1, "genuine") for hour in hours))

    parts = [[list(part.index) for part in halves(rows, ZONE)] for rows in (whole, whole.iloc[:5])]

    assert parts == [[["t0", "t1", "t2"], ["t3", "t4", "t5"]], [["t0", "t1", "t2"], ["t3"]]]


def test_one_day_is_too_short_to_plan_on() -> None:
    """What is chosen on must not be what it is judged on."""
    with pytest.raises(DataError, match="longer window"):
        plan_budget(graded((1, 0.1, "genuine"), (2, 0.1, "genuine")), DESK)


@pytest.fixture(scope="module")
def plan() -> BudgetPlan:
    """Give a plan for two officers on six days."""
    return plan_budget(many(20_000), DeskCapacity(officers=2), time_zone=ZONE)


def test_no_tier_is_planned_beyond_its_capacity(plan: BudgetPlan) -> None:
    """On the days it was chosen on, each tier has at most what the graver ones leave, and all fit into the minutes."""
    alerts = [one for one in plan.steps if one.capacity_per_day is not None]

    assert all(one.per_day <= one.capacity_per_day + 1e-9 for one in alerts if one.capacity_per_day is not None)
    assert (
        sum(one.per_day * plan.capacity.minutes_of(Tier(one.tier)) for one in alerts) <= plan.capacity.planned_per_day
    )
    assert sum(one.saved_fen_per_day - one.cost_fen_per_day for one in plan.steps) == pytest.approx(
        plan.worth_fen_per_day
    )


def test_what_is_run_is_later_than_what_was_chosen_on(plan: BudgetPlan) -> None:
    """The two windows are three days each and do not overlap."""
    assert (plan.chosen_on.begin, plan.chosen_on.end) == ("2026-01-05", "2026-01-07")
    assert (plan.run_on.begin, plan.run_on.end) == ("2026-01-08", "2026-01-10")
    assert len(plan.history.days) == 3


def test_labels_do_not_choose(plan: BudgetPlan) -> None:
    """Scores and amounts choose the steps; with every label turned round, the policy is the same."""
    rows = many(20_000)
    turned = rows.assign(label=np.where(rows["label"] == "fraud", "genuine", "fraud"))

    assert plan_budget(turned, plan.capacity, time_zone=ZONE).policy == plan.policy


def test_plan_beats_simpler_ways_to_choose(plan: BudgetPlan) -> None:
    """With scores that are true probabilities, the plan saves more, less its costs, than fixed shares and no model."""
    net = {one.code: one.net_fen for one in plan.rivals}

    assert net["plan"] > net["alert_budget"] > net["largest_amount"]
    assert plan.rival_frame()["code"].tolist() == ["plan", "alert_budget", "largest_amount"]


def test_the_equal_budget_fills_the_same_minutes() -> None:
    """Its alerts take a call, three tenths of them a visit too."""
    budget = equal_budget(DESK, transfers_per_day=1_000)

    assert budget.alerts / 10 * (DESK.call_min + 0.3 * DESK.visit_min) == pytest.approx(DESK.planned_per_day)
    assert equal_budget(DESK, transfers_per_day=1).alerts == 10_000


def test_the_saved_policy_is_the_planned_one(plan: BudgetPlan, tmp_path: Path) -> None:
    """What the service reads back is equal; comments say what it was planned for."""
    path = tmp_path / "policy.toml"

    plan.write_policy(path)

    assert load_policy(path) == plan.policy
    assert path.read_text("utf-8").startswith("# officers in each shift: 2, shifts: 3 of 8 h; 30 calls or 5 visits")


@pytest.mark.parametrize(("lang", "said"), [("zh", "警力规划"), ("en", "Plan of a desk")])
def test_a_plan_shows_itself(plan: BudgetPlan, tmp_path: Path, lang: str, said: str) -> None:
    """As a card, a page and Markdown, in both languages, small and without a script."""
    plan.write_html(tmp_path / "plan.html", lang=lang)
    page = (tmp_path / "plan.html").read_text("utf-8")

    assert said in page
    assert "<script" not in page
    assert len(page) < 60_000
    assert plan.markdown(lang).count("\n## ") == 4
    assert "policy" in repr(plan)
    assert "警力规划" in plan._repr_html_()


def test_a_plan_is_plain_values(plan: BudgetPlan) -> None:
    """JSON holds the policy, the run of each day and the comparison."""
    told = plan.to_dict()

    assert told["policy"]["version"] == plan.policy.version
    assert [day["day"] for day in told["days"]] == plan.to_frame()["day"].tolist()
    assert told["steps"][0]["score_from"] == plan.policy.steps[0].score_from
    assert told["capacity"]["targets_min"]["urgent"] == 15


def warned(rows: pd.DataFrame, capacity: DeskCapacity, costs: PlanCosts | None = None) -> str:
    """Return the warnings of a plan."""
    return "\n".join(warning.en for warning in plan_budget(rows, capacity, costs, time_zone=ZONE).warnings)


def test_a_plan_warns() -> None:
    """Of few frauds, of officers who suffice, of hours off duty, and of alerts that are not worth their cost."""
    few = many(2_000)
    dear = PlanCosts(call_fen=1e11, visit_fen=1e11)

    assert "mostly luck" in warned(few, DESK)
    assert "16 hours a day" in warned(few, DESK)
    assert "only" in warned(many(20_000, fraud_share=0.05), DESK)
    assert "officers suffice" in warned(few, DeskCapacity(officers=50))
    assert "no alert is worth" in warned(few, DESK, dear)


def test_a_plan_warns_of_scores_that_are_no_probabilities_here() -> None:
    """Where three times as many frauds are expected as there are, it says so."""
    rows = many(20_000)

    said = warned(rows.assign(score=np.minimum(3 * rows["score"], 1.0)), DeskCapacity(officers=2))

    assert "not calibrated" in said


def test_a_backlog_is_told() -> None:
    """An officer who must work more on the later days than comes in leaves more waiting than a day brings."""
    rows = many(3_000, fraud_share=0.01)
    busier = many(30_000, days=3, seed=2, fraud_share=0.05)
    later = busier.assign(event_time=busier["event_time"] + pd.Timedelta(days=6)).rename(index="b{}".format)

    assert "wait at the end" in warned(pd.concat([rows, later]), DESK)


def test_more_officers_are_never_expected_to_save_less() -> None:
    """On the days the steps are chosen on, what fits few officers fits more."""
    ranged = plan_range(many(20_000), DESK, up_to=4, time_zone=ZONE)

    assert ranged["officers"].tolist() == [1, 2, 3, 4]
    assert (np.diff(ranged["worth_fen_per_day"]) >= 0).all()


@given(seed=st.integers(0, 100), officers=st.integers(1, 5), fill=st.sampled_from([0.1, 0.5, 1.0]))
def test_planned_alerts_fit_the_officers(seed: int, officers: int, fill: float) -> None:
    """On the window it was chosen on, the alerts of the policy take at most the minutes that may be filled."""
    rows, capacity = many(500, days=2, seed=seed, fraud_share=0.09), DeskCapacity(officers=officers, fill=fill)

    choice = choose_for_desk(rows, capacity, PlanCosts(), time_zone=ZONE)

    _, called, _, visited, _ = choice.cuts.reached
    assert called * capacity.call_min + visited * capacity.visit_min <= choice.days * capacity.planned_per_day
