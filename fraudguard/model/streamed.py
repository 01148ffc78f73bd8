"""A study of more transfers than a matrix in memory can hold: one pass over the log, and only what is learned from is kept.

Rows come in log order, and the test begins where training and validation have ended. So the model is trained on the
way, and later transfers are scored as they come.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan
from fraudguard.labels import Label
from fraudguard.model.labelling import derive_labels
from fraudguard.model.reference import Reference
from fraudguard.model.reference_making import make_reference, reference_rows
from fraudguard.model.spec import TrainSpec
from fraudguard.model.train import TrainedModel, train
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset

__all__ = ["LARGE", "Streamed", "chosen_rows", "stream"]

LARGE = 2_000_000
"""With more transfers than this a study is streamed."""

_GENUINE_KEPT = 300_000
_GENUINE_PER_FRAUD = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streamed:
    """What one pass over a log gave.

    Parameters
    ----------
    trained : TrainedModel
        The model.
    matrix : DataFrame of float64
        Features of the rows that were learned from.
    score : Series of float64
        Calibrated probabilities of the test window, by ``transfer_id``.
    reference : Reference
        What the model was made among.
    """

    trained: TrainedModel
    matrix: pd.DataFrame
    score: pd.Series
    reference: Reference


def stream(
    stretches: Iterable[pd.DataFrame],
    dataset: Dataset,
    spec: TrainSpec,
    *,
    plan: FeaturePlan,
    progress: Progress = silent,
) -> Streamed:
    """Return a model trained and applied in one pass.

    Parameters
    ----------
    stretches : iterable of DataFrame
        From `fraudguard.features.replay_stretches`, of all transfers of `dataset`.
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        As `fraudguard.model.train.train` takes it.
    plan : FeaturePlan
        The plan of the stretches.
    progress : Progress
        Called after each tree.

    Returns
    -------
    Streamed
        Genuine training rows are a draw of 300,000, or 100 for each fraud; validation and test are whole.

    Raises
    ------
    DataError
        If the log ends before the test window, or a window has nothing to learn from.
    """
    kept, share = chosen_rows(dataset, spec)
    tested = spec.split.is_test(dataset.transfers["event_time"])
    counted = reference_rows(dataset, spec)
    parts: list[pd.DataFrame] = []
    among: list[pd.DataFrame] = []
    scores: list[pd.Series] = []
    trained: TrainedModel | None = None
    first = 0
    for stretch in stretches:
        here = slice(first, first + len(stretch))
        first += len(stretch)
        if kept[here].any():
            parts.append(stretch[kept[here]])
        if counted[here].any():
            among.append(stretch[counted[here]])
        if tested[here].any():
            if trained is None:
                matrix = _joined(parts)
                seen = dataset.transfers[kept].iloc[: len(matrix)].reset_index(drop=True)
                drawn = replace(spec, drawn_share=share)
                trained = train(matrix, replace(dataset, transfers=seen), drawn, plan=plan, progress=progress)
            scores.append(trained.scorer.score(stretch[tested[here]]))
    if trained is None:
        raise DataError(
            f"no transfer is at or after {spec.split.as_of}, where the test begins; give an earlier --as-of",
            f"没有 {spec.split.as_of} 及以后的转账可供测试；请把 --as-of 提前",
        )
    return Streamed(
        trained=trained,
        matrix=_joined(parts),
        score=pd.concat(scores),
        reference=make_reference(_joined(among), dataset, trained),
    )


def chosen_rows(dataset: Dataset, spec: TrainSpec) -> tuple[NDArray[np.bool_], float]:
    """Return the rows to be kept for learning, and the share of the genuine training rows that was drawn.

    Parameters
    ----------
    dataset : Dataset
        Transfers and findings.
    spec : TrainSpec
        Windows, target and seed.

    Returns
    -------
    tuple of (ndarray of bool, shape (n_transfers,), float)
        All of validation, all frauds reported by the split's moment, and a draw of the other rows of training and, where they
        are learned from, of those too young for a label.
    """
    split, times = spec.split, dataset.transfers["event_time"]
    labels = derive_labels(
        dataset.transfers,
        dataset.findings,
        as_of=split.as_of,
        maturity=split.maturity,
        unreported=dataset.meta.unreported,
        target=spec.target,
    ).to_numpy()
    known, fraud = labels != str(Label.UNKNOWN), labels == str(Label.FRAUD)
    train_rows = split.is_train(times) & known
    n_fraud, n_genuine = int((train_rows & fraud).sum()), int((train_rows & ~fraud).sum())
    share = spec.genuine_share
    if share is None:
        share = min(1.0, max(_GENUINE_KEPT, _GENUINE_PER_FRAUD * n_fraud) / max(n_genuine, 1))
    drawn = np.random.default_rng(spec.seed).random(len(labels)) < share
    # Every report counts for the delays and the scam types, also between the windows.
    reported = fraud & (times < pd.Timestamp(split.as_of)).to_numpy()
    kept = (split.is_valid(times) & known) | (train_rows & drawn) | reported
    if spec.immature != "drop":
        young = (times >= pd.Timestamp(split.valid_end)) & (times < pd.Timestamp(split.as_of))
        kept |= young.to_numpy() & drawn
    return kept, share


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Make one table of the parts, giving each back as soon as it is copied."""
    if len(parts) > 1:
        whole = pd.concat(parts)
        parts[:] = [whole]
    return parts[0]
