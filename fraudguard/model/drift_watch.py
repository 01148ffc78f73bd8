"""Watch a model at work: what has moved since it was made, a stretch of the log at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from fraudguard.errors import DataError
from fraudguard.features import CATALOG, Catalog, FeaturePlan, replay, replay_stretches
from fraudguard.model.apply import Window
from fraudguard.model.arrivals import FINDING_KINDS, daily_counts, finding_counts, heard_days
from fraudguard.model.artifact import Artifact
from fraudguard.model.batch import BatchScorer
from fraudguard.model.drift import DriftReport
from fraudguard.model.drift_counts import Counts, alert_rows, feature_rows, score_rows
from fraudguard.model.drift_rows import (
    LEAST_EXPECTED,
    PSI_TO_ACT,
    FeatureDrift,
    FindingWeek,
    SignalWeek,
    VolumeWeek,
)
from fraudguard.model.psi import rate_z
from fraudguard.model.reference import Reference, load_reference
from fraudguard.model.reference_making import make_reference, reference_rows
from fraudguard.model.streamed import LARGE
from fraudguard.model.study import Study
from fraudguard.model.train import TrainedModel
from fraudguard.model.weeks import Weeks, last_midnight
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset

__all__ = ["Watched", "replayed", "watch_drift"]

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A model and what it was made among.

    Parameters
    ----------
    version : str
        Of the model; empty for one that was never saved.
    scorer : BatchScorer
        Trees and calibration.
    reference : Reference
        What it was made among.
    built : datetime
        When: the moment its labels were taken.
    """

    version: str
    scorer: BatchScorer
    reference: Reference
    built: datetime

    @classmethod
    def of_artifact(cls, artifact: Artifact, plan: FeaturePlan) -> "Watched":
        """Return a saved model.

        Raises
        ------
        ArtifactError
            If it was trained on another plan, or has no reference.
        """
        built = datetime.fromisoformat(artifact.manifest["spec"]["split"]["as_of"])
        scorer = BatchScorer.of(artifact, plan)
        return cls(version=artifact.version, scorer=scorer, reference=load_reference(artifact), built=built)

    @classmethod
    def of_study(cls, study: Study) -> "Watched":
        """Return the model of a study, which need not be saved."""
        trained = study.trained
        return cls(version="", scorer=trained.scorer, reference=study.reference, built=trained.spec.split.as_of)

    @classmethod
    def of_trained(cls, trained: TrainedModel, matrix: pd.DataFrame, dataset: Dataset) -> "Watched":
        """Return a model in memory; `matrix` and `dataset` are those it was trained on, whole."""
        rows = matrix[reference_rows(dataset, trained.spec)]
        reference = make_reference(rows, dataset, trained)
        return cls(version="", scorer=trained.scorer, reference=reference, built=trained.spec.split.as_of)


def watch_drift(
    watched: Watched,
    dataset: Dataset,
    stretches: Iterable[pd.DataFrame],
    *,
    window: Window | None = None,
    weeks: int | None = None,
) -> DriftReport:
    """Return what has moved since a model was made.

    Parameters
    ----------
    watched : Watched
        The model.
    dataset : Dataset
        Transfers, findings and signals; transfers before the window are the history of those in it.
    stretches : iterable of DataFrame
        Features of all transfers of `dataset`, in log order: from `fraudguard.features.replay_stretches`, or a list of the one
        matrix that `fraudguard.features.replay` gives.
    window : Window or None
        What to look at; open at the beginning, it begins where the model was built, open at the end, with the last whole day.
    weeks : int or None
        Only the last so many weeks of it; None for all.

    Returns
    -------
    DriftReport
        Of whole weeks of seven local days, counted back from the end.

    Raises
    ------
    DataError
        If there is not a whole day to look at, or the data end before the model was built and no beginning is given.
    """
    chosen = _weeks(watched, dataset, window or Window(), most=weeks)
    times = dataset.transfers["event_time"]
    week = chosen.of(times)
    counted = Counts.of(watched.reference, chosen)
    first = 0
    for stretch in stretches:
        here = week[first : first + len(stretch)]
        first += len(stretch)
        if (here >= 0).any():
            counted.add(stretch[here >= 0], here[here >= 0], watched.scorer)
    return DriftReport(
        model=watched.version,
        built=watched.built,
        reference_begin=watched.reference.begin,
        reference_until=watched.reference.until,
        is_young=watched.reference.is_young,
        weeks=chosen.edges,
        features=tuple(sorted(feature_rows(counted, watched.reference, watched.scorer.plan), key=_first)),
        scores=tuple(score_rows(counted, watched.reference)),
        alerts=tuple(alert_rows(counted, watched.reference)),
        volumes=tuple(_volumes(times, chosen, watched.reference)),
        findings=tuple(_findings(dataset, chosen, watched.reference)),
        signals=tuple(_signals(dataset, chosen, watched.reference)),
    )


