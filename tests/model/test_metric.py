"""Measures at an alert budget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DataError
from fraudguard.model.metric import alert_weights, at_budget, calibration_error, n_alerts


@st.composite
def graded(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Draw scores with ties, labels, amounts and a number of alerts."""
    n = draw(st.integers(1, 30))
    score = draw(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9]), min_size=n, max_size=n))
    fraud = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    amount = draw(st.lists(st.integers(0, 10_000), min_size=n, max_size=n))
    return np.array(score), np.array(fraud), np.array(amount), draw(st.integers(1, n))


@given(rows=graded(), seed=st.integers(0, 9))
def test_order_of_rows_changes_nothing(rows: tuple[np.ndarray, np.ndarray, np.ndarray, int], seed: int) -> None:
    """Ties at the edge count by their mean, so shuffled rows give the same."""
    score, fraud, amount, alerts = rows
    order = np.random.default_rng(seed).permutation(len(score))

    plain = at_budget(score, fraud, amount, alerts=alerts)
    shuffled = at_budget(score[order], fraud[order], amount[order], alerts=alerts)

    assert plain.caught == pytest.approx(shuffled.caught)
    assert plain.caught_fen == pytest.approx(shuffled.caught_fen)


@given(rows=graded())
def test_weights_spend_the_budget(rows: tuple[np.ndarray, np.ndarray, np.ndarray, int]) -> None:
    """The weights add up to the alerts and rise with the score."""
    score, _, _, alerts = rows

    weight = alert_weights(score, alerts)

    assert weight.sum() == pytest.approx(alerts)
    assert (np.diff(weight[np.argsort(score, kind="stable")]) >= 0).all()


def test_money_and_transfers_are_counted_apart() -> None:
    """Catching the one large fraud of two is half the transfers and most of the money."""
    found = at_budget(
        np.array([0.9, 0.2, 0.1, 0.0]),
        np.array([True, True, False, False]),
        np.array([900, 100, 5, 5]),
        alerts=1,
    )

    assert (found.recall, found.precision, found.value_recall, found.caught_fen) == (0.5, 1.0, 0.9, 900)
    assert found.genuine_per_fraud == 0


def test_nothing_caught() -> None:
    """When no fraud is alerted there are infinitely many genuine alerts for each."""
    found = at_budget(np.array([0.9, 0.1]), np.array([False, True]), np.array([1, 1]), alerts=1)

    assert (found.recall, found.genuine_per_fraud) == (0.0, float("inf"))


def test_no_fraud_has_no_recall() -> None:
    """Where there is nothing to catch, recall is not zero but undefined."""
    found = at_budget(np.array([0.9, 0.1]), np.array([False, False]), np.array([1, 1]), alerts=1)

    assert np.isnan(found.recall)
    assert np.isnan(found.value_recall)


@pytest.mark.parametrize(
    ("n", "per_10_000", "alerts"), [(20_000, 10, 20), (100, 10, 1), (5, 10_000, 5), (1_500, 10, 2)]
)
def test_budget_becomes_alerts(n: int, per_10_000: float, alerts: int) -> None:
    """A budget gives at least one alert and never more than there are transfers."""
    assert n_alerts(n, per_10_000) == alerts


@pytest.mark.parametrize(("n", "per_10_000"), [(0, 10), (10, 0), (10, -1), (10, 10_001), (10, float("nan"))])
def test_impossible_budget_is_refused(n: int, per_10_000: float) -> None:
    """A budget outside its interval or on nothing is an error."""
    with pytest.raises(DataError):
        n_alerts(n, per_10_000)


def test_perfect_calibration_has_no_error() -> None:
    """Scores that tell the true share have an error near zero; scores twice as high do not."""
    generator = np.random.default_rng(2)
    score = generator.random(50_000) / 2
    fraud = generator.random(50_000) < score

    assert calibration_error(score, fraud) < 0.01
    assert calibration_error(2 * score, fraud) == pytest.approx(0.25, abs=0.01)


def test_calibration_of_nothing() -> None:
    """No transfers, no error to speak of."""
    assert np.isnan(calibration_error(np.zeros(0), np.zeros(0, dtype=bool)))
