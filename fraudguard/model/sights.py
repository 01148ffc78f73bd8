"""One model for every bank: it learns what less is worth, and says how good it is with less."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from fraudguard.features.hidden import as_seen, hidden_values
from fraudguard.features.plan import FeaturePlan
from fraudguard.labels import Label
from fraudguard.model.batch import BatchScorer
from fraudguard.model.bootstrap import clusters_of, interval, replicate
from fraudguard.model.labelling import derive_labels, known_until
from fraudguard.model.trees import Rows
from fraudguard.sight import SIGHTS, Sight
from fraudguard.tables import Dataset

__all__ = ["SightRow", "sight_rows", "sight_sample", "telling_sights", "with_lesser_sights"]

_COPIED: Final = 0.25
"""Genuine rows that are repeated with something hidden, as a share of all; their weight makes up for the rest."""

_GENUINE: Final = 20_000
"""More genuine test rows would tell the same."""

_PER: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SightRow:
    """How good a model is with what a bank can see.

    Parameters
    ----------
    view : str
        Whose eyes: a word of `fraudguard.sight.View`.
    signals : bool
        Whether signals arrive.
    n_fraud : int
        Fraud transfers tested on.
    average_precision, auc : float
        On a draw of genuine transfers, weighted to stand for all.
    recall, recall_low, recall_high : float
        Share of fraud alerted at the budget, with its 95 % interval.
    precision : float
        Share of alerts that are fraud.
    expected_per_fraud : float
        Sum of the scores for each fraud; 1 where the probabilities mean what they say.
    """

    view: str
    signals: bool
    n_fraud: int
    average_precision: float
    auc: float
    recall: float
    recall_low: float
    recall_high: float
    precision: float
    expected_per_fraud: float


def telling_sights(rows: NDArray[np.float64], plan: FeaturePlan) -> tuple[Sight, ...]:
    """Return the sights that make a difference on rows, the fullest first; of equal ones the first.

    Parameters
    ----------
    rows : ndarray of float64, shape (n_rows, n_features)
        Any rows.
    plan : FeaturePlan
        Their columns.

    Returns
    -------
    tuple of Sight
        At least the one that sees everything.
    """
    told: dict[frozenset[int], Sight] = {}
    for sight in SIGHTS:
        changed = (place for place, value in hidden_values(plan, sight).items() if _differs(rows[:, place], value))
        told.setdefault(frozenset(changed), sight)
    return tuple(told.values())


def with_lesser_sights(rows: Rows, plan: FeaturePlan, *, share: float, seed: int) -> Rows:
    """Return training rows with copies in which something is hidden.

    Parameters
    ----------
    rows : Rows
        As they were.
    plan : FeaturePlan
        Their columns.
    share : float
        Weight of all copies against that of the rows, 0 or more. Every fraud is repeated once for each lesser sight that tells,
        and of the genuine rows a draw whose weights make up for the rest: the fraud rate stays.
    seed : int
        Of the draw.

    Returns
    -------
    Rows
        The rows first, then the copies; the rows alone where nothing can be hidden.
    """
    lesser = telling_sights(rows.X, plan)[1:] if share else ()
    if not lesser:
        return rows
    weight = np.ones(len(rows.y)) if rows.weight is None else rows.weight
    parts = [(rows.X, rows.y, weight)]
    for sight, chosen in zip(lesser, _draws(rows.y, len(lesser), seed), strict=True):
        fraud = rows.y[chosen]
        part = np.where(fraud, share / len(lesser), share / _COPIED)
        parts.append((as_seen(rows.X[chosen], plan, sight), fraud, weight[chosen] * part))
    values, fraud, weights = (np.concatenate(those) for those in zip(*parts, strict=True))
    return Rows(values, fraud, weights)


def sight_sample(
    dataset: Dataset, rows: NDArray[np.bool_], *, target: tuple[str, ...], maturity: timedelta, seed: int
) -> "pd.Series[float]":
    """Return the transfers that sights are judged on: every fraud, and a draw of the genuine ones.

    Parameters
    ----------
    dataset : Dataset
        Transfers and findings; labels are those known at its end.
    rows : ndarray of bool, shape (n_transfers,)
        The test window.
    target : tuple of str
        The findings that make a fraud row.
    maturity : timedelta
        How long after a transfer the absence of a finding means genuine.
    seed : int
        Of the draw.

    Returns
    -------
    Series of float64, shape (n_transfers,)
        Weight of each transfer: 0 for one not drawn, 1 for a fraud.
    """
    labels = derive_labels(
        dataset.transfers,
        dataset.findings,
        as_of=known_until(dataset),
        maturity=maturity,
        unreported=dataset.meta.unreported,
        target=target,
    ).to_numpy()
    fraud, genuine = rows & (labels == Label.FRAUD), rows & (labels == Label.GENUINE)
    share = min(1.0, _GENUINE / max(int(genuine.sum()), 1))
    drawn = genuine & (np.random.default_rng(seed).random(len(rows)) < share)
    return pd.Series(fraud + drawn / share, index=dataset.transfers["transfer_id"], name="weight")


def sight_rows(
    scorer: BatchScorer, matrix: pd.DataFrame, graded: pd.DataFrame, *, per_10_000: float, seed: int
) -> tuple[SightRow, ...]:
    """Return how good a model is under each sight that makes a difference.

    Parameters
    ----------
    scorer : BatchScorer
        The model.
    matrix : DataFrame of float64, shape (n_rows, n_features)
        Features of the transfers of `sight_sample`.
    graded : DataFrame, shape (n_rows, ...)
        The same transfers: ``label``, ``payer_account_id``, ``case_id`` where known, and ``weight``.
    per_10_000 : float
        Alert budget.
    seed : int
        Of the bootstrap.

    Returns
    -------
    tuple of SightRow
        The fullest sight first; empty without a fraud or without anything genuine.
    """
    fraud = (graded["label"] == Label.FRAUD).to_numpy()
    if not fraud.any() or fraud.all():
        return ()
    rows = matrix.to_numpy(dtype=np.float64)
    made = []
    for sight in telling_sights(rows, scorer.plan):
        seen = pd.DataFrame(as_seen(rows, scorer.plan, sight), columns=matrix.columns, index=matrix.index, copy=False)
        made.append(_row(sight, scorer.score(seen).to_numpy(), graded, per_10_000=per_10_000, seed=seed))
    return tuple(made)


def _row(sight: Sight, score: NDArray[np.float64], graded: pd.DataFrame, *, per_10_000: float, seed: int) -> SightRow:
    fraud, weight = (graded["label"] == Label.FRAUD).to_numpy(), graded["weight"].to_numpy(dtype=np.float64)
    alerted = score >= _threshold(score, weight, per_10_000)
    low, high = _interval(graded[fraud], alerted[fraud], seed=seed)
    return SightRow(
        view=str(sight.view),
        signals=sight.signals,
        n_fraud=int(fraud.sum()),
        average_precision=float(average_precision_score(fraud, score, sample_weight=weight)),
        auc=float(roc_auc_score(fraud, score, sample_weight=weight)),
        recall=float(alerted[fraud].mean()),
        recall_low=low,
        recall_high=high,
        precision=float(alerted[fraud].sum() / max(float(weight[alerted].sum()), 1.0)),
        expected_per_fraud=float((score * weight).sum() / fraud.sum()),
    )


def _threshold(score: NDArray[np.float64], weight: NDArray[np.float64], per_10_000: float) -> float:
    """Return the lowest score whose alerts fit the budget; equal scores go together."""
    levels, place = np.unique(-score, return_inverse=True)
    reached = np.cumsum(np.bincount(place, weights=weight))
    fits = int(np.searchsorted(reached, weight.sum() * per_10_000 / _PER, side="right"))
    return float(-levels[fits - 1]) if fits else np.inf


def _interval(fraud: pd.DataFrame, alerted: NDArray[np.bool_], *, seed: int) -> tuple[float, float]:
    cluster = clusters_of(fraud)
    caught, size = np.bincount(cluster, weights=alerted), np.bincount(cluster).astype(np.float64)
    drawn = replicate(lambda times: [float(times @ caught) / max(float(times @ size), 1.0)], len(size), seed=seed)
    return interval(drawn[:, 0])


def _draws(fraud: NDArray[np.bool_], n_sights: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Give, for each sight, all frauds and genuine rows that no other sight has."""
    sight = np.random.default_rng(seed).random(len(fraud)) * n_sights / _COPIED
    for place in range(n_sights):
        yield np.flatnonzero(fraud | ((place <= sight) & (sight < place + 1)))


def _differs(values: NDArray[np.float64], hidden: float) -> bool:
    return not bool(np.isnan(values).all() if np.isnan(hidden) else (values == hidden).all())