def replayed(dataset: Dataset, *, catalog: Catalog = CATALOG, progress: Progress = silent) -> Iterable[pd.DataFrame]:
    """Return the features of a dataset as `watch_drift` takes them: at once, or of a large one a stretch at a time.

    Parameters
    ----------
    dataset : Dataset
        Transfers, account rows, signals, findings.
    catalog : Catalog
        What to compute.
    progress : Progress
        Told how many transfers are done.

    Returns
    -------
    iterable of DataFrame
        To be read once.
    """
    if len(dataset.transfers) > LARGE:
        return replay_stretches(dataset, catalog=catalog, progress=progress)
    return [replay(dataset, catalog=catalog, progress=progress)]


def _weeks(watched: Watched, dataset: Dataset, window: Window, *, most: int | None) -> Weeks:
    times, zone = dataset.transfers["event_time"], watched.reference.time_zone
    if times.empty:
        raise DataError("the dataset has no transfers; there is nothing to watch", "数据集没有转账，无从监测")
    first, last = (pd.Timestamp(moment).to_pydatetime() for moment in (times.min(), times.max()))
    if window.begin is None and last < watched.built:
        raise DataError(
            f"the data end at {last}, before {watched.built}, when this model was built; bring later transfers, or say with --from "
            f"what to look at",
            f"数据止于 {last}，早于模型建成的 {watched.built}；请提供更晚的转账，或用 --from 指定时段",
        )
    begin = max(window.begin or watched.built, _first_midnight(first, zone))
    end = last if window.end is None else min(window.end, last)
    found = Weeks.until(end, begin=begin, time_zone=zone, most=most)
    if not len(found):
        raise DataError(
            f"there is no whole day between {begin} and {end}; the data run from {first} to {last}: choose a longer window",
            f"{begin} 至 {end} 之间没有完整的一天；数据时段为 {first} 至 {last}，请选更长的时段",
        )
    return found


def _first_midnight(moment: datetime, time_zone: str) -> datetime:
    """Return the first midnight from which days are whole."""
    midnight = last_midnight(moment, time_zone)
    return midnight if moment - midnight < _HOUR else midnight + _DAY


def _first(feature: FeatureDrift) -> tuple[bool, float, float]:
    return not (feature.is_used and feature.has_moved(PSI_TO_ACT)), -feature.weight, -np.nan_to_num(feature.largest)


def _volumes(times: "pd.Series[pd.Timestamp]", weeks: Weeks, reference: Reference) -> Iterator[VolumeWeek]:
    before = reference.volume
    if before is None:
        return
    usual = np.array([before.weekdays[(end - _DAY).weekday()] for end in weeks.days_ends])
    counts = daily_counts(times, weeks)
    edges = np.concatenate([[0], np.cumsum(weeks.days)])
    for week, (begin, end) in enumerate(pairwise(edges)):
        count, expected = int(counts[begin:end].sum()), float(usual[begin:end].sum())
        evidence = sum(before.weekdays) * before.n_days / 7
        yield VolumeWeek(
            week=week,
            count=count,
            expected=expected,
            z=rate_z(count, expected, evidence=evidence, dispersion=before.dispersion),
            empty_days=int(((counts[begin:end] == 0) & (usual[begin:end] >= LEAST_EXPECTED)).sum()),
        )


def _findings(dataset: Dataset, weeks: Weeks, reference: Reference) -> Iterator[FindingWeek]:
    before = {(one.source, one.kind): one for one in reference.findings}
    now = finding_counts(dataset.findings, weeks)
    volume = np.bincount(weeks.of(dataset.transfers["event_time"]) + 1, minlength=len(weeks) + 1)[1:]
    usual = max((one.dispersion for one in reference.findings), default=1.0)
    for pair in sorted({*before, *now}, key=lambda pair: (pair[0], FINDING_KINDS.index(pair[1]))):
        evidence = before[pair].count if pair in before else 0
        # Of a source that never spoke before nobody knows how its findings come in heaps: as those of the others.
        dispersion = before[pair].dispersion if pair in before else usual
        counts = now.get(pair, np.zeros(len(weeks), dtype=np.int64))
        for week, count in enumerate(counts.tolist()):
            expected = evidence * float(volume[week]) / max(reference.finding_transfers, 1)
            z = rate_z(count, expected, evidence=evidence, dispersion=dispersion)
            yield FindingWeek(week=week, count=count, expected=expected, z=z, source=pair[0], kind=pair[1])


def _signals(dataset: Dataset, weeks: Weeks, reference: Reference) -> Iterator[SignalWeek]:
    before = {one.source: one.covered_share for one in reference.signals}
    edges = np.concatenate([[0], np.cumsum(weeks.days)])
    for source, heard in heard_days(dataset.signals, weeks.days_ends).items():
        for week, (begin, end) in enumerate(pairwise(edges)):
            covered = float(heard[begin:end].mean())
            yield SignalWeek(week=week, source=source, covered=covered, covered_before=before.get(source, 0.0))
