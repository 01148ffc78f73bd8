"""From margins to probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.model.calibrate import Calibration, fit_calibration


def drawn(slope: float, intercept: float, *, n: int = 40_000) -> tuple[np.ndarray, np.ndarray]:
    """Return margins, and frauds drawn with the probability they stand for."""
    generator = np.random.default_rng(3)
    margin = generator.normal(-2, 2, n)
    return margin, generator.random(n) < 1 / (1 + np.exp(-(slope * margin + intercept)))


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.5, -1.0), (2.0, 1.0)])
def test_true_line_is_found(slope: float, intercept: float) -> None:
    """On many rows the fit comes back to the line the frauds were drawn from."""
    fitted = fit_calibration(*drawn(slope, intercept))

    assert fitted.slope == pytest.approx(slope, rel=0.05)
    assert fitted.intercept == pytest.approx(intercept, abs=0.08)


def test_undersampling_is_undone() -> None:
    """An offset moves no fitted probability: the rows themselves tell the level."""
    margin, fraud = drawn(1.0, 0.0)

    plain, shifted = fit_calibration(margin, fraud), fit_calibration(margin + 3, fraud, offset=-3.0)

    np.testing.assert_allclose(plain.probability(margin), shifted.probability(margin + 3), rtol=1e-6)


@pytest.mark.parametrize("n_fraud", [1, 9])
def test_few_frauds_fit_the_level_only(n_fraud: int) -> None:
    """With few frauds the slope is not trusted and the mean still is."""
    margin = np.linspace(-8, 2, 500)
    fraud = np.arange(500) >= 500 - n_fraud

    fitted = fit_calibration(margin, fraud)

    assert fitted.slope == 1.0
    assert fitted.probability(margin).sum() == pytest.approx(n_fraud, abs=1.1)


def test_reversed_margins_never_turn_the_order() -> None:
    """Even on margins that are wrong way round the order of scores stays that of the margins."""
    margin, fraud = drawn(1.0, 0.0)

    fitted = fit_calibration(-margin, fraud)

    assert fitted.slope > 0


@pytest.mark.parametrize("fraud", [np.zeros(20, dtype=bool), np.ones(20, dtype=bool), np.zeros(0, dtype=bool)])
def test_nothing_to_compare_leaves_margins(fraud: np.ndarray) -> None:
    """Without both kinds only the sampling is undone."""
    assert fit_calibration(np.zeros(len(fraud)), fraud, offset=-1.5) == Calibration(intercept=-1.5)


@given(margin=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_probability_rises_and_stays_within_bounds(margin: list[float]) -> None:
    """Higher margins never get lower probabilities, and no margin overflows."""
    probability = Calibration(slope=0.7, intercept=-3).probability(np.sort(np.array(margin)))

    assert (np.diff(probability) >= 0).all()
    assert ((probability >= 0) & (probability <= 1)).all()


@given(place=st.integers(0, 999))
def test_one_margin_gives_the_same_as_many(place: int) -> None:
    """Alone or in a table a margin gets the same probability, bit for bit."""
    margin = np.random.default_rng(5).normal(-4, 5, 1_000)
    calibration = Calibration(slope=1.37, intercept=-0.4)

    assert calibration.probability(margin[place : place + 1])[0] == calibration.probability(margin)[place]


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=40), st.floats(0.05, 3), st.floats(-20, 20))
def test_one_margin_gives_the_same_bits_as_many(margins: list[float], slope: float, intercept: float) -> None:
    """A margin alone has the probability that it has among others, to the last bit."""
    calibration = Calibration(slope=slope, intercept=intercept)
    many = calibration.probability(np.array(margins))

    assert [calibration.probability_of(margin) for margin in margins] == many.tolist()
