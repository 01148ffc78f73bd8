"""Train a model: labels as known at a moment, trees, calibration, thresholds."""

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.decision import Policy
from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan
from fraudguard.model.batch import BatchScorer, require_plan
from fraudguard.model.estimator import FraudModel
from fraudguard.model.learning_rows import learning_rows, with_immature
from fraudguard.model.normal import QUANTILES
from fraudguard.model.scam_training import TrainedScamTypes, train_scam_types
from fraudguard.model.sights import with_lesser_sights
from fraudguard.model.spec import TrainSpec
from fraudguard.model.threshold import AlertBudget, choose_policy
from fraudguard.model.trees import Rows
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset
from fraudguard.wording import Bilingual

__all__ = ["TrainedModel", "train"]

_FEW: Final = 20
"""Fewer frauds than this, and any figure is mostly luck."""

_ALERTS: Final = 10.0
_PER: Final = 10_000


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
    normals : dict of str to list of float, or None
        What is normal in genuine training transfers, by feature: its quantiles in the order of
        `fraudguard.model.normal.QUANTILES`; None where the feature was never known.
    valid_score : ndarray of float64
        Calibrated probabilities of the validation rows.
    scam_types : TrainedScamTypes or None
        Trees that tell scam types apart; None where too few cases are confirmed.
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
    normals: dict[str, list[float] | None]
    valid_score: NDArray[np.float64] = field(compare=False)
    scam_types: TrainedScamTypes | None
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
    train_rows, valid_rows = learning_rows(matrix, dataset, spec)
    _require_both(train_rows, spec)
    _require_validation(valid_rows, spec)
    warnings, normals = _warnings(train_rows, valid_rows), _normals(train_rows, plan)
    counts, fraud_rate = _counts(train_rows, valid_rows), float(train_rows.y.mean())
    # One name for the rows at every stage: what came before is let go, and a large study fits into memory.
    if spec.immature == "weight":
        train_rows = with_immature(train_rows, matrix, dataset, spec=spec)
    if spec.immature == "unlabelled":
        model = _fitted(_with_lesser(train_rows, spec, plan), valid_rows, spec, plan=plan, progress=progress)
        train_rows = with_immature(train_rows, matrix, dataset, spec=spec, model=model)
    train_rows = _with_lesser(train_rows, spec, plan)
    model = _fitted(train_rows, valid_rows, spec, plan=plan, progress=progress)
    score = model.predict_proba(_table(valid_rows, plan))[:, 1]
    alerts = spec.alerts_per_10_000
    if alerts is None:
        alerts = max(_ALERTS, math.ceil(_PER * fraud_rate))
    return TrainedModel(
        scorer=BatchScorer(text=model.text_, plan=plan, calibration=model.calibration_),
        policy=choose_policy(score, AlertBudget(alerts=alerts)),
        spec=spec,
        alerts_per_10_000=alerts,
        normals=normals,
        shape=model.shape_,
        valid_score=np.asarray(score, dtype=np.float64),
        scam_types=train_scam_types(matrix, dataset, spec),
        counts={**counts, "trees": model.n_trees_},
        warnings=warnings,
    )


def _require_rows(matrix: pd.DataFrame, dataset: Dataset) -> None:
    if not matrix.index.equals(pd.Index(dataset.transfers["transfer_id"])):
        raise DataError(
            f"the feature matrix has {len(matrix)} rows that are not the {len(dataset.transfers)} transfers of the dataset "
            f"in log order; replay this dataset again",
            f"特征矩阵的 {len(matrix)} 行与数据集按日志顺序的 {len(dataset.transfers)} 笔转账不一致；请对该数据集重新计算特征",
        )


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


def _fitted(
    train_rows: Rows, valid_rows: Rows, spec: TrainSpec, *, plan: FeaturePlan, progress: Progress
) -> FraudModel:
    early, late = _table(train_rows, plan), _table(valid_rows, plan)
    return _model(spec, plan).fit(early, train_rows.y, train_rows.weight, valid=(late, valid_rows.y), progress=progress)


def _with_lesser(rows: Rows, spec: TrainSpec, plan: FeaturePlan) -> Rows:
    return with_lesser_sights(rows, plan, share=spec.lesser_share, seed=spec.seed)


def _table(rows: Rows, plan: FeaturePlan) -> pd.DataFrame:
    # copy=False: the table is a view of the rows, and hundreds of millions of numbers are not copied.
    return pd.DataFrame(rows.X, columns=list(plan.names), copy=False)


def _model(spec: TrainSpec, plan: FeaturePlan) -> FraudModel:
    return FraudModel(
        shape=spec.shape,
        rounds=spec.rounds,
        genuine_share=spec.genuine_share if spec.drawn_share == 1 else 1.0,
        drawn_share=spec.drawn_share,
        monotone={column.name: column.monotone for column in plan.columns if column.monotone},
        categorical=[column.name for column in plan.columns if column.categories],
        parameters=spec.parameters,
        random_state=spec.seed,
    )


def _normals(rows: Rows, plan: FeaturePlan) -> dict[str, list[float] | None]:
    genuine = rows.X[~rows.y]
    # pandas skips NaN without a warning where a whole column is NaN.
    spread = pd.DataFrame(genuine, columns=list(plan.names), copy=False).quantile(list(QUANTILES))
    return {str(name): values.tolist() if np.isfinite(values).all() else None for name, values in spread.items()}


def _counts(train_rows: Rows, valid_rows: Rows) -> dict[str, int]:
    return {
        "train": len(train_rows.y),
        "train_fraud": int(train_rows.y.sum()),
        "valid": len(valid_rows.y),
        "valid_fraud": int(valid_rows.y.sum()),
    }
