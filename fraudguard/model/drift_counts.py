"""What is counted of the features and scores of weeks, a stretch of the log at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.features import FeaturePlan
from fraudguard.model.batch import BatchScorer
from fraudguard.model.drift_rows import LEAST_EXPECTED, AlertWeek, FeatureDrift, ScoreWeek
from fraudguard.model.psi import bin_counts, expected_psi, psi, rate_z
from fraudguard.model.reference import FeatureReference, Reference
from fraudguard.model.weeks import Weeks

__all__ = ["Counts", "alert_rows", "feature_rows", "score_rows"]


@dataclass(slots=True, kw_only=True, eq=False)
class Counts:
    """What is counted of the stretches, so that none need be kept.

    Parameters
    ----------
    reference : Reference
        Its bins.
    weeks : Weeks
        Those that are watched.
    n : ndarray of int64, shape (n_weeks,)
        Transfers.
    features : list of ndarray of int64, shape (n_weeks, n_bins)
        Of each feature.
    lowest, highest : ndarray of float64, shape (n_weeks, n_features)
        Values that occurred; NaN where none did.
    scores : ndarray of int64, shape (n_weeks, n_bins)
        Scores in each bin.
    score_sum : ndarray of float64, shape (n_weeks,)
        Their sum.
    steps : ndarray of int64, shape (n_weeks, n_steps)
        Scores at or above each step of the policy.
    """

    reference: Reference
    weeks: Weeks
    n: NDArray[np.int64]
    features: list[NDArray[np.int64]]
    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    scores: NDArray[np.int64]
    score_sum: NDArray[np.float64]
    steps: NDArray[np.int64]

    @classmethod
    def of(cls, reference: Reference, weeks: Weeks) -> "Counts":
        """Return counts of nothing yet."""
        n = len(weeks)
        return cls(
            reference=reference,
            weeks=weeks,
            n=np.zeros(n, dtype=np.int64),
            features=[np.zeros((n, len(one.counts)), dtype=np.int64) for one in reference.features],
            lowest=np.full((n, len(reference.features)), np.nan),
            highest=np.full((n, len(reference.features)), np.nan),
            scores=np.zeros((n, len(reference.score.counts)), dtype=np.int64),
            score_sum=np.zeros(n),
            steps=np.zeros((n, len(reference.score.steps)), dtype=np.int64),
        )

    def add(self, rows: pd.DataFrame, week: NDArray[np.int64], scorer: BatchScorer) -> None:
        """Count rows of a matrix, each in its week, and their scores."""
        n_weeks = len(self.weeks)
        self.n += np.bincount(week, minlength=n_weeks)
        values = rows.to_numpy(dtype=np.float64)
        for place, one in enumerate(self.reference.features):
            self.features[place] += bin_counts(values[:, place], one.edges, group=week, n_groups=n_weeks)
        for number in np.unique(week):
            inside = values[week == number]
            self.lowest[number] = np.fmin(self.lowest[number], np.fmin.reduce(inside, axis=0))
            self.highest[number] = np.fmax(self.highest[number], np.fmax.reduce(inside, axis=0))
        self._add_scores(scorer.score(rows).to_numpy(), week)

    def _add_scores(self, score: NDArray[np.float64], week: NDArray[np.int64]) -> None:
        n_weeks, spread = len(self.weeks), self.reference.score
        self.scores += bin_counts(score, spread.edges, group=week, n_groups=n_weeks)
        self.score_sum += np.bincount(week, weights=score, minlength=n_weeks)
        for place, step in enumerate(spread.steps):
            self.steps[:, place] += np.bincount(week[score >= step.score_from], minlength=n_weeks)


def feature_rows(counted: Counts, reference: Reference, plan: FeaturePlan) -> Iterator[FeatureDrift]:
    """Give how far each feature moved.

    Parameters
    ----------
    counted : Counts
        Of all stretches.
    reference : Reference
        What the model was made among.
    plan : FeaturePlan
        For the titles.

    Yields
    ------
    FeatureDrift
        In the order of the plan.
    """
    titles = {column.name: column.title for column in plan.columns}
    for place, one in enumerate(reference.features):
        before, now = np.array(one.counts), counted.features[place]
        yield FeatureDrift(
            name=one.name,
            title=titles[one.name],
            gain=one.gain,
            usual=float("nan") if one.usual is None else one.usual,
            n=tuple(counted.n.tolist()),
            psi=tuple(psi(before, week) for week in now),
            expected=tuple(_chance(before, week) for week in now),
            missing_before=float(before[-1] / before.sum()),
            missing=tuple(float(week[-1] / max(week.sum(), 1)) for week in now),
            died=_died(one, counted, place),
        )


def _chance(before: NDArray[np.int64], now: NDArray[np.int64]) -> float:
    return expected_psi(int(((before > 0) | (now > 0)).sum()), int(before.sum()), int(now.sum()))


def _died(one: FeatureReference, counted: Counts, place: int) -> str:
    """Tell how a feature died: in no week of the reference it was so, and by luck it would not be."""
    before, n = np.array(one.counts, dtype=np.float64), counted.n[-1]
    shares = before / before.sum()
    if counted.features[place][-1][-1] == n:
        return "missing" if one.is_known and n * (1 - shares[-1]) >= LEAST_EXPECTED else ""
    lively = one.is_varied and n * (1 - shares[-1] - shares[:-1].max()) >= LEAST_EXPECTED
    return "constant" if lively and counted.lowest[-1, place] == counted.highest[-1, place] else ""


def score_rows(counted: Counts, reference: Reference) -> Iterator[ScoreWeek]:
    """Give how the scores of each week are spread.

    Parameters
    ----------
    counted : Counts
        Of all stretches.
    reference : Reference
        What the model was made among.

    Yields
    ------
    ScoreWeek
        One a week.
    """
    before = np.array(reference.score.counts)
    for week, now in enumerate(counted.scores):
        n = int(counted.n[week])
        yield ScoreWeek(
            week=week,
            n=n,
            psi=psi(before, now),
            expected=_chance(before, now),
            mean=float(counted.score_sum[week] / n) if n else float("nan"),
            mean_before=reference.score.mean,
        )


def alert_rows(counted: Counts, reference: Reference) -> Iterator[AlertWeek]:
    """Give how many transfers reach each step of the policy.

    Parameters
    ----------
    counted : Counts
        Of all stretches.
    reference : Reference
        What the model was made among.

    Yields
    ------
    AlertWeek
        One a step and week.
    """
    n_before = sum(reference.score.counts)
    for place, step in enumerate(reference.score.steps):
        for week, n in enumerate(counted.n.tolist()):
            count, expected = int(counted.steps[week, place]), step.n * n / n_before
            yield AlertWeek(
                week=week,
                count=count,
                expected=expected,
                z=rate_z(count, expected, evidence=step.n),
                intervention=step.intervention,
                score_from=step.score_from,
                n=n,
            )
