"""Steps from an alert budget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fraudguard.decision import Intervention
from fraudguard.errors import DataError, DefinitionError
from fraudguard.model.threshold import AlertBudget, choose_policy, threshold_at

SCORES = arrays(
    np.float64, st.integers(1, 400), elements=st.sampled_from([0.0, 1e-9, 0.1, 0.2, 0.5, 0.50001, 0.9, 1.0])
)


@given(score=SCORES, alerts=st.sampled_from([0.5, 10.0, 500.0, 5_000.0, 10_000.0]))
def test_no_step_reaches_more_than_its_budget(score: np.ndarray, alerts: float) -> None:
    """Whatever the ties, each step reaches at most the share it was given."""
    budget = AlertBudget(alerts=alerts)
    allowed = {step.intervention: rate for rate, step in budget.steps()}

    policy = choose_policy(score, budget)

    assert all(
        (score >= step.score_from).sum() <= allowed[step.intervention] * len(score) / 10_000 for step in policy.steps
    )


def test_distinct_scores_get_every_step() -> None:
    """Where scores can be told apart, all five steps stand, and alerts use the budget up."""
    score = np.linspace(0.0001, 0.9, 20_000)

    policy = choose_policy(score, AlertBudget(alerts=50))

    assert [step.intervention for step in policy.steps] == list(Intervention)[1:]
    assert sum(score >= policy.steps[1].score_from) == 100


def test_few_scores_still_give_a_graver_step_above() -> None:
    """A step too rare for the window stands above all its scores."""
    assert threshold_at(np.array([0.4, 0.3]), 1.0) == pytest.approx(0.7)


def test_equal_scores_give_the_graver_step() -> None:
    """When all scores are equal, no alert can be chosen among them."""
    policy = choose_policy(np.full(1_000, 0.3), AlertBudget(alerts=100))

    assert [step.intervention for step in policy.steps] == [Intervention.SUSPEND_SERVICE]


def test_version_is_made_from_the_steps() -> None:
    """Equal steps have equal versions, other steps another."""
    score = np.linspace(0, 0.9, 5_000)
    versions = [choose_policy(score, AlertBudget(alerts=alerts)).version for alerts in (10, 10, 20)]

    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(("alerts", "remind"), [(0.0, 0.0), (-1.0, 0.0), (10.0, 5.0), (20_000.0, 0.0)])
def test_impossible_budget_is_refused(alerts: float, remind: float) -> None:
    """A budget is more than nothing and at most everything."""
    with pytest.raises(DefinitionError):
        AlertBudget(alerts=alerts, remind=remind)


def test_no_scores_no_policy() -> None:
    """Thresholds cannot be chosen on nothing."""
    with pytest.raises(DataError):
        choose_policy(np.zeros(0), AlertBudget(alerts=10))
