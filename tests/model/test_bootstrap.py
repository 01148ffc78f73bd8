"""Intervals."""

import numpy as np

from fraudguard.model.bootstrap import recall_intervals


def drawn(n: int = 3_000) -> tuple[np.ndarray, np.ndarray]:
    """Return scores that tell frauds apart only partly."""
    generator = np.random.default_rng(4)
    fraud = generator.random(n) < 0.05
    return np.round(generator.normal(fraud * 2.0, 1.0), 1), fraud


def test_interval_surrounds_the_recall() -> None:
    """The recall itself lies inside its interval, and the interval is not a point."""
    score, fraud = drawn()
    top = np.sort(score)[::-1][149]
    recall = fraud[score >= top].sum() / fraud.sum()

    ((low, high),) = recall_intervals(score, fraud, alerts=[150], seed=1)

    assert low - 0.02 <= recall <= high + 0.02
    assert 0 < high - low < 0.3


def test_same_seed_same_interval_in_any_order() -> None:
    """The interval depends on the seed and not on the order of rows."""
    score, fraud = drawn()
    order = np.random.default_rng(9).permutation(len(score))

    plain = recall_intervals(score, fraud, alerts=[50, 300], seed=1)

    assert plain == recall_intervals(score[order], fraud[order], alerts=[50, 300], seed=1)
    assert plain != recall_intervals(score, fraud, alerts=[50, 300], seed=2)


def test_one_fraud_leaves_draws_without_any() -> None:
    """Draws that hold no fraud are left out instead of counting as zero."""
    fraud = np.arange(50) == 0

    ((low, high),) = recall_intervals(fraud.astype(float), fraud, alerts=[50], seed=1)

    assert (low, high) == (1.0, 1.0)
