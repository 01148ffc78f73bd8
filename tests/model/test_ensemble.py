"""Our own walk through the trees against LightGBM's own package."""

import threading

import lightgbm as lgb
import numpy as np
import pytest

from fraudguard.errors import ArtifactError
from fraudguard.model.ensemble import Ensemble
from fraudguard.model.study import Study


@pytest.fixture(scope="module")
def text(study: Study) -> str:
    """Give the trees of the small world."""
    return study.trained.scorer.text


@pytest.fixture(scope="module")
def rows(study: Study) -> np.ndarray:
    """Give every tenth vector of the small world."""
    return study.matrix.to_numpy()[::10]


def test_margin_equals_booster_bit_for_bit(text: str, rows: np.ndarray) -> None:
    """One row at a time gives what the package gives on the table."""
    ensemble, booster = Ensemble(text), lgb.Booster(model_str=text)

    margins = np.concatenate([ensemble.margin(row) for row in rows])

    np.testing.assert_array_equal(margins, booster.predict(rows, raw_score=True))


def test_contributions_equal_pred_contrib(text: str, rows: np.ndarray) -> None:
    """The parts are the exact ones, and with the expected value they add up to the margin."""
    ensemble, booster = Ensemble(text), lgb.Booster(model_str=text)

    parts = np.stack([ensemble.contributions(row) for row in rows[:50]])

    np.testing.assert_allclose(parts, np.asarray(booster.predict(rows[:50], pred_contrib=True)), rtol=0, atol=1e-10)
    assert parts.sum(axis=1) == pytest.approx(np.asarray(booster.predict(rows[:50], raw_score=True)))


def test_answers_do_not_share_a_buffer(text: str, rows: np.ndarray) -> None:
    """A later call changes no earlier answer."""
    ensemble = Ensemble(text)
    first = ensemble.contributions(rows[0])
    kept = first.copy()

    ensemble.contributions(rows[1])

    np.testing.assert_array_equal(first, kept)


def test_threads_do_not_disturb_each_other(text: str, rows: np.ndarray) -> None:
    """Rows scored from two threads at once get their own scores."""
    ensemble = Ensemble(text)
    halves = (rows[:200], rows[200:400])
    answers: dict[int, list[float]] = {}

    def score(half: int) -> None:
        answers[half] = [float(ensemble.margin(row)[0]) for row in halves[half]]

    threads = [threading.Thread(target=score, args=(half,)) for half in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = lgb.Booster(model_str=text).predict(rows[:400], raw_score=True)
    np.testing.assert_array_equal(answers[0] + answers[1], expected)


def test_damaged_text_is_refused() -> None:
    """Text that is no model is an error and no crash."""
    with pytest.raises(ArtifactError, match="trees cannot be read"):
        Ensemble("tree\nnot a model")


def test_another_number_of_raw_scores_is_refused(text: str) -> None:
    """Trees that tell types apart cannot stand where one score belongs, nor the other way round."""
    with pytest.raises(ArtifactError, match="give 1 raw scores where 3 belong"):
        Ensemble(text, n_outputs=3)
