"""Train a model: labels as known at a moment, trees, calibration, thresholds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from fraudguard.decision import Policy
from fraudguard.errors import DataError, DefinitionError
from fraudguard.features import FeaturePlan
from fraudguard.finding import FindingValue
from fraudguard.labels import Label
from fraudguard.model.batch import BatchScorer, require_plan
from fraudguard.model.estimator import FraudModel
from fraudguard.model.labelling import derive_labels
from fraudguard.model.split import TimeSplit
from fraudguard.model.threshold import AlertBudget, choose_policy
from fraudguard.model.trees import Rows
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset
from fraudguard.wording import Bilingual

__all__ = ["TrainSpec", "TrainedModel", "train"]

_FEW: Final = 20
"""Fewer frauds than this, and any figure is mostly luck."""

_ALERTS: Final = 10.0
_PER: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSpec:
    """All that decides a model beside data and catalog.

    Parameters
    ----------
    split : TimeSplit
        The windows, and the moment at which labels are taken.
    seed : int
        Same data, catalog, spec and seed: the same model, bit for bit.
    target : tuple of FindingValue
        The findings that make a fraud row.
    alerts_per_10_000 : float or None
        What officers can work; None for 10, or the fraud rate of the training
        window where that is higher.
    genuine_share : float or None
        Share of genuine training rows kept, in (0, 1], as `fraudguard.model.estimator.FraudModel` takes it.
    shape : str
        Shape of the trees, as `fraudguard.model.estimator.FraudModel` takes it.
    rounds : int
        Most trees.
    parameters : Mapping
        LightGBM parameters that replace those of the shape.

    Raises
    ------
    DefinitionError
        If a number is out of its interval.
    """

    split: TimeSplit
    seed: int = 7
    target: tuple[FindingValue, ...] = (FindingValue.VICTIM_TRANSFER,)
    alerts_per_10_000: float | None = None
    genuine_share: float | None = None
    shape: str = "auto"
    rounds: int = 600
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        share = 1.0 if self.genuine_share is None else self.genuine_share
        if not 0 < share <= 1 or self.rounds < 1:
            raise DefinitionError(
                f"genuine_share {self.genuine_share} must be within (0, 1] and rounds {self.rounds} at least 1",
                f"genuine_share {self.genuine_share} 须在 (0, 1] 内，rounds {self.rounds} 至少为 1",
            )
        if self.alerts_per_10_000 is not None:
            AlertBudget(alerts=self.alerts_per_10_000)  # refuses what is no budget, before hours of training

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {
            "seed": self.seed,
            "split": self.split.to_dict(),
            "target": [str(finding) for finding in self.target],
            "genuine_share": self.genuine_share,
            "shape": self.shape,
            "rounds": self.rounds,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TrainedModel:
    """A model in memory, with what its artifact will say of it.

    Parameters
    ----------
    scorer : BatchScorer
        Trees and calibration.
    policy : Policy
        Steps chosen on the validation window.
    spec : TrainSpec
        What it was trained with.
    alerts_per_10_000 : float
        The budget that was used.
    shape : str
        Shape of the trees that was kept.
    medians : dict of str to float or None
        What is normal in genuine training transfers, by feature.
    counts : dict
        Rows and frauds of each window, and trees.
    warnings : tuple of Bilingual
        What a reader must know before trusting it.
    """

    scorer: BatchScorer
    policy: Policy
    spec: TrainSpec
    alerts_per_10_000: float
    shape: str
    medians: dict[str, float | None]
    counts: dict[str, int]
    warnings: tuple[Bilingual, ...]

    def __repr__(self) -> str:
        return (
            f"TrainedModel({self.counts['trees']} trees, {self.counts['train']:,} transfers, "
            f"{self.counts['train_fraud']:,} fraud, {len(self.scorer.plan.names)} features)"
        )


def train(
    matrix: pd.DataFrame, dataset: Dataset, spec: TrainSpec, *, plan: FeaturePlan, progress: Progress = silent
) -> TrainedModel:
    """Return a model trained on the labels known at the split's moment.

    Parameters
    ----------
    matrix : DataFrame of float64, shape (n_transfers, n_features)
        `fraudguard.features.replay` of all transfers of `dataset`.
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        Windows, seed, target, parameters.
    plan : FeaturePlan
        The plan of `matrix`.
    progress : Progress
        Called after each tree.

    Returns
    -------
    TrainedModel
        The same, bit for bit, for the same input.

    Raises
    ------
    DataError
        If the matrix is not of this data and plan, or a window has no fraud or nothing genuine to learn from.
    """
    require_plan(matrix, plan)
    _require_rows(matrix, dataset)
    train_rows, valid_rows = _windows(matrix, dataset, spec)
    _require_both(train_rows, spec)
    _require_validation(valid_rows, spec)
    warnings = _warnings(train_rows, valid_rows)
    early, late = (_table(rows, plan) for rows in (train_rows, valid_rows))
    model = _model(spec, plan).fit(early, train_rows.y, valid=(late, valid_rows.y), progress=progress)
    score = model.predict_proba(late)[:, 1]
    alerts = spec.alerts_per_10_000
    if alerts is None:
        alerts = max(_ALERTS, math.ceil(_PER * train_rows.y.mean()))
    return TrainedModel(
        scorer=BatchScorer(text=model.text_, plan=plan, calibration=model.calibration_),
        policy=choose_policy(score, AlertBudget(alerts=alerts)),
        spec=spec,
        alerts_per_10_000=alerts,
        medians=_medians(train_rows, plan),
        shape=model.shape_,
        counts=_counts(train_rows, valid_rows, model.n_trees_),
        warnings=warnings,
    )


def _require_rows(matrix: pd.DataFrame, dataset: Dataset) -> None:
    if not matrix.index.equals(pd.Index(dataset.transfers["transfer_id"])):
        raise DataError(
            f"the feature matrix has {len(matrix)} rows that are not the {len(dataset.transfers)} transfers of the dataset "
            f"in log order; replay this dataset again",
            f"特征矩阵的 {len(matrix)} 行与数据集按日志顺序的 {len(dataset.transfers)} 笔转账不一致；请对该数据集重新计算特征",
        )


def _windows(matrix: pd.DataFrame, dataset: Dataset, spec: TrainSpec) -> tuple[Rows, Rows]:
    split, times = spec.split, dataset.transfers["event_time"]
    labels = derive_labels(
        dataset.transfers,
        dataset.findings,
        as_of=split.as_of,
        maturity=split.maturity,
        unreported=dataset.meta.unreported,
        target=spec.target,
    ).to_numpy()
    values = matrix.to_numpy(dtype=np.float64)
    known = labels != str(Label.UNKNOWN)
    chosen = (split.is_train(times) & known, split.is_valid(times) & known)
    train_rows, valid_rows = (Rows(values[rows], labels[rows] == str(Label.FRAUD)) for rows in chosen)
    return train_rows, valid_rows


def _require_both(rows: Rows, spec: TrainSpec) -> None:
    n_fraud = int(rows.y.sum())
    if n_fraud and n_fraud < len(rows.y):
        return
    begin, end, as_of = spec.split.train_from or "…", spec.split.train_until, spec.split.as_of
    raise DataError(
        f"the training window {begin} to {end} has {len(rows.y)} labelled transfers, {n_fraud} of them fraud, as known at "
        f"{as_of}; it needs both kinds: use a longer window, a later --as-of, a shorter --gap-days, or add findings",
        f"训练时段 {begin} 至 {end} 在 {as_of} 时已知标签的转账有 {len(rows.y)} 笔，其中涉诈 {n_fraud} 笔；两类都必须有："
        f"请加长训练时段、推后 --as-of、缩短 --gap-days，或补充结论",
    )


def _require_validation(rows: Rows, spec: TrainSpec) -> None:
    if len(rows.y):
        return
    begin, end, as_of = spec.split.valid_from, spec.split.valid_end, spec.split.as_of
    raise DataError(
        f"the validation window {begin} to {end} has no labelled transfer as known at {as_of}, so no threshold can be "
        f"chosen: move --as-of or --valid-until into the data, or give a longer --valid-days",
        f"验证时段 {begin} 至 {end} 在 {as_of} 时没有已知标签的转账，无从选择阈值："
        f"请把 --as-of 或 --valid-until 移到数据之内，或加长 --valid-days",
    )


def _warnings(train_rows: Rows, valid_rows: Rows) -> tuple[Bilingual, ...]:
    few = [
        Bilingual(
            zh=f"{zh}时段只有 {rows.y.sum()} 笔涉诈转账，少于 {_FEW} 笔，各项数字多半出于偶然",
            en=f"only {rows.y.sum()} frauds in the {en} window, fewer than {_FEW}: any figure is mostly luck",
        )
        for rows, zh, en in ((train_rows, "训练", "training"), (valid_rows, "验证", "validation"))
        if rows.y.sum() < _FEW
    ]
    return tuple(few)


def _table(rows: Rows, plan: FeaturePlan) -> pd.DataFrame:
    # copy=False: the table is a view of the rows, and hundreds of millions of numbers are not copied.
    return pd.DataFrame(rows.X, columns=list(plan.names), copy=False)


def _model(spec: TrainSpec, plan: FeaturePlan) -> FraudModel:
    return FraudModel(
        shape=spec.shape,
        rounds=spec.rounds,
        genuine_share=spec.genuine_share,
        monotone={column.name: column.monotone for column in plan.columns if column.monotone},
        categorical=[column.name for column in plan.columns if column.categories],
        parameters=spec.parameters,
        random_state=spec.seed,
    )


def _medians(rows: Rows, plan: FeaturePlan) -> dict[str, float | None]:
    genuine = rows.X[~rows.y]
    # pandas skips NaN without a warning where a whole column is NaN.
    medians = pd.DataFrame(genuine, columns=list(plan.names)).median()
    return {name: float(value) if np.isfinite(value) else None for name, value in medians.items()}  # type: ignore[misc]


def _counts(train_rows: Rows, valid_rows: Rows, trees: int) -> dict[str, int]:
    return {
        "train": len(train_rows.y),
        "train_fraud": int(train_rows.y.sum()),
        "valid": len(valid_rows.y),
        "valid_fraud": int(valid_rows.y.sum()),
        "trees": trees,
    }
