"""The rows that a model learns from: labelled by what was known at a moment, and those too young to be labelled."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.labels import Label
from fraudguard.model.estimator import FraudModel
from fraudguard.model.labelling import derive_labels
from fraudguard.model.maturity import estimate_maturity
from fraudguard.model.spec import TrainSpec
from fraudguard.model.trees import Rows
from fraudguard.tables import Dataset

__all__ = ["learning_rows", "with_immature"]

_LEAST_PART = 1e-4
"""Smaller parts of a fraud than this would double the rows and teach nothing."""

_DAY_S = 86_400.0


def learning_rows(matrix: pd.DataFrame, dataset: Dataset, spec: TrainSpec) -> tuple[Rows, Rows]:
    """Return the labelled rows of the training and of the validation window.

    Parameters
    ----------
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        Features of every transfer.
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        Windows and target.

    Returns
    -------
    tuple of two Rows
        Training, validation; labels are those known at the split's moment.
    """
    times, labels = dataset.transfers["event_time"], _labels(dataset, spec)
    known = labels != str(Label.UNKNOWN)
    values = matrix.to_numpy(dtype=np.float64)
    chosen = (spec.split.is_train(times) & known, spec.split.is_valid(times) & known)
    train_rows, valid_rows = (Rows(_part(values, rows), labels[rows] == str(Label.FRAUD)) for rows in chosen)
    return train_rows, valid_rows


def _part(values: NDArray[np.float64], rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return chosen rows; where they stand side by side, as a view: of millions of rows a copy takes gigabytes."""
    places = np.flatnonzero(rows)
    is_one_piece = len(places) > 0 and places[-1] - places[0] + 1 == len(places)
    if is_one_piece and values.flags.c_contiguous:
        return values[places[0] : places[-1] + 1]
    return values[rows]


def with_immature(
    rows: Rows, matrix: pd.DataFrame, dataset: Dataset, *, spec: TrainSpec, model: FraudModel | None = None
) -> Rows:
    """Return training rows with those between validation and the split's moment, of which reports may still come in.

    With ``weight`` a transfer without a report counts as genuine by the share *c* of reports that is known at its
    age. With ``unlabelled`` it counts in part as fraud: *p* (1 - *c*) / (1 - *p* *c*), where *p* is what a model learned from mature rows
    says of it, and for the rest as genuine.

    Parameters
    ----------
    rows : Rows
        Mature training rows.
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        Features of every transfer.
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        Windows, target, and what to do.
    model : FraudModel or None
        Fitted on `rows`; with None every transfer without a report is only weighted.

    Returns
    -------
    Rows
        With weights.

    References
    ----------
    .. [1] Elkan, Noto, *Learning classifiers from only positive and unlabeled data*, KDD 2008, section 3.
    """
    times, labels = dataset.transfers["event_time"], _labels(dataset, spec)
    young = ((times >= pd.Timestamp(spec.split.valid_end)) & (times < pd.Timestamp(spec.split.as_of))).to_numpy()
    chosen = young & ((labels != str(Label.UNKNOWN)) | (dataset.meta.unreported == "genuine"))
    known = _known_share(dataset, spec, times[chosen])
    said = labels[chosen]
    more = matrix.to_numpy(dtype=np.float64)[chosen]
    fraud, silent = said == str(Label.FRAUD), said == str(Label.UNKNOWN)
    if model is None:
        return _joined(rows, Rows(more, fraud, np.where(silent, known, 1.0)))
    likely = (
        model.predict_proba(pd.DataFrame(more, columns=list(matrix.columns), copy=False))[:, 1] if len(more) else known
    )
    part = np.where(silent, likely * (1 - known) / (1 - likely * known), 0.0)
    twice = part >= _LEAST_PART
    joined = _joined(rows, Rows(more, fraud, 1.0 - part))
    return _joined(joined, Rows(more[twice], np.ones(int(twice.sum()), dtype=bool), part[twice]))


def _labels(dataset: Dataset, spec: TrainSpec) -> NDArray[np.object_]:
    labels = derive_labels(
        dataset.transfers,
        dataset.findings,
        as_of=spec.split.as_of,
        maturity=spec.split.maturity,
        unreported=dataset.meta.unreported,
        target=spec.target,
    )
    return np.asarray(labels.to_numpy(), dtype=object)


def _known_share(dataset: Dataset, spec: TrainSpec, times: "pd.Series[pd.Timestamp]") -> NDArray[np.float64]:
    target = tuple(str(value) for value in spec.target)
    maturity = estimate_maturity(dataset.transfers, dataset.findings, as_of=spec.split.as_of, target=target)
    age_d = (pd.Timestamp(spec.split.as_of) - times).dt.total_seconds().to_numpy() / _DAY_S
    return maturity.curve().known_share(age_d)


def _joined(rows: Rows, more: Rows) -> Rows:
    weights = [np.ones(len(one.y)) if one.weight is None else one.weight for one in (rows, more)]
    return Rows(np.concatenate([rows.X, more.X]), np.concatenate([rows.y, more.y]), np.concatenate(weights))
