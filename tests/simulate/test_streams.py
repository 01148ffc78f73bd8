"""Random streams and amounts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.simulate.streams import lognormal_fen, nice_fen, scattered, stream


def test_streams_are_independent_and_repeatable() -> None:
    """The same part draws the same numbers; another part or seed draws others."""
    first = stream(1, "rents").integers(0, 2**60, 4).tolist()

    assert first == stream(1, "rents").integers(0, 2**60, 4).tolist()
    assert first != stream(1, "bills").integers(0, 2**60, 4).tolist()
    assert first != stream(2, "rents").integers(0, 2**60, 4).tolist()


@given(amounts=st.lists(st.integers(1, 2**40), max_size=20), share=st.floats(0, 1), seed=st.integers(0, 2**32))
def test_rounding_stays_near(amounts: list[int], share: float, seed: int) -> None:
    """A rounded amount is above zero and within half of the amount, or 50 fen, from where it was."""
    exact = np.array(amounts, np.int64)
    nice = nice_fen(np.random.default_rng(seed), exact, share=share)

    assert (nice >= 1).all()
    assert (np.abs(nice - exact) <= np.maximum(exact // 2, 50)).all()


def test_amounts_lie_around_their_median() -> None:
    """Half of the amounts are below the median in yuan."""
    drawn = lognormal_fen(np.random.default_rng(0), 120.0, 0.7, size=20_000)

    assert 11_500 < np.median(drawn) < 12_500
    assert drawn.min() >= 1


def test_scattered_numbers_are_fixed_and_even() -> None:
    """The same two numbers give the same draw, and draws spread evenly over zero to one."""
    drawn = scattered(np.arange(100_000), 3)

    assert scattered(7, 3) == drawn[7]
    assert abs(drawn.mean() - 0.5) < 0.01
    assert np.histogram(drawn, bins=10, range=(0, 1))[0].min() > 9_000
    assert abs(np.corrcoef(drawn, scattered(np.arange(100_000), 4))[0, 1]) < 0.02


def test_pieces_of_a_part_differ() -> None:
    """Two blocks of one part draw different numbers, each the same again."""
    first = stream(1, "rents", 0).integers(0, 2**60, 4).tolist()

    assert first == stream(1, "rents", 0).integers(0, 2**60, 4).tolist()
    assert first != stream(1, "rents", 1).integers(0, 2**60, 4).tolist()
