"""A drift report: what moved since a model was made, and whether it moved too far."""

import math
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from fraudguard.model.drift_card import drift_card, drift_markdown
from fraudguard.model.drift_gate import DriftFailure, DriftLimits, failures_of
from fraudguard.model.drift_rows import (
    PSI_TO_ACT,
    AlertWeek,
    FeatureDrift,
    FindingWeek,
    ScoreWeek,
    SignalWeek,
    VolumeWeek,
)
from fraudguard.tables.folder import whole_file
from fraudguard.wording.markup import page

__all__ = ["DriftReport"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DriftReport:
    """What moved since a model was made, week by week.

    Parameters
    ----------
    model : str
        Version of the model; empty for one that was never saved.
    built : datetime
        When it was built.
    reference_begin, reference_until : datetime
        First and last transfer that the weeks are compared with.
    is_young : bool
        Whether the log was shorter than the longest window where the reference begins: what grows with a log keeps moving.
    weeks : tuple of datetime
        Local midnights; week *i* begins at the *i*-th and ends before the next.
    features : tuple of FeatureDrift
        First those that moved and that the trees use, by how far times how much.
    scores : tuple of ScoreWeek
        One a week.
    alerts : tuple of AlertWeek
        One a step of the policy and week.
    volumes : tuple of VolumeWeek
        One a week; none where the reference has no whole day.
    findings : tuple of FindingWeek
        One a source, kind and week.
    signals : tuple of SignalWeek
        One a source and week.
    """

    model: str
    built: datetime
    reference_begin: datetime
    reference_until: datetime
    is_young: bool
    weeks: tuple[datetime, ...]
    features: tuple[FeatureDrift, ...]
    scores: tuple[ScoreWeek, ...]
    alerts: tuple[AlertWeek, ...]
    volumes: tuple[VolumeWeek, ...]
    findings: tuple[FindingWeek, ...]
    signals: tuple[SignalWeek, ...]

    def __repr__(self) -> str:
        failed = self.check()
        said = (
            "nothing moved too far"
            if not failed
            else f"{len(failed)} beyond the usual limits, {failed[0].said().en} first"
        )
        return f"DriftReport({len(self.begins)} weeks, {len(self.features)} features: {said})"

    def _repr_html_(self) -> str:
        return drift_card(self, lang="zh")

    @property
    def begins(self) -> tuple[datetime, ...]:
        """First moment of each week."""
        return self.weeks[:-1]

    def check(self, limits: DriftLimits | None = None, **changed: float | None) -> tuple[DriftFailure, ...]:
        """Return what moved further than it may; empty where nothing did.

        Parameters
        ----------
        limits : DriftLimits or None
            How far each measure may move; None for the usual limits.
        **changed : float or None
            Limits to be changed by name, such as ``psi=0.1``; None asks about a measure no more.

        Returns
        -------
        tuple of DriftFailure
            Of each feature, step and source the worst week.

        Raises
        ------
        DefinitionError
            If there is no such measure, or a limit is not a number that means something.
        """
        return failures_of(self, (limits or DriftLimits()).changed(**changed))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a feature: its worst week, what chance and its usual are, what it is worth to the trees."""
        rows = [
            {
                "feature": one.name,
                "gain": one.gain,
                "psi": one.psi[one.worst],
                "week": self.begins[one.worst],
                "expected": one.expected[one.worst],
                "usual": one.usual,
                "moved": one.has_moved(PSI_TO_ACT),
                "missing_before": one.missing_before,
                "missing": one.missing[one.worst],
                "died": one.died,
            }
            for one in self.features
        ]
        return pd.DataFrame(rows).set_index("feature")

    def weekly_psi(self) -> pd.DataFrame:
        """Return the index of each feature in each week; columns are the weeks' first days."""
        names = pd.Index([one.name for one in self.features], name="feature")
        return pd.DataFrame([one.psi for one in self.features], index=names, columns=list(self.begins))

    def weeks_frame(self) -> pd.DataFrame:
        """Return one row a week: transfers, volume against before, scores, and what reaches each step per 10,000."""
        rows = []
        for place, begin in enumerate(self.begins):
            score = self.scores[place]
            row = {"week": begin, "n": score.n, "volume": self.volumes[place].ratio if self.volumes else math.nan}
            row |= {"score_psi": score.psi, "expected": score.expected, "mean_score": score.mean}
            row |= {one.intervention: 10_000 * one.count / max(one.n, 1) for one in self.alerts if one.week == place}
            rows.append(row)
        return pd.DataFrame(rows).set_index("week")

    def findings_frame(self) -> pd.DataFrame:
        """Return one row a source, kind and week of findings."""
        rows = [
            {"source": one.source, "kind": one.kind, "week": self.begins[one.week], "count": one.count,
             "expected": one.expected, "ratio": one.ratio, "z": one.z}
            for one in self.findings
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["source", "kind", "week", "count", "expected", "ratio", "z"])

    def signals_frame(self) -> pd.DataFrame:
        """Return one row a source of signals and week."""
        rows = [
            {"source": one.source, "week": self.begins[one.week], "covered": one.covered, "before": one.covered_before}
            for one in self.signals
        ]
        return pd.DataFrame(rows, columns=["source", "week", "covered", "before"])

    def to_dict(self, limits: DriftLimits | None = None) -> dict[str, Any]:
        """Return plain values for JSON, with what fails the limits, or the usual ones; what is not defined is None."""
        asked = limits or DriftLimits()
        derived = {"limits": asked.to_dict(), "failures": [asdict(failure) for failure in self.check(asked)]}
        plain: dict[str, Any] = _plain(asdict(self) | derived)
        return plain

    def markdown(self, lang: str = "zh") -> str:
        """Return the tables as Markdown, in Chinese or English."""
        return drift_markdown(self, lang=lang)

    def write_html(self, path: Path, lang: str = "zh") -> None:
        """Write the tables as a page that stands alone, whole or not at all."""
        body = drift_card(self, lang=lang)
        with whole_file(path) as unfinished:
            unfinished.write_text(page("fraudguard", body, lang=lang), encoding="utf-8")


def _plain(value: Any) -> Any:  # noqa: ANN401  # nested plain values
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value
