"""Search for parameters of the trees over folds in the order of time, to be broken off and gone on with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import optuna
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from optuna.storages import InMemoryStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend
from sklearn.base import clone
from sklearn.metrics import average_precision_score

from fraudguard.errors import DataError, DefinitionError
from fraudguard.model.estimator import FraudModel
from fraudguard.progress import Progress, silent

__all__ = ["Fold", "Search", "Tuned", "time_folds", "tune"]

_STUDY: Final = "fraudguard"


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Rows to learn from, and later rows to be judged on.

    Parameters
    ----------
    train, test : ndarray of int64
        Places of rows; all of `test` are later than all of `train`.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How long to search, and where to keep what was found.

    Parameters
    ----------
    n_trials : int
        How many trials there shall be in all, those of a journal included.
    journal : Path or None
        A file that keeps the trials: a search that was broken off goes on from it. None for none.
    n_jobs : int
        Folds worked on at once; the result does not depend on it.
    """

    n_trials: int = 30
    journal: Path | None = None
    n_jobs: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Tuned:
    """What a search found.

    Parameters
    ----------
    model : FraudModel
        Not fitted, with the best parameters.
    parameters : Mapping
        LightGBM parameters of the best trial.
    average_precision : float
        Its mean over the folds.
    usual : float
        The mean with the parameters that the model came with, to be beaten.
    trials : DataFrame
        One row a trial: number, mean average precision, parameters.
    """

    model: FraudModel
    parameters: Mapping[str, Any]
    average_precision: float
    usual: float
    trials: pd.DataFrame

    def __repr__(self) -> str:
        return f"Tuned({len(self.trials)} trials, AP {self.average_precision:.4f}, {self.usual:.4f} as it came)"


def time_folds(event_time: "pd.Series[pd.Timestamp]", *, n_folds: int = 3, gap: pd.Timedelta) -> list[Fold]:
    """Return folds in the order of time: each tests on a later stretch than it learns from.

    Parameters
    ----------
    event_time : Series of datetime
        Of the rows, in any order.
    n_folds : int
        How many; the period is cut into one more stretch of equal length.
    gap : Timedelta
        Left out between learning and testing, so that what was only learned meanwhile is not used.

    Returns
    -------
    list of Fold
        Earliest test first.

    Raises
    ------
    DefinitionError
        If there are no folds, or the gap eats one up.
    """
    if n_folds < 1:
        raise DefinitionError(f"n_folds is {n_folds}; give 1 or more", f"n_folds 为 {n_folds}；至少为 1")
    begin, end = event_time.min(), event_time.max()
    length = (end - begin) / (n_folds + 1)
    folds = []
    for number in range(1, n_folds + 1):
        edge = begin + number * length
        train = np.flatnonzero((event_time < edge - gap).to_numpy())
        test = np.flatnonzero(((event_time >= edge) & (event_time <= edge + length)).to_numpy())
        if not len(train) or not len(test):
            raise DefinitionError(
                f"fold {number} of {n_folds} is empty: a stretch is {length} and the gap {gap}; fewer folds or a shorter gap",
                f"第 {number} 折（共 {n_folds} 折）为空：每段 {length}，间隔 {gap}；请减少折数或缩短间隔",
            )
        folds.append(Fold(train, test))
    return folds


