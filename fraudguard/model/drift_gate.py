"""The gate of a drift report: how far each measure may move, and what moved further."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, Self

from fraudguard.errors import DefinitionError
from fraudguard.model.drift_rows import PSI_TO_ACT
from fraudguard.model.drift_words import DIED, KINDS, MEASURES, limit_text, source_name
from fraudguard.wording import Bilingual, word

if TYPE_CHECKING:
    from fraudguard.model.drift import DriftReport

__all__ = ["DriftFailure", "DriftLimits", "brief_text", "failures_of", "failures_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLimits:
    """How far each measure may move; None for one that is not asked about.

    Parameters
    ----------
    psi : float or None
        Index of a feature that the trees use (at least 0.1 % of their gain), beyond chance and beyond its usual; 0.10 to watch, 0.25 to act.
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
        measure, brief = MEASURES[self.measure], self.brief()
        return Bilingual(f"{measure.zh}：{brief.zh}", f"{measure.en}: {brief.en}")

    def brief(self) -> Bilingual:
        """Return it without the measure's name."""
        reached = "" if self.measure == "dead" else limit_text(self.measure, self.reached)
        zh, en = (f"{self.what.zh} ", f"{self.what.en} ") if self.name else ("", "")
        return Bilingual(
            f"{zh}{reached}".strip() + f"（{self.week:%m-%d} 起一周）",
            f"{en}{reached}".strip() + f" (week of {self.week:%m-%d})",
        )


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
    asked = [(measure, limit) for measure, limit in limits.to_dict().items() if limit is not None]
    return tuple(failure for measure, limit in asked for failure in _worst(_FOUND[measure](report, limit)))


def _worst(failures: Iterable[DriftFailure]) -> Iterable[DriftFailure]:
    worst: dict[str, DriftFailure] = {}
    for failure in failures:
        if failure.name not in worst or _distance(failure) > _distance(worst[failure.name]):
            worst[failure.name] = failure
    return worst.values()


def brief_text(failures: Sequence[DriftFailure]) -> Bilingual:
    """Return the first three failures of a measure in a line, and how many more there are.

    Parameters
    ----------
    failures : sequence of DriftFailure
        At least one.

    Returns
    -------
    Bilingual
        Without the measure's name.
    """
    said, more = [failure.brief() for failure in failures[:3]], len(failures) - 3
    rest = [Bilingual(f"另有 {more} 项", f"{more} more")] if more > 0 else []
    return Bilingual("；".join(one.zh for one in (*said, *rest)), "; ".join(one.en for one in (*said, *rest)))


def failures_text(failures: Sequence[DriftFailure]) -> Bilingual:
    """Return failures in a paragraph, by measure.

    Parameters
    ----------
    failures : sequence of DriftFailure
        At least one, in the order of the measures.

    Returns
    -------
    Bilingual
        Each measure that failed is named, with its limit.
    """
    told = []
    for measure, group in groupby(failures, key=lambda failure: failure.measure):
        mine = tuple(group)
        said, name, limit = brief_text(mine), MEASURES[measure], limit_text(measure, mine[0].limit)
        told.append(
            Bilingual(f"{name.zh}（{measure}={limit}）：{said.zh}", f"{name.en} ({measure}={limit}): {said.en}")
        )
    return Bilingual("。".join(one.zh for one in told), ". ".join(one.en for one in told))


def _distance(failure: DriftFailure) -> float:
    if failure.measure not in {"alerts", "label_rate"}:
        return abs(failure.reached)
    return max(failure.reached, 1 / failure.reached if failure.reached else math.inf)


def _moved(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.features:
        if one.is_used and one.has_moved(limit):
            named = Bilingual(one.name, one.name)
            yield _failure("psi", report.begins[one.worst], one.psi[one.worst], limit=limit, what=named)


def _dead(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    dead = [one for one in report.features if one.is_used and one.died]
    if len(dead) > limit:
        for one in dead:
            died = DIED[one.died]
            named = Bilingual(f"{one.name}（{died.zh}）", f"{one.name} ({died.en})")
            yield _failure("dead", report.begins[-1], len(dead), limit=limit, what=named)


def _scores(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.scores:
        if one.has_moved(limit):
            yield _failure("score", report.begins[one.week], one.psi, limit=limit)


def _alerts(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.alerts:
        if one.differs_by(limit):
            named = Bilingual(
                word("intervention", one.intervention, "zh"), word("intervention", one.intervention, "en")
            )
            yield _failure("alerts", report.begins[one.week], one.ratio, limit=limit, what=named)


def _volumes(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.volumes:
        if one.has_moved(limit):
            n = one.empty_days
            named = Bilingual(f"{n} 天没有转账", f"{n} {'day' if n == 1 else 'days'} without a transfer") if n else None
            yield _failure("volume", report.begins[one.week], one.ratio - 1, limit=limit, what=named)


def _findings(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.findings:
        if one.differs_by(limit):
            source, kind = source_name(one.source), KINDS[one.kind]
            named = Bilingual(f"{source.zh}·{kind.zh}", f"{source.en}, {kind.en}")
            yield _failure("label_rate", report.begins[one.week], one.ratio, limit=limit, what=named)


def _signals(report: "DriftReport", limit: float) -> Iterator[DriftFailure]:
    for one in report.signals:
        if one.has_fallen(limit):
            named = Bilingual(word("signal_source", one.source, "zh"), word("signal_source", one.source, "en"))
            yield _failure(
                "coverage", report.begins[one.week], one.covered - one.covered_before, limit=limit, what=named
            )


def _failure(
    measure: str, week: datetime, reached: float, *, limit: float, what: Bilingual | None = None
) -> DriftFailure:
    name, named = ("", Bilingual("–", "–")) if what is None else (what.en, what)
    return DriftFailure(measure=measure, name=name, what=named, week=week, reached=reached, limit=limit)


_FOUND: Final[dict[str, Callable[["DriftReport", float], Iterator[DriftFailure]]]] = {
    "psi": _moved,
    "score": _scores,
    "alerts": _alerts,
    "volume": _volumes,
    "label_rate": _findings,
    "coverage": _signals,
    "dead": _dead,
}
