"""The gate of a drift report: how far each measure may move, and what moved further."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Self

from fraudguard.errors import DefinitionError
from fraudguard.model.drift_rows import PSI_TO_ACT, VolumeWeek
from fraudguard.model.drift_words import DIED, KINDS, MEASURES, source_name
from fraudguard.wording import Bilingual, word

if TYPE_CHECKING:
    from fraudguard.model.drift import DriftReport

__all__ = ["DriftFailure", "DriftLimits", "failures_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLimits:
    """How far each measure may move; None for one that is not asked about.

    Parameters
    ----------
    psi : float or None
        Index of a feature that the trees use, beyond chance and beyond its usual; 0.10 to watch, 0.25 to act.
    score : float or None
        Index of the scores, beyond chance.
    alerts : float or None
        How many times more or fewer transfers reach a step of the policy; above 1.
    volume : float or None
        By which share a week's transfers differ from its weekdays'; a day without a transfer always fails.
    label_rate : float or None
        How many times more or fewer findings, per transfer, a source sends; above 1.
    coverage : float or None
        By how much the share of days on which a source of signals is heard may fall.
    dead : float or None
        How many features that the trees use may have died.

    Raises
    ------
    DefinitionError
        If a limit is not a number, or is too small to mean anything.
    """

    psi: float | None = PSI_TO_ACT
    score: float | None = 0.25
    alerts: float | None = 2.0
    volume: float | None = 0.3
    label_rate: float | None = 3.0
    coverage: float | None = 0.2
    dead: float | None = 0.0

    def __post_init__(self) -> None:
        for name, limit in self.to_dict().items():
            least = 1.0 if name in {"alerts", "label_rate"} else 0.0
            if limit is not None and not limit >= least:
                raise DefinitionError(
                    f"limit {name}={limit:g}: give a number of at least {least:g}",
                    f"限值 {name}={limit:g}：须为不小于 {least:g} 的数",
                )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the measures."""
        return tuple(entry.name for entry in fields(cls))

    @classmethod
    def only(cls, **limits: float | None) -> Self:
        """Return limits that ask about nothing else; None takes the usual limit."""
        usual = cls().to_dict()
        chosen = {name: usual[name] if limit is None else limit for name, limit in _known(limits).items()}
        return cls(**(dict.fromkeys(cls.names()) | chosen))

    def changed(self, **limits: float | None) -> Self:
        """Return these limits with some of them changed; None asks about that measure no more."""
        return replace(self, **_known(limits))

    def to_dict(self) -> dict[str, float | None]:
        """Return the limits by name."""
        return {name: getattr(self, name) for name in self.names()}


def _known(limits: dict[str, float | None]) -> dict[str, float | None]:
    strange = next((name for name in limits if name not in DriftLimits.names()), None)
    if strange is not None:
        known = DriftLimits.names()
        raise DefinitionError(
            f"there is no measure {strange!r}; there are {', '.join(known)}",
            f"没有 {strange!r} 这项；可用：{'、'.join(known)}",
        )
    return limits


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFailure:
    """What moved further than it may.

    Parameters
    ----------
    measure : str
        Name of the limit.
    name : str
        Of the feature, step or source; empty for what a model has one of.
    what : Bilingual
        The same as people read it.
    week : datetime
        First moment of the week.
    reached, limit : float
        How far, and how far it may.
    """

    measure: str
    name: str
    what: Bilingual
    week: datetime
    reached: float
    limit: float

    def said(self) -> Bilingual:
        """Return it in a few words."""
        measure, what = MEASURES[self.measure], self.what
        named, figures = (f" {what.zh}", f" {what.en}") if self.name else ("", ""), self._figures()
        return Bilingual(
            f"{measure.zh}{named[0]}：{figures}（{self.week:%m-%d} 起一周）",
            f"{measure.en}{named[1]}: {figures} (week of {self.week:%m-%d})",
        )

    def _figures(self) -> str:
        if self.measure in {"alerts", "label_rate"} and self.reached < 1:
            return f"{_figure(self.reached)} < 1/{self.limit:g}"
        # A day without a transfer fails whatever the sum of its week is.
        sign = ">" if self.reached > self.limit else "≤"
        return f"{_figure(self.reached)} {sign} {self.limit:g}"


def _figure(value: float) -> str:
    return f"{value:.2f}" if math.isfinite(value) else "∞"