def tune(
    model: FraudModel,
    X: pd.DataFrame,  # noqa: N803
    y: ArrayLike,
    *,
    folds: Sequence[Fold],
    search: Search | None = None,
    progress: Progress = silent,
) -> Tuned:
    """Return the parameters that rank frauds best on later rows.

    Parameters
    ----------
    model : FraudModel
        What to vary; its other parameters stay.
    X : DataFrame, shape (n_rows, n_features)
        Features of the rows, in the order of time.
    y : array-like of bool, shape (n_rows,)
        Whether each is fraud.
    folds : sequence of Fold
        From `time_folds`.
    search : Search or None
        How long, and where to keep the trials; None for 30 trials in memory.
    progress : Progress
        Called after each trial.

    Returns
    -------
    Tuned
        The best of all trials; the first one is the model as it came, so the best is never worse on these folds.

    Raises
    ------
    DataError
        If a fold has no fraud to learn from or to find.
    """
    search = search or Search()
    rows = _Rows(X, np.asarray(y, dtype=bool))
    _require_both(rows.fraud, folds)
    judge = _judge(model, rows, folds, n_jobs=search.n_jobs)
    study = _study(model.random_state, search.journal)
    done = len(_finished(study))
    if done == 0:
        study.enqueue_trial(_USUAL)
    for number in range(done, search.n_trials):
        trial = study.ask()
        study.tell(trial, judge(_suggested(trial)))
        progress(number + 1, search.n_trials)
    return _tuned(model, study)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows in the order of time."""

    X: pd.DataFrame
    fraud: NDArray[np.bool_]


_USUAL: Final[dict[str, Any]] = {
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "extra_trees": True,
}


def _suggested(trial: optuna.Trial) -> dict[str, Any]:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.2, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 4, 127, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 5, 400, log=True),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 100.0, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.05, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.4, 1.0),
        "extra_trees": trial.suggest_categorical("extra_trees", [True, False]),
    }


def _judge(
    model: FraudModel, rows: _Rows, folds: Sequence[Fold], *, n_jobs: int
) -> Callable[[Mapping[str, Any]], float]:
    def mean_precision(parameters: Mapping[str, Any]) -> float:
        varied = _varied(model, parameters)
        jobs = (delayed(_precision)(clone(varied), rows, fold) for fold in folds)
        # Threads share the table; LightGBM lets the interpreter's lock go while it grows trees.
        return float(np.mean(Parallel(n_jobs=n_jobs, prefer="threads")(jobs)))

    return mean_precision


def _varied(model: FraudModel, parameters: Mapping[str, Any]) -> FraudModel:
    kept = dict(model.parameters or {})
    shape = "random" if model.shape == "auto" else model.shape
    varied: FraudModel = clone(model).set_params(shape=shape, parameters={**parameters, **kept})
    return varied


def _precision(model: FraudModel, rows: _Rows, fold: Fold) -> float:
    model.fit(rows.X.iloc[fold.train], rows.fraud[fold.train])
    found = model.decision_function(rows.X.iloc[fold.test])
    return float(average_precision_score(rows.fraud[fold.test], found))


def _study(seed: int, journal: Path | None) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = InMemoryStorage() if journal is None else JournalStorage(JournalFileBackend(str(journal)))
    # The sampler draws anew from the trials so far, so a search gone on with is not the one run through, but as good.
    sampler = optuna.samplers.TPESampler(seed=seed)
    return optuna.create_study(
        study_name=_STUDY, storage=storage, sampler=sampler, direction="maximize", load_if_exists=True
    )


def _finished(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    return [trial for trial in study.trials if trial.state == optuna.trial.TrialState.COMPLETE]


def _tuned(model: FraudModel, study: optuna.Study) -> Tuned:
    finished = _finished(study)
    best = max(finished, key=lambda trial: (trial.value, -trial.number))
    trials = pd.DataFrame([
        {"trial": trial.number, "average_precision": trial.value, **trial.params} for trial in finished
    ])
    return Tuned(
        model=_varied(model, best.params),
        parameters=best.params,
        average_precision=float(best.value or 0.0),
        usual=float(finished[0].value or 0.0),
        trials=trials,
    )


def _require_both(fraud: NDArray[np.bool_], folds: Sequence[Fold]) -> None:
    for number, fold in enumerate(folds, start=1):
        learned, tested = int(fraud[fold.train].sum()), int(fraud[fold.test].sum())
        if not learned or not tested:
            raise DataError(
                f"fold {number} has {learned} frauds to learn from and {tested} to find; use fewer folds or a longer period",
                f"第 {number} 折可学的涉诈 {learned} 笔、待找的 {tested} 笔；请减少折数或加长时段",
            )
