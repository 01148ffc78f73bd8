"""`FraudModel`: gradient-boosted trees with calibrated probabilities, as scikit-learn knows estimators."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from fraudguard.model.calibrate import Calibration, fit_calibration
from fraudguard.model.ensemble import Ensemble
from fraudguard.model.trees import SHAPES, Grown, Growth, Rows, gains, grow, margins
from fraudguard.progress import Progress, silent

__all__ = ["FraudModel"]

_ENOUGH_TO_CHOOSE: Final = 50
"""With fewer frauds in the validation rows, which shape ranks them best is luck."""

_ENOUGH_FOR_DEPTH: Final = 1_000
"""With fewer frauds to learn from, deep trees learn them by heart."""

_ROWS_FOR_DEPTH: Final = 100_000
"""With fewer rows to learn from, too."""

_GENUINE_KEPT: Final = 300_000
_GENUINE_PER_FRAUD: Final = 100
"""More genuine rows than this change a model by no more than its seed does."""

_MANY_ROWS: Final = 2_000_000
"""Beyond it one shape is grown: two would take too long."""

_FEW_ROWS: Final = 20
_USUAL: Final = "random"


class FraudModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Trees that tell fraud from genuine, with probabilities that mean what they say.

    Rows are taken to be in the order of time. The last of them (or those given as `valid`) choose
    the number of trees and the shape, and calibrate the probabilities.

    Parameters
    ----------
    shape : {"auto", "random", "deep"}
        Shape of the trees (`fraudguard.model.trees.SHAPES`). ``auto`` is ``random``; with 1,000 frauds and
        100,000 to 2,000,000 rows to learn from, and 50 frauds to validate, it grows both and keeps the one that ranks the validation rows best
        by average precision.
    rounds : int
        Most trees.
    valid_share : float
        Share of the rows, the last ones, that `fit` keeps for validation when it is given none; in [0, 1).
    genuine_share : float or None
        Share of genuine training rows kept, in (0, 1]; probabilities are corrected for it. None keeps 300,000 of them, or 100
        for each fraud where that is more.
    drawn_share : float
        Share of the genuine training rows that was drawn before they came here, in (0, 1]; probabilities are corrected for it.
    base_rate : float or None
        The fraud rate that probabilities are to hold for, in (0, 1); None for that of the validation rows.
    monotone : Mapping of str to int, or None
        For a feature 1 where the probability may only rise with it, -1 where it may only fall.
    categorical : sequence of str
        Features whose numbers are codes without an order; pandas' own categories are taken as such anyway.
    parameters : Mapping or None
        LightGBM parameters that replace those of the shape.
    random_state : int
        Same rows, same parameters, same seed: the same model, bit for bit.

    Attributes
    ----------
    classes_ : ndarray, shape (2,)
        Genuine first, fraud second.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of str
        Their names, when fitted on a table.
    text_ : str
        The trees as LightGBM writes them.
    calibration_ : Calibration
        From the trees' raw score to a probability.
    shape_ : str
        The shape that was kept.
    n_trees_ : int
        Number of trees.
    genuine_share_ : float
        Share of the genuine training rows that was kept.
    categories_ : dict of str to list
        The categories of each pandas categorical column.

    Examples
    --------
    >>> import numpy as np
    >>> generator = np.random.default_rng(0)
    >>> X = generator.normal(size=(2_000, 3))
    >>> y = X[:, 0] + 0.1 * generator.normal(size=2_000) > 1.5
    >>> model = FraudModel(shape="random", rounds=50).fit(X, y)
    >>> model.predict_proba(X[:2]).shape
    (2, 2)
    """

    def __init__(
        self,
        *,
        shape: str = "auto",
        rounds: int = 800,
        valid_share: float = 0.25,
        genuine_share: float | None = None,
        drawn_share: float = 1.0,
        base_rate: float | None = None,
        monotone: Mapping[str, int] | None = None,
        categorical: Sequence[str] = (),
        parameters: Mapping[str, Any] | None = None,
        random_state: int = 7,
    ) -> None:
        self.shape = shape
        self.rounds = rounds
        self.valid_share = valid_share
        self.genuine_share = genuine_share
        self.drawn_share = drawn_share
        self.base_rate = base_rate
        self.monotone = monotone
        self.categorical = categorical
        self.parameters = parameters
        self.random_state = random_state

    def fit(
        self,
        X: ArrayLike | pd.DataFrame,  # noqa: N803
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        valid: tuple[Any, Any] | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn from rows in the order of time.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_rows, n_features)
            Features; NaN is missing. Columns of pandas categories are taken as codes without an order.
        y : array-like, shape (n_rows,)
            Two classes; the greater is fraud.
        sample_weight : array-like, shape (n_rows,), or None
            How much each row counts.
        valid : tuple of (X, y) or None
            Later rows for stopping and calibration; None for the last `valid_share` of the rows.
        progress : Progress
            Called after each tree.

        Returns
        -------
        FraudModel
            Itself.

        Raises
        ------
        ValueError
            If a parameter is out of its interval or the rows hold one class only, as scikit-learn's estimators do.
        """
        self._require_parameters()
        self.categories_ = _categories_of(X)
        table, labels = validate_data(self, self._coded(X), y, dtype=np.float64, ensure_all_finite="allow-nan")
        weight = None if sample_weight is None else _check_sample_weight(sample_weight, table, ensure_non_negative=True)
        self.classes_, fraud = self._classes(labels)
        rows = Rows(table, fraud, weight)
        train, late = self._split(rows) if valid is None else (rows, self._valid_rows(*valid))
        self.genuine_share_ = self._genuine_share(train)
        grown = self._grow(self._sampled(train), late, progress=progress)
        self.text_, self.n_trees_ = grown.text, grown.n_trees
        self.calibration_ = self._calibrated(late)
        return self

    def predict_proba(self, X: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        """Return the probability of each class, shape (n_rows, 2)."""
        margin = self._margins(X)
        fraud = self.calibration_.probability(margin)
        return np.column_stack([1 - fraud, fraud])

    def decision_function(self, X: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        """Return the calibrated log-odds of fraud, shape (n_rows,)."""
        margin = self._margins(X)
        return self.calibration_.slope * margin + self.calibration_.intercept

    def predict(self, X: ArrayLike | pd.DataFrame) -> NDArray[Any]:  # noqa: N803
        """Return the likelier class of each row, shape (n_rows,)."""
        likely = self.decision_function(X) > 0
        return np.asarray(self.classes_[likely.astype(np.intp)])

    def contributions(self, X: ArrayLike | pd.DataFrame) -> pd.DataFrame:  # noqa: N803
        """Return each feature's exact part of the calibrated log-odds.

        Parameters
        ----------
        X : array-like or DataFrame, shape (n_rows, n_features)
            Features.

        Returns
        -------
        DataFrame of float64, shape (n_rows, n_features + 1)
            A column a feature, and ``base``, what a row starts from; they add up to `decision_function`.
        """
        table = self._table(X)
        parts = self.calibration_.slope * Ensemble(self.text_).contributions_of_rows(
            np.asarray(table, dtype=np.float64)
        )
        parts[:, -1] += self.calibration_.intercept
        index = X.index if isinstance(X, pd.DataFrame) else None
        return pd.DataFrame(parts, columns=[*self._names(), "base"], index=index)

    @property
    def feature_importances_(self) -> NDArray[np.float64]:
        """Gain of each feature, shape (n_features,)."""
        check_is_fitted(self, "text_")
        return gains(self.text_)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  # scikit-learn's Tags, which ship no types
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "calibration_")

    def _require_parameters(self) -> None:
        wrong = {
            f"shape={self.shape!r}: one of auto, {', '.join(SHAPES)}": self.shape not in {"auto", *SHAPES},
            f"rounds={self.rounds!r}: at least 1": self.rounds < 1,
            f"valid_share={self.valid_share!r}: in [0, 1)": not 0 <= self.valid_share < 1,
            f"genuine_share={self.genuine_share!r}: in (0, 1]": self.genuine_share is not None
            and not 0 < self.genuine_share <= 1,
            f"drawn_share={self.drawn_share!r}: in (0, 1]": not 0 < self.drawn_share <= 1,
            f"base_rate={self.base_rate!r}: in (0, 1)": self.base_rate is not None and not 0 < self.base_rate < 1,
        }
        for said, is_wrong in wrong.items():
            if is_wrong:
                raise ValueError(said)

    def _classes(self, y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        check_classification_targets(y)
        if type_of_target(y, input_name="y") != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {type_of_target(y)}.")
        classes, place = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(
                f"Classifier can't train when only one class is present: {classes[0]!r} in all {len(y)} rows"
            )
        return classes, place.astype(bool)

    def _split(self, rows: Rows) -> tuple[Rows, Rows | None]:
        """Keep the last rows for validation, where both kinds are left to learn from."""
        n_valid = round(self.valid_share * len(rows.y))
        n_train = len(rows.y) - n_valid
        one_kind = rows.y[:n_train].all() or not rows.y[:n_train].any()
        if n_valid == 0 or n_train < _FEW_ROWS or one_kind:
            return rows, None
        parts = (slice(None, n_train), slice(n_train, None))
        early, late = (
            Rows(rows.X[part], rows.y[part], None if rows.weight is None else rows.weight[part]) for part in parts
        )
        return early, late

    def _valid_rows(self, X: ArrayLike | pd.DataFrame, y: ArrayLike) -> Rows:  # noqa: N803
        table, labels = validate_data(
            self, self._coded(X), y, dtype=np.float64, ensure_all_finite="allow-nan", reset=False
        )
        return Rows(table, labels == self.classes_[1])

    def _genuine_share(self, rows: Rows) -> float:
        if self.genuine_share is not None:
            return self.genuine_share
        n_fraud = int(rows.y.sum())
        return min(1.0, max(_GENUINE_KEPT, _GENUINE_PER_FRAUD * n_fraud) / (len(rows.y) - n_fraud))

    def _sampled(self, rows: Rows) -> Rows:
        if self.genuine_share_ == 1:
            return rows
        generator = np.random.default_rng(self.random_state)
        kept = rows.y | (generator.random(len(rows.y)) < self.genuine_share_)
        return Rows(rows.X[kept], rows.y[kept], None if rows.weight is None else rows.weight[kept])

    def _grow(self, train: Rows, valid: Rows | None, *, progress: Progress) -> Grown:
        shapes = self._shapes(train, valid)
        n_rounds = len(shapes) * self.rounds
        grown: dict[str, Grown] = {}
        for place, shape in enumerate(shapes):
            told = _shifted(progress, place * self.rounds, n_rounds)
            grown[shape] = grow(train, valid, self._growth(shape), progress=told)
        self.shape_ = max(grown, key=lambda shape: grown[shape].average_precision) if len(grown) > 1 else shapes[0]
        return grown[self.shape_]

    def _shapes(self, train: Rows, valid: Rows | None) -> list[str]:
        if self.shape != "auto":
            return [self.shape]
        enough = valid is not None and valid.y.sum() >= _ENOUGH_TO_CHOOSE and train.y.sum() >= _ENOUGH_FOR_DEPTH
        return list(SHAPES) if enough and _ROWS_FOR_DEPTH <= len(train.y) <= _MANY_ROWS else [_USUAL]

    def _growth(self, shape: str) -> Growth:
        names = self._names()
        monotone = dict(self.monotone or {})
        coded = {*self.categorical, *self.categories_}
        return Growth(
            shape=shape,
            rounds=self.rounds,
            seed=self.random_state,
            names=names,
            monotone=[0 if name in coded else monotone.get(name, 0) for name in names],
            categorical=[place for place, name in enumerate(names) if name in coded],
            parameters=self.parameters or {},
        )

    def _calibrated(self, valid: Rows | None) -> Calibration:
        offset = math.log(self.genuine_share_ * self.drawn_share)
        if valid is None:
            return Calibration(intercept=offset)
        fitted = fit_calibration(margins(self.text_, valid.X), valid.y, offset=offset)
        rate = float(valid.y.mean())
        if self.base_rate is None or not 0 < rate < 1:
            return fitted
        shift = _log_odds(self.base_rate) - _log_odds(rate)
        return Calibration(slope=fitted.slope, intercept=fitted.intercept + shift)

    def _margins(self, X: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        table = self._table(X)
        return margins(self.text_, table)

    def _table(self, X: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:  # noqa: N803
        check_is_fitted(self)
        table: NDArray[np.float64] = validate_data(
            self, self._coded(X), dtype=np.float64, ensure_all_finite="allow-nan", reset=False
        )
        return table

    def _names(self) -> list[str]:
        named = getattr(self, "feature_names_in_", None)
        return [f"x{place}" for place in range(self.n_features_in_)] if named is None else [str(name) for name in named]

    def _coded(self, X: ArrayLike | pd.DataFrame) -> ArrayLike | pd.DataFrame:  # noqa: N803
        """Put places in the known list for categories; a word never seen is missing."""
        if not self.categories_ or not isinstance(X, pd.DataFrame):
            return X
        codes = {
            name: pd.Index(words).get_indexer(X[name].astype(object)).astype(np.float64)
            for name, words in self.categories_.items()
            if name in X
        }
        return X.assign(**{name: np.where(code < 0, np.nan, code) for name, code in codes.items()})


def _categories_of(X: ArrayLike | pd.DataFrame) -> dict[str, list[Any]]:  # noqa: N803
    if not isinstance(X, pd.DataFrame):
        return {}
    return {
        str(name): list(column.cat.categories)
        for name, column in X.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }


def _shifted(progress: Progress, before: int, total: int) -> Progress:
    return lambda done, _: progress(before + done, total)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
