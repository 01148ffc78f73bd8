"""Learn to tell scam types apart from confirmed cases, and how well that works on later ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.finding import ScamType
from fraudguard.model.labelling import known_until, label_provenance
from fraudguard.model.spec import TrainSpec
from fraudguard.tables import Dataset

__all__ = ["TrainedScamTypes", "train_scam_types"]

_LEAST: Final = 10
_TYPES: Final = 2
_ROUNDS: Final = 60
_TOP: Final = 3

# Few rows and many types: shallow trees, much shrinkage, and every type counts by the root of its number.
_PARAMETERS: Final[Mapping[str, Any]] = {
    "objective": "multiclass",
    "learning_rate": 0.08,
    "num_leaves": 7,
    "min_data_in_leaf": 5,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "extra_trees": True,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedScamTypes:
    """Trees that tell scam types apart.

    Parameters
    ----------
    text : str
        The trees as LightGBM wrote them.
    names : tuple of str
        The types, in the order of the trees' outputs.
    n_train : int
        Confirmed transfers learned from.
    n_test : int
        Later confirmed transfers with a type that is known to the trees.
    top_1, top_3 : float
        Share of those whose type is ranked first, or among the first three; NaN without any.
    most_frequent : float
        Share that always naming the most frequent type would get right.
    """

    text: str
    names: tuple[str, ...]
    n_train: int
    n_test: int
    top_1: float
    top_3: float
    most_frequent: float


def train_scam_types(matrix: pd.DataFrame, dataset: Dataset, spec: TrainSpec) -> TrainedScamTypes | None:
    """Return trees that tell scam types apart, learned from what was confirmed at the split's moment.

    Parameters
    ----------
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        Features of every transfer.
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        Windows, target and seed.

    Returns
    -------
    TrainedScamTypes or None
        Types with fewer than 10 confirmed transfers are left out; None with fewer than two types left.
    """
    kinds = _confirmed(dataset, spec, until=spec.split.as_of)
    counts = kinds.value_counts()
    names = tuple(sorted(counts.index[counts >= _LEAST]))
    if len(names) < _TYPES:
        return None
    kinds = kinds[kinds.isin(names)]
    text = _grow(matrix.loc[kinds.index], kinds.map(names.index).to_numpy(dtype=np.int64), names, seed=spec.seed)
    later = _confirmed(dataset, spec, until=known_until(dataset))
    tested = later[later.isin(names) & ~later.index.isin(kinds.index) & later.index.isin(_tested(dataset, spec))]
    first, third = _hits(text, matrix.loc[tested.index], tested.map(names.index).to_numpy(dtype=np.int64))
    return TrainedScamTypes(
        text=text,
        names=names,
        n_train=len(kinds),
        n_test=len(tested),
        top_1=first,
        top_3=third,
        most_frequent=float((tested == counts.idxmax()).mean()) if len(tested) else float("nan"),
    )


def _confirmed(dataset: Dataset, spec: TrainSpec, *, until: Any) -> "pd.Series[str]":  # noqa: ANN401  # a datetime
    known = label_provenance(dataset.transfers, dataset.findings, as_of=until)
    if "scam_type" not in known:
        return pd.Series(dtype="str")
    named = known["finding"].isin([str(value) for value in spec.target]) & known["scam_type"].notna()
    kinds: pd.Series[str] = known.loc[named, "scam_type"].astype("str")
    return kinds[kinds != str(ScamType.OTHER)]


def _tested(dataset: Dataset, spec: TrainSpec) -> "pd.Series[str]":
    return dataset.transfers.loc[spec.split.is_test(dataset.transfers["event_time"]), "transfer_id"]


def _grow(rows: pd.DataFrame, kind: NDArray[np.int64], names: tuple[str, ...], *, seed: int) -> str:
    weight = 1 / np.sqrt(np.bincount(kind, minlength=len(names)))[kind]
    parameters = {**_PARAMETERS, "num_class": len(names), "seed": seed}
    training = lgb.Dataset(
        rows.to_numpy(dtype=np.float64), kind, weight=weight, feature_name=list(rows.columns), params=parameters
    )
    booster = lgb.train(parameters, training, _ROUNDS)
    return str(booster.model_to_string(importance_type="gain"))


def _hits(text: str, rows: pd.DataFrame, kind: NDArray[np.int64]) -> tuple[float, float]:
    if rows.empty:
        return float("nan"), float("nan")
    shares = np.asarray(lgb.Booster(model_str=text).predict(rows.to_numpy(dtype=np.float64)))
    ranked = np.argsort(-shares, axis=1, kind="stable")
    return float((ranked[:, 0] == kind).mean()), float((ranked[:, :_TOP] == kind[:, None]).any(axis=1).mean())
