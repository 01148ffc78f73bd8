"""Take down what a model is made among, while its features are at hand."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.features import FeaturePlan
from fraudguard.features.plan import FeatureColumn
from fraudguard.model.arrivals import daily_counts, finding_counts, heard_days
from fraudguard.model.drift_rows import LEAST_ROWS
from fraudguard.model.psi import bin_counts, psi, quantile_edges
from fraudguard.model.reference import (
    FeatureReference,
    FindingReference,
    Reference,
    ScoreReference,
    SignalReference,
    StepReference,
    VolumeReference,
)
from fraudguard.model.spec import TrainSpec
from fraudguard.model.train import TrainedModel
from fraudguard.model.trees import gains
from fraudguard.model.weeks import Weeks
from fraudguard.tables import Dataset

__all__ = ["make_reference", "reference_rows"]

_MOST_ROWS: Final = 100_000
"""More rows make the shares of ten bins no surer, and must be kept in memory until the model is trained."""

_TENTHS: Final = tuple(tenth / 10 for tenth in range(1, 10))
_SCORES: Final = (*_TENTHS, 0.99, 0.999)
_A_DAY: Final = timedelta(days=1)


def reference_rows(dataset: Dataset, spec: TrainSpec, *, most: int = _MOST_ROWS) -> NDArray[np.bool_]:
    """Return the transfers that a reference is counted on.

    Parameters
    ----------
    dataset : Dataset
        Transfers.
    spec : TrainSpec
        Windows and seed.
    most : int
        So many at most.

    Returns
    -------
    ndarray of bool, shape (n_transfers,)
        Those from the beginning of training until the model is built, labelled or not; of more than `most` an even draw.
    """
    inside = _inside(dataset.transfers["event_time"], spec)
    places = np.flatnonzero(inside)
    if len(places) > most:
        drawn = np.random.default_rng(spec.seed).choice(places, most, replace=False, shuffle=False)
        inside = np.zeros(len(inside), dtype=bool)
        inside[drawn] = True
    return inside


def make_reference(rows: pd.DataFrame, dataset: Dataset, trained: TrainedModel) -> Reference:
    """Return what a model was made among.

    Parameters
    ----------
    rows : DataFrame of float64
        Features of the transfers of `reference_rows`.
    dataset : Dataset
        All of what the model was trained on.
    trained : TrainedModel
        The model.

    Returns
    -------
    Reference
        Nothing that became known after the model was built is in it.
    """
    spec, zone = trained.spec, dataset.meta.time_zone
    times = dataset.transfers["event_time"]
    inside, drawn = _inside(times, spec), reference_rows(dataset, spec)
    begin, until = _moment(times[inside].min()), _moment(times[inside].max())
    weeks = Weeks.until(spec.split.as_of, begin=begin, time_zone=zone)
    received = _settled(weeks, spec.split.maturity)
    return Reference(
        begin=begin,
        until=until,
        time_zone=zone,
        is_young=begin - _moment(times.min()) < timedelta(milliseconds=trained.scorer.plan.longest_ms) - _A_DAY,
        n_rows=len(rows),
        features=tuple(_features(rows, weeks.of(times[drawn]), trained, n_weeks=len(weeks))),
        score=_score(trained),
        volume=_volume(times, weeks),
        finding_transfers=int((received.of(times) >= 0).sum()),
        findings=tuple(_findings(dataset.findings, received)),
        signals=tuple(_signals(dataset.signals, weeks)),
    )


def _inside(times: "pd.Series[pd.Timestamp]", spec: TrainSpec) -> NDArray[np.bool_]:
    inside = (times < pd.Timestamp(spec.split.as_of)).to_numpy()
    if spec.split.train_from is None:
        return np.asarray(inside, dtype=bool)
    return np.asarray(inside & (times >= pd.Timestamp(spec.split.train_from)).to_numpy(), dtype=bool)


def _features(
    rows: pd.DataFrame, week: NDArray[np.int64], trained: TrainedModel, *, n_weeks: int
) -> Iterator[FeatureReference]:
    plan: FeaturePlan = trained.scorer.plan
    gain = gains(trained.scorer.text)
    share = gain / max(gain.sum(), 1e-300)
    for place, column in enumerate(plan.columns):
        values = rows.iloc[:, place].to_numpy(dtype=np.float64)
        edges = _edges(column, values)
        # Rows in no whole week are counted, too, as a group of their own.
        counts = bin_counts(values, edges, group=week + 1, n_groups=n_weeks + 1)
        weekly = counts[1:][counts[1:].sum(axis=1) >= LEAST_ROWS]
        known = weekly[:, :-1]
        yield FeatureReference(
            name=column.name,
            edges=edges,
            counts=tuple(counts.sum(axis=0).tolist()),
            usual=max((psi(counts.sum(axis=0), one) for one in weekly[len(weekly) // 2 :]), default=None),
            is_known=bool(len(weekly)) and bool(known.any(axis=1).all()),
            is_varied=bool(len(weekly)) and bool((np.count_nonzero(known, axis=1) > 1).all()),
            gain=float(share[place]),
        )


def _edges(column: FeatureColumn, values: NDArray[np.float64]) -> tuple[float, ...]:
    if column.categories:
        return tuple(float(code) for code in range(len(column.categories)))
    return quantile_edges(values, _TENTHS)


def _score(trained: TrainedModel) -> ScoreReference:
    score = trained.valid_score
    edges = quantile_edges(score, _SCORES)
    counts = bin_counts(score, edges, group=np.zeros(len(score), dtype=np.int64), n_groups=1)[0]
    steps = [
        StepReference(
            intervention=str(step.intervention), score_from=step.score_from, n=int((score >= step.score_from).sum())
        )
        for step in trained.policy.steps
    ]
    return ScoreReference(edges=edges, counts=tuple(counts.tolist()), mean=float(score.mean()), steps=tuple(steps))


def _volume(times: "pd.Series[pd.Timestamp]", weeks: Weeks) -> VolumeReference | None:
    if not len(weeks):
        return None
    counts = daily_counts(times, weeks).astype(np.float64)
    weekday = np.array([(end - _A_DAY).weekday() for end in weeks.days_ends])
    means = np.array([counts[weekday == day].mean() if (weekday == day).any() else counts.mean() for day in range(7)])
    return VolumeReference(
        weekdays=tuple(means.tolist()), dispersion=_dispersion(counts, means[weekday], lost=7), n_days=len(counts)
    )


def _dispersion(counts: NDArray[np.float64], means: NDArray[np.float64], *, lost: int) -> float:
    held = means > 0
    free = int(held.sum()) - lost
    if free < 1:
        return 1.0
    return max(float(np.sum((counts[held] - means[held]) ** 2 / means[held]) / free), 1.0)


def _settled(weeks: Weeks, maturity: timedelta) -> Weeks:
    """Return the weeks in which findings come in as they always will: in the first ones those on earlier transfers are wanting."""
    late = math.ceil(maturity / timedelta(days=7))
    return Weeks(edges=weeks.edges[min(late, len(weeks) // 2) :])


def _findings(findings: pd.DataFrame, weeks: Weeks) -> Iterator[FindingReference]:
    for (source, kind), counts in finding_counts(findings, weeks).items():
        means = np.full(len(counts), counts.mean())
        yield FindingReference(
            source=source,
            kind=kind,
            count=int(counts.sum()),
            dispersion=_dispersion(counts.astype(np.float64), means, lost=1),
        )


def _signals(signals: pd.DataFrame, weeks: Weeks) -> Iterator[SignalReference]:
    for source, heard in heard_days(signals, weeks.days_ends).items():
        yield SignalReference(source=source, covered_share=float(heard.mean()) if len(heard) else 0.0)


def _moment(stamp: pd.Timestamp) -> datetime:
    return stamp.to_pydatetime()
