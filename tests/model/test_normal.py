"""How rare a value is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.model.normal import QUANTILES, median_of, rarity_of

SPREAD = (0.0, 1.0, 5.0, 50.0, 95.0, 99.0, 100.0)


@pytest.mark.parametrize(
    ("value", "rarity"),
    [(50, None), (95, None), (96, 0.05), (99.5, 0.01), (101, 0.001), (5, None), (4, 0.05), (0.5, 0.01), (-1, 0.001)],
)
def test_beyond_a_quantile_is_rare(value: float, rarity: float | None) -> None:
    """Strictly beyond the outermost quantile that it passes, on either side."""
    assert rarity_of(value, SPREAD) == rarity


def test_what_many_share_is_not_rare() -> None:
    """Where nearly everybody has none, none is nothing special, and one is."""
    mostly_none = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)

    assert rarity_of(0.0, mostly_none) is None
    assert rarity_of(1.0, mostly_none) == 0.01
    assert rarity_of(2.0, mostly_none) == 0.001


def test_nothing_is_known_of_a_feature_never_seen() -> None:
    """Without a spread there is no median and nothing is rare."""
    assert (median_of(None), rarity_of(1.0, None)) == (None, None)
    assert median_of(SPREAD) == 50


@given(st.lists(st.integers(0, 30), min_size=2_000, max_size=2_000), st.integers(-1, 31))
def test_claim_is_true(values: list[int], value: int) -> None:
    """Fewer than the share that is claimed have a value as far out."""
    spread = np.quantile(values, QUANTILES).tolist()

    rarity = rarity_of(float(value), spread)

    if rarity is not None:
        above, below = np.mean(np.array(values) >= value), np.mean(np.array(values) <= value)
        assert min(above, below) <= rarity
