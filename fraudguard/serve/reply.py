"""The answer to an assessment, as the bytes that are stored and sent."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from fraudguard.decision import Decision, Intervention, ListHit, ListKind, ListRule, Reason, Tier, Versions
from fraudguard.serve.mode import Mode

__all__ = [
    "Assessment",
    "Estimate",
    "Hold",
    "LateAssessment",
    "ListOut",
    "ReasonOut",
    "Text",
    "TimingMs",
    "encode_assessment",
    "encode_late",
    "estimate_of",
]


_USUAL: Final = ListRule()


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """How long the money is recommended to be held."""

    hold_s: int
    expires_at: datetime


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in both languages."""

    zh: str
    en: str


class ReasonOut(msgspec.Struct, frozen=True, kw_only=True):
    """One cause that raised the score."""

    code: str
    direction: Literal["raises"] = "raises"
    contribution: float
    value: float | None
    baseline: float | None
    baseline_of: Literal["own", "population"]
    rarity: float | None
    text: Text


class ListOut(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a list that the decision was made under."""

    entry_id: str
    kind: ListKind
    reason_code: str
    effect: str


class TimingMs(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds spent, up to the moment the record was handed to the store."""

    features: float
    model: float
    reasons: float
    total: float


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer judged once."""

    id: str
    transfer_id: str
    created_at: datetime
    mode: Mode
    intervention: Intervention
    tier: Tier | None
    hold: Hold | None
    score: float
    reasons: tuple[ReasonOut, ...]
    versions: Versions
    degraded: bool = False
    degraded_reasons: tuple[str, ...] = ()
    lists: tuple[ListOut, ...] = ()
    timing_ms: TimingMs


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What would be decided on a transfer, of which nothing was recorded."""

    transfer_id: str
    intervention: Intervention
    tier: Tier | None
    hold_s: int | None
    score: float
    versions: Versions


class LateAssessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was declared for a transfer whose judgement is not durable at the caller's deadline."""

    transfer_id: str
    created_at: datetime
    mode: Mode
    intervention: Intervention
    degraded: Literal[True] = True
    degraded_reasons: tuple[str, ...]
    deadline_ms: int


_encoder: Final = msgspec.json.Encoder()


def encode_assessment(
    assessment_id: str, decision: Decision, timing: TimingMs, *, rule: ListRule = _USUAL, mode: Mode = Mode.LIVE
) -> bytes:
    """Return the bytes of an answer.

    Parameters
    ----------
    assessment_id : str
        Its id.
    decision : Decision
        What was decided.
    timing : TimingMs
        Where the time went.
    rule : ListRule
        What lists do, by the policy.
    mode : Mode
        Whether it is acted on.

    Returns
    -------
    bytes
        JSON of `Assessment`.
    """
    assessment = Assessment(
        id=assessment_id,
        transfer_id=decision.transfer.transfer_id,
        created_at=decision.decided_at,
        mode=mode,
        intervention=decision.intervention,
        tier=decision.tier,
        hold=_hold(decision),
        score=decision.score,
        reasons=tuple(_reason(reason) for reason in decision.reasons),
        versions=decision.versions,
        degraded=bool(decision.degraded_reasons),
        degraded_reasons=decision.degraded_reasons,
        lists=tuple(_listed(hit, rule) for hit in decision.lists),
        timing_ms=timing,
    )
    return _encoder.encode(assessment)


def estimate_of(decision: Decision) -> Estimate:
    """Return what is answered of a decision that nobody acts on."""
    return Estimate(
        transfer_id=decision.transfer.transfer_id,
        intervention=decision.intervention,
        tier=decision.tier,
        hold_s=decision.hold_s,
        score=decision.score,
        versions=decision.versions,
    )


def encode_late(late: LateAssessment) -> bytes:
    """Return the bytes of an answer at the caller's deadline."""
    return _encoder.encode(late)


def _hold(decision: Decision) -> Hold | None:
    if decision.hold_s is None:
        return None
    return Hold(hold_s=decision.hold_s, expires_at=decision.decided_at + timedelta(seconds=decision.hold_s))


def _listed(hit: ListHit, rule: ListRule) -> ListOut:
    effect = f"at_least:{rule.watch}" if hit.kind is ListKind.WATCH else f"at_most:{rule.exempt}"
    return ListOut(entry_id=hit.entry_id, kind=hit.kind, reason_code=hit.reason_code, effect=effect)


def _reason(reason: Reason) -> ReasonOut:
    return ReasonOut(
        code=reason.code,
        contribution=reason.contribution,
        value=reason.value,
        baseline=reason.baseline,
        baseline_of="own" if reason.baseline_of == "own" else "population",
        rarity=reason.rarity,
        text=Text(zh=reason.text_zh, en=reason.text_en),
    )
