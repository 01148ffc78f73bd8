"""How many trees are kept."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.model.trees import Growth, Rows, best_number, grow


def test_a_lucky_tree_does_not_win() -> None:
    """One high value among low ones is luck; a broad rise is not."""
    precision = [0.2] * 100
    precision[10] = 0.9
    precision[60:90] = [0.3] * 30

    assert 60 < best_number(precision)[0] <= 90


@given(st.lists(st.floats(0, 1), min_size=1, max_size=80))
def test_best_number_is_one_of_the_trees(precision: list[float]) -> None:
    """The number lies within what was grown, and its mean within what was seen."""
    best, mean = best_number(precision)

    assert 1 <= best <= len(precision)
    assert min(precision) - 1e-9 <= mean <= max(precision) + 1e-9


def test_growth_stops_when_later_rows_gain_nothing() -> None:
    """With labels that later rows contradict, far fewer trees are kept than were allowed."""
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(2_000, 3))
    fraud = rows[:, 0] > 1.5
    grown = grow(
        Rows(rows, fraud),
        Rows(rows, rows[:, 0] < -1.5),
        Growth(shape="random", rounds=500, seed=7, names=["a", "b", "c"]),
    )

    assert grown.n_trees < 200
