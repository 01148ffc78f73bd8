"""The area under the curve."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from fraudguard.hardness.auc import area, encoded, separation, standard_error


@given(values=st.lists(st.integers(0, 5), min_size=2, max_size=40), seed=st.integers(0, 1000))
def test_area_is_the_librarys(values: list[int], seed: int) -> None:
    """With ties or without, the area is what scikit-learn says."""
    victim = np.random.default_rng(seed).random(len(values)) < 0.5
    victim[0], victim[1] = True, False
    numbers = np.array(values, np.float64)

    assert area(numbers, victim) == pytest.approx(roc_auc_score(victim, numbers))


def test_direction_and_gaps_do_not_hide_a_column() -> None:
    """A column that is low, or only ever unknown, for victims separates as well as one that is high."""
    victim = np.array([True] * 5 + [False] * 20)
    low = np.where(victim, 0.0, 1.0)
    gap = np.where(victim, np.nan, np.tile([0.0, 1.0], 13)[:25])

    assert separation(low, victim) == 1
    assert separation(gap, victim) == 1
    assert separation(np.zeros(25), victim) == 0.5


def test_a_word_of_one_case_does_not_tell_on_itself() -> None:
    """Words seen in one group only have the overall rate, so unique words separate nothing."""
    victim = np.array([True] * 50 + [False] * 50)
    words = pd.Series([f"word {number}" for number in range(100)])
    rates = encoded(words, victim, np.arange(100))

    assert separation(rates, victim) < 0.62


def test_a_telling_word_is_seen() -> None:
    """A word that victims share is found out from the other cases."""
    victim = np.array([True] * 50 + [False] * 50)
    words = pd.Series(["v"] * 50 + ["h"] * 50)

    assert separation(encoded(words, victim, np.arange(100)), victim) == 1


def test_error_shrinks_with_cases_and_is_infinite_without() -> None:
    """More cases, less error; no case, no knowledge."""
    few, many = (standard_error(0.9, positives=n, negatives=10_000) for n in (20, 200))

    assert many < few < 0.1
    assert standard_error(0.9, positives=0, negatives=10) == float("inf")
