"""Gradient-boosted trees by LightGBM: grown, stopped on a later window, kept as text.

LightGBM's own words (X, y) stay in this file and in `fraudguard.model.estimator`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from fraudguard.progress import Progress, silent

__all__ = ["SHAPES", "Grown", "Growth", "Rows", "best_number", "gains", "grow", "margins"]

_LEAST_TREES: Final = 30
"""Early stopping on few frauds may stop by luck after a tree or two; fewer than this rank too coarsely."""

_SMOOTHED: Final = 21
"""Trees over which the precision on later rows is averaged: with few frauds the best single number of trees is one of luck."""

_PATIENCE: Final = 100
_MANY_ROWS: Final = 1_000_000
"""Below it one thread: on a busy machine two wait for each other at every split and take five times as long.

The trees are the same for any number of threads, and the number depends on the data alone.
"""

# Small trees on a third of the features each: windows of one idea are near copies, and frauds are few.
# Column-wise, because row-wise copies the matrix for every tree when features are drawn.
_COMMON: Final[Mapping[str, Any]] = {
    "objective": "binary",
    "metric": "average_precision",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "max_bin": 255,
    "deterministic": True,
    "force_col_wise": True,
    "verbosity": -1,
}

SHAPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "random": {**_COMMON, "extra_trees": True},
    "deep": {**_COMMON, "learning_rate": 0.03, "num_leaves": 63, "min_data_in_leaf": 100, "feature_fraction": 0.5},
}
"""Shapes of trees. ``random``: small trees that cut at random places, which forgives many near copies among the features and few
frauds; ``deep``: for thousands of frauds."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Labelled rows.

    Parameters
    ----------
    X : ndarray of float64, shape (n_rows, n_features)
        Features; NaN is missing.
    y : ndarray of bool, shape (n_rows,)
        Whether a row is fraud.
    weight : ndarray of float64, shape (n_rows,), or None
        How much each row counts; None for one each.
    """

    X: NDArray[np.float64]
    y: NDArray[np.bool_]
    weight: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How trees are to be grown.

    Parameters
    ----------
    shape : str
        A key of `SHAPES`.
    rounds : int
        Most trees.
    seed : int
        Same rows, same growth: the same trees, bit for bit.
    names : sequence of str
        Of the features.
    monotone : sequence of int
        For each feature 1 where the score may only rise with it, -1 only fall, 0 neither; empty for none.
    categorical : sequence of int
        Places of the features whose numbers are codes without an order.
    parameters : Mapping
        LightGBM parameters that replace those of the shape.
    """

    shape: str
    rounds: int
    seed: int
    names: Sequence[str]
    monotone: Sequence[int] = ()
    categorical: Sequence[int] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_lightgbm(self, n_rows: int) -> dict[str, Any]:
        """Return LightGBM's parameters for training rows of a number."""
        threads = 1 if n_rows < _MANY_ROWS else 2
        constraints = {"monotone_constraints": list(self.monotone)} if any(self.monotone) else {}
        return {**SHAPES[self.shape], **constraints, "num_threads": threads, **self.parameters, "seed": self.seed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Trees, and how well they rank the window they were stopped on.

    Parameters
    ----------
    text : str
        The trees as LightGBM wrote them.
    n_trees : int
        How many.
    average_precision : float
        On the validation rows at the best number of trees; NaN without a fraud there.
    """

    text: str
    n_trees: int
    average_precision: float


def grow(train: Rows, valid: Rows | None, growth: Growth, *, progress: Progress = silent) -> Grown:
    """Return trees grown on rows, as many as rank later rows best.

    Parameters
    ----------
    train : Rows
        To learn from; both kinds.
    valid : Rows or None
        Later rows to stop at; without a fraud among them a fixed number of trees is grown.
    growth : Growth
        How.
    progress : Progress
        Called after each tree.

    Returns
    -------
    Grown
        At least 30 trees, unless fewer were asked for.
    """
    parameters = growth.to_lightgbm(len(train.y))
    training = lgb.Dataset(
        train.X,
        train.y,
        weight=train.weight,
        feature_name=list(growth.names),
        categorical_feature=list(growth.categorical),
        params=parameters,
    )
    stops = valid is not None and bool(valid.y.any()) and not bool(valid.y.all())
    watch = _Watch(progress, growth.rounds)
    valid_sets = []
    if valid is not None and stops:
        valid_sets = [lgb.Dataset(valid.X, valid.y, weight=valid.weight, reference=training)]
    rounds = growth.rounds if stops else min(growth.rounds, 5 * _LEAST_TREES)
    # Without keep_training_booster LightGBM drops the trees after its own best before we can choose.
    booster = lgb.train(
        parameters, training, rounds, valid_sets=valid_sets, callbacks=[watch], keep_training_booster=True
    )
    best, precision = best_number(watch.precision) if stops else (rounds, float("nan"))
    n_trees = min(max(best, _LEAST_TREES), booster.num_trees())
    return Grown(
        text=booster.model_to_string(num_iteration=n_trees, importance_type="gain"),
        n_trees=n_trees,
        average_precision=precision,
    )


def best_number(precision: Sequence[float]) -> tuple[int, float]:
    """Return how many trees rank later rows best, and how well.

    Parameters
    ----------
    precision : sequence of float
        Average precision after each tree; at least one.

    Returns
    -------
    tuple of (int, float)
        The middle of the 21 neighbouring numbers of trees whose mean is highest, and that mean; of fewer all are taken.

    Examples
    --------
    >>> best_number([0.1, 0.9, 0.1] + [0.5] * 30)[0] > 10
    True
    """
    width = min(_SMOOTHED, len(precision))
    means = np.convolve(precision, np.full(width, 1 / width), mode="valid")
    place = int(np.argmax(means))
    return place + (width + 1) // 2, float(means[place])


def gains(text: str) -> NDArray[np.float64]:
    """Return how much each feature added to the fit of trees.

    Parameters
    ----------
    text : str
        Trees as LightGBM wrote them.

    Returns
    -------
    ndarray of float64, shape (n_features,)
        Gain; 0 for a feature that no tree asks.
    """
    return np.asarray(lgb.Booster(model_str=text).feature_importance("gain"), dtype=np.float64)


def margins(text: str, X: NDArray[np.float64]) -> NDArray[np.float64]:  # noqa: N803  # LightGBM's and scikit-learn's word
    """Return the raw score of every row in log-odds.

    Parameters
    ----------
    text : str
        Trees as LightGBM wrote them.
    X : ndarray of float64, shape (n_rows, n_features)
        Features.

    Returns
    -------
    ndarray of float64, shape (n_rows,)
        Bit for bit what `fraudguard.model.ensemble.Ensemble.margin` gives row by row.
    """
    if len(X) == 0:
        return np.zeros(0)
    return np.asarray(lgb.Booster(model_str=text).predict(X, raw_score=True), dtype=np.float64)


class _Watch:
    """Tells the progress, keeps the precision after each tree, and stops when it has not risen for long."""

    def __init__(self, progress: Progress, rounds: int) -> None:
        self.precision: list[float] = []
        self._progress = progress
        self._rounds = rounds

    def __call__(self, environment: Any) -> None:  # noqa: ANN401  # LightGBM's callbacks have no public type
        self._progress(environment.iteration + 1, self._rounds)
        if not environment.evaluation_result_list:
            return
        self.precision.append(float(environment.evaluation_result_list[0][2]))
        best, score = best_number(self.precision)
        if len(self.precision) - best >= _PATIENCE:
            raise lgb.callback.EarlyStopException(best - 1, [("valid_0", "average_precision", score, True)])
