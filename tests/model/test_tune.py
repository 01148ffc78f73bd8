"""The search for parameters."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError
from fraudguard.model.estimator import FraudModel
from fraudguard.model.tune import Fold, Search, time_folds, tune
from tests.fakes import START
from tests.model.test_estimator import table

FRAME, FRAUD = table(1_200)
TIMES = pd.Series(pd.to_datetime(START) + pd.to_timedelta(np.arange(1_200), unit="h"))
FOLDS = time_folds(TIMES, n_folds=2, gap=pd.Timedelta(days=1))
MODEL = FraudModel(rounds=35)


def test_folds_learn_from_the_past_only() -> None:
    """Each fold tests on a stretch after all it learned from, with the gap between, and together they test everything late."""
    for fold in FOLDS:
        assert TIMES[fold.train].max() + pd.Timedelta(days=1) <= TIMES[fold.test].min()
    assert np.concatenate([fold.test for fold in FOLDS]).tolist() == list(range(400, 1_200))


def test_best_is_never_worse_than_what_came() -> None:
    """The first trial is the model as it came, and the best of all is given back, not fitted."""
    told: list[tuple[int, int]] = []

    found = tune(
        MODEL,
        FRAME,
        FRAUD,
        folds=FOLDS,
        search=Search(n_trials=4),
        progress=lambda done, total: told.append((done, total)),
    )

    assert found.average_precision >= found.usual
    assert found.average_precision == found.trials["average_precision"].max()
    assert found.model.parameters == found.parameters
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert "4 trials" in repr(found)


def test_search_goes_on_from_its_journal(tmp_path: Path) -> None:
    """Broken off after two trials and called again for four, it makes two more and keeps the first two."""
    journal = tmp_path / "search.log"

    first = tune(MODEL, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=2, journal=journal))
    more = tune(MODEL, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=4, journal=journal))
    again = tune(MODEL, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=4, journal=journal))

    pd.testing.assert_frame_equal(more.trials.head(2), first.trials)
    pd.testing.assert_frame_equal(again.trials, more.trials)
    assert len(more.trials) == 4


def test_folds_at_once_change_nothing() -> None:
    """Two folds at once find what one after the other finds."""
    one = tune(MODEL, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=2))
    two = tune(MODEL, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=2, n_jobs=2))

    pd.testing.assert_frame_equal(one.trials, two.trials)


def test_own_parameters_stay() -> None:
    """What the analyst fixed is not searched over."""
    fixed = FraudModel(rounds=35, parameters={"num_leaves": 5})

    found = tune(fixed, FRAME, FRAUD, folds=FOLDS, search=Search(n_trials=2))

    assert found.model.parameters is not None
    assert found.model.parameters["num_leaves"] == 5


def test_fold_without_fraud_is_named() -> None:
    """Nothing to find is an error that says which fold and the mend."""
    empty = [*FOLDS, Fold(FOLDS[0].train, np.flatnonzero(~FRAUD)[:50])]

    with pytest.raises(DataError, match=r"fold 3 .* 0 to find"):
        tune(MODEL, FRAME, FRAUD, folds=empty)


@pytest.mark.parametrize(("n_folds", "gap_d"), [(0, 1), (3, 40)])
def test_impossible_folds_are_refused(n_folds: int, gap_d: int) -> None:
    """No fold, or a gap longer than what lies before the first test."""
    with pytest.raises(DefinitionError):
        time_folds(TIMES, n_folds=n_folds, gap=pd.Timedelta(days=gap_d))
