"""How far a distribution or a rate moved: laws of the index, and of what chance gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.model.psi import bin_counts, expected_psi, psi, quantile_edges, rate_z

COUNTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=12).filter(any)


def same_length(data: st.DataObject) -> tuple[list[int], list[int]]:
    """Draw two tables of counts of the same bins, neither empty."""
    first = data.draw(COUNTS)
    second = data.draw(st.lists(st.integers(0, 10_000), min_size=len(first), max_size=len(first)).filter(any))
    return first, second


@given(COUNTS, st.integers(1, 100))
def test_same_shares_have_not_moved(counts: list[int], times: int) -> None:
    """However many rows there are, equal shares give exactly zero."""
    assert psi(counts, np.array(counts) * times) == pytest.approx(0, abs=1e-12)


@given(st.data())
def test_index_is_symmetric_and_never_negative(data: st.DataObject) -> None:
    """It does not matter which side is the reference."""
    first, second = same_length(data)

    assert psi(first, second) == pytest.approx(psi(second, first))
    assert psi(first, second) >= 0


@given(st.integers(1, 40), st.integers(1, 9))
def test_index_grows_with_the_shift(step: int, more: int) -> None:
    """The more moves from one bin to another, the larger the index."""
    before = [500, 500]
    near, far = [500 - step, 500 + step], [500 - step - more, 500 + step + more]

    assert psi(before, near) < psi(before, far)


@given(COUNTS)
def test_bin_that_nobody_is_in_changes_nothing(counts: list[int]) -> None:
    """An empty bin on both sides is no bin."""
    other = list(reversed(counts))

    assert psi([*counts, 0], [*other, 0]) == pytest.approx(psi(counts, other))


def test_rare_bin_of_a_small_week_is_no_alarm() -> None:
    """That one in ten thousand is not seen among a hundred says nothing."""
    assert psi([99_990, 10], [100, 0]) == pytest.approx(0, abs=1e-4)


def test_side_without_rows_has_no_index() -> None:
    """Nothing can be said of an empty week."""
    assert math.isnan(psi([1, 2], [0, 0]))
    assert math.isnan(expected_psi(3, 10, 0))


def test_chance_gives_what_is_expected() -> None:
    """Draws from the reference's own shares have, on average, the index that is told."""
    generator = np.random.default_rng(5)
    shares = np.full(10, 0.1)

    found = [psi(generator.multinomial(2_000, shares), generator.multinomial(500, shares)) for _ in range(400)]

    assert np.mean(found) == pytest.approx(expected_psi(10, 2_000, 500), rel=0.1)


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=200))
def test_every_value_is_in_one_bin(values: list[float]) -> None:
    """Edges are values that occur, ascending; missing values are the last bin, and no other is empty above the first."""
    table = np.array(values)
    edges = quantile_edges(table, [0.25, 0.5, 0.75])

    counts = bin_counts(table, edges, group=np.zeros(len(table), dtype=np.int64), n_groups=1)[0]

    assert counts.sum() == len(table)
    assert counts[-1] == np.isnan(table).sum()
    assert list(edges) == sorted(set(edges))
    assert np.isin(edges, table).all()
    assert (counts[:-1] > 0).all() or np.isnan(table).all()


def test_groups_are_counted_apart() -> None:
    """An edge belongs to the bin below it."""
    counts = bin_counts(np.array([1.0, 2.0, 3.0, math.nan]), [1.0, 2.0], group=np.array([0, 0, 1, 1]), n_groups=3)

    assert counts.tolist() == [[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]


@given(st.integers(0, 1_000), st.floats(0, 1_000), st.floats(0, 10_000), st.floats(1, 50))
def test_heaps_make_a_count_less_sure(count: int, expected: float, evidence: float, heaps: float) -> None:
    """A count is above or below by its sign, and less surely so where events come in heaps."""
    plain = rate_z(count, expected, evidence=evidence)

    assert plain * (count - expected) >= 0
    assert abs(rate_z(count, expected, evidence=evidence, dispersion=heaps)) <= abs(plain) + 1e-12


def test_count_among_chance_is_rarely_sure() -> None:
    """Of Poisson counts hardly any is four standard deviations off."""
    generator = np.random.default_rng(3)
    z = [rate_z(float(generator.poisson(20)), 20.0, evidence=math.inf) for _ in range(2_000)]

    assert np.std(z) == pytest.approx(1, abs=0.1)
    assert np.max(np.abs(z)) < 4.5