def failures_of(report: "DriftReport", limits: DriftLimits) -> tuple[DriftFailure, ...]:
    """Return what moved further than it may, in the order of the measures, and of each the week that is worst.

    Parameters
    ----------
    report : DriftReport
        What moved.
    limits : DriftLimits
        How far it may.

    Returns
    -------
    tuple of DriftFailure
        Empty where the gate is passed.
    """
    found = [*_features(report, limits), *_weekly(report, limits)]
    kept: dict[tuple[str, str], DriftFailure] = {}
    for failure in found:
        key = failure.measure, failure.name
        if key not in kept or _distance(failure) > _distance(kept[key]):
            kept[key] = failure
    order = {name: place for place, name in enumerate(DriftLimits.names())}
    return tuple(sorted(kept.values(), key=lambda failure: order[failure.measure]))


def _distance(failure: DriftFailure) -> float:
    if failure.measure not in {"alerts", "label_rate"}:
        return abs(failure.reached)
    return max(failure.reached, 1 / failure.reached if failure.reached else math.inf)


def _features(report: "DriftReport", limits: DriftLimits) -> Iterator[DriftFailure]:
    used = [feature for feature in report.features if feature.gain > 0]
    for feature in used:
        if limits.psi is not None and feature.has_moved(limits.psi):
            yield DriftFailure(
                measure="psi", name=feature.name, what=Bilingual(feature.name, feature.name),
                week=report.begins[feature.worst], reached=feature.psi[feature.worst], limit=limits.psi,
            )  # fmt: skip
    dead = [feature for feature in used if feature.died]
    if limits.dead is not None and len(dead) > limits.dead:
        for feature in dead:
            died = DIED[feature.died]
            yield DriftFailure(
                measure="dead", name=feature.name,
                what=Bilingual(f"{feature.name}（{died.zh}）", f"{feature.name} ({died.en})"),
                week=report.begins[-1], reached=len(dead), limit=limits.dead,
            )  # fmt: skip


def _weekly(report: "DriftReport", limits: DriftLimits) -> Iterator[DriftFailure]:
    said = _Said(report)
    if limits.score is not None:
        for score in report.scores:
            if score.has_moved(limits.score):
                yield said.failure("score", score.week, score.psi, limit=limits.score)
    if limits.alerts is not None:
        for step in report.alerts:
            if step.differs_by(limits.alerts):
                what = Bilingual(
                    word("intervention", step.intervention, "zh"), word("intervention", step.intervention, "en")
                )
                yield said.failure("alerts", step.week, step.ratio, limit=limits.alerts, what=what)
    if limits.volume is not None:
        for volume in report.volumes:
            if volume.has_moved(limits.volume):
                reached = abs(volume.ratio - 1)
                yield said.failure("volume", volume.week, reached, limit=limits.volume, what=_empty(volume))
    yield from _senders(report, limits, said)


def _senders(report: "DriftReport", limits: DriftLimits, said: "_Said") -> Iterator[DriftFailure]:
    if limits.label_rate is not None:
        for finding in report.findings:
            if finding.differs_by(limits.label_rate):
                name, kind = source_name(finding.source), KINDS[finding.kind]
                what = Bilingual(f"{name.zh}·{kind.zh}", f"{name.en}, {kind.en}")
                yield said.failure("label_rate", finding.week, finding.ratio, limit=limits.label_rate, what=what)
    if limits.coverage is not None:
        for signal in report.signals:
            if signal.has_fallen(limits.coverage):
                what = Bilingual(*(word("signal_source", signal.source, lang) for lang in ("zh", "en")))
                fallen = signal.covered_before - signal.covered
                yield said.failure("coverage", signal.week, fallen, limit=limits.coverage, what=what)


def _empty(volume: VolumeWeek) -> Bilingual | None:
    n = volume.empty_days
    return Bilingual(f"{n} 天没有转账", f"{n} days without a transfer") if n else None


@dataclass(frozen=True, slots=True)
class _Said:
    """Makes failures of a report's weeks."""

    report: "DriftReport"

    def failure(
        self, measure: str, week: int, reached: float, *, limit: float, what: Bilingual | None = None
    ) -> DriftFailure:
        named = what or Bilingual("–", "–")
        return DriftFailure(
            measure=measure, name="" if what is None else what.en, what=named, week=self.report.begins[week],
            reached=reached, limit=limit,
        )  # fmt: skip
