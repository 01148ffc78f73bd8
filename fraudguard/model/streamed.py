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
from fraudguard.model.sights import sight_sample
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
    sample : Series of float64
        Weight of each transfer in what sights are judged on, from `fraudguard.model.sights.sight_sample`.
    sampled : DataFrame of float64
        Features of those with a weight.
    reference : Reference
        What the model was made among.
    """

    trained: TrainedModel
    matrix: pd.DataFrame
    score: pd.Series
    sample: "pd.Series[float]"
    sampled: pd.DataFrame
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
    sample = sight_sample(dataset, tested, target=spec.target, maturity=spec.split.maturity, seed=spec.seed)
    chosen, counted = (sample > 0).to_numpy(), reference_rows(dataset, spec)
    learned, sampled, among = _Kept(kept, plan), _Kept(chosen, plan), _Kept(counted, plan)
    scores: list[pd.Series] = []
    trained: TrainedModel | None = None
    first = 0
    for stretch in stretches:
        here = slice(first, first + len(stretch))
        first += len(stretch)
        for kind in (learned, sampled, among):
            kind.add(stretch, here)
        if tested[here].any():
            if trained is None:
                seen = replace(dataset, transfers=dataset.transfers[kept].reset_index(drop=True))
                drawn = replace(spec, drawn_share=share)
                trained = train(learned.table(), seen, drawn, plan=plan, progress=progress)
            scores.append(trained.scorer.score(stretch[tested[here]]))
    if trained is None:
        raise DataError(
            f"no transfer is at or after {spec.split.as_of}, where the test begins; give an earlier --as-of",
            f"没有 {spec.split.as_of} 及以后的转账可供测试；请把 --as-of 提前",
        )
    return Streamed(
        trained=trained,
        matrix=learned.table(),
        score=pd.concat(scores),
        sample=sample,
        sampled=sampled.table(),
        reference=make_reference(among.table(), dataset, trained),
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


class _Kept:
    """Rows of a log that are kept, in one array made once: joining parts would hold them twice."""

    def __init__(self, chosen: NDArray[np.bool_], plan: FeaturePlan) -> None:
        self._chosen = chosen
        self._names = list(plan.names)
        self._rows = np.empty((int(chosen.sum()), len(plan.names)))
        self._ids: list[pd.Index] = []
        self._n = 0

    def add(self, stretch: pd.DataFrame, here: slice) -> None:
        """Take the chosen rows of a stretch that stands at a place of the log."""
        chosen = self._chosen[here]
        if not chosen.any():
            return
        after = self._n + int(chosen.sum())
        self._rows[self._n : after] = stretch.to_numpy()[chosen]
        self._ids.append(stretch.index[chosen])
        self._n = after

    def table(self) -> pd.DataFrame:
        """Return the rows so far, without a copy."""
        ids = self._ids[0].append(self._ids[1:]) if self._ids else pd.Index([], dtype="str")
        return pd.DataFrame(self._rows[: self._n], index=ids, columns=self._names, copy=False)
