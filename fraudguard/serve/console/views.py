"""What the pages show: plain values, formatted and masked."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fraudguard.column import columns_of
from fraudguard.decision import Reason
from fraudguard.finding import Finding
from fraudguard.serve.console.show import fact, label, local_time, yuan
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.store.alerts import Alert
from fraudguard.transfer import Transfer
from fraudguard.wording import quantity_text, word

__all__ = ["AlertView", "FindingRow", "ReasonRow", "alert_view", "finding_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """One reason with the value beside what is normal."""

    text: str
    value: str
    normal: str
    whose: str
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding as it was recorded."""

    finding_id: str
    finding: str
    scam_type: str
    loss: str
    author: str
    at: str
    note: str
    is_superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert of a case."""

    transfer_id: str
    tier: str
    tier_text: str
    score: str
    amount: str
    expected_loss: str
    event_time: str
    intervention: str
    facts: Sequence[tuple[str, str]]
    reasons: Sequence[ReasonRow]
    largest: float
    versions: Sequence[tuple[str, str]]
    decided_at: str
    hold: str


def alert_view(alert: Alert, units: Mapping[str, str], *, lang: str, is_revealed: bool = False) -> AlertView:
    """Return what a page shows of an alert.

    Parameters
    ----------
    alert : Alert
        From the store.
    units : mapping
        Unit of each feature.
    lang : {"zh", "en"}
        The reader's.
    is_revealed : bool
        Whether accounts and devices are shown in full; who asked for it stands in the trail.

    Returns
    -------
    AlertView
        Every field of the transfer that is known, and every reason.
    """
    versions = (
        (gettext(lang, marked("模型")), alert.model_version),
        (gettext(lang, marked("特征")), alert.features_fingerprint),
        (gettext(lang, marked("策略")), alert.policy_version),
    )
    return AlertView(
        transfer_id=alert.transfer.transfer_id,
        tier=alert.tier.value,
        tier_text=word("tier", alert.tier.value, lang),
        score=f"{100 * alert.score:.1f}%",
        amount=yuan(alert.transfer.amount_fen),
        expected_loss=yuan(alert.expected_loss_fen),
        event_time=local_time(alert.transfer.event_time),
        intervention=word("intervention", alert.intervention, lang),
        facts=_facts(alert.transfer, lang, is_revealed=is_revealed),
        reasons=[_reason_row(reason, units.get(reason.code, ""), lang) for reason in alert.reasons],
        largest=max((reason.contribution for reason in alert.reasons), default=1.0),
        versions=versions,
        decided_at=local_time(alert.decided_at_ms),
        hold="" if alert.hold_s is None else local_time(alert.decided_at_ms + 1000 * alert.hold_s),
    )


def finding_row(finding: Finding, superseded: frozenset[str | None], lang: str) -> FindingRow:
    """Return the line of a finding.

    Parameters
    ----------
    finding : Finding
        From the log.
    superseded : frozenset of str
        Ids of findings that a later one replaced.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    FindingRow
        Empty text where nothing was said.
    """
    return FindingRow(
        finding_id=finding.finding_id,
        finding=word("finding", finding.finding.value, lang),
        scam_type="" if finding.scam_type is None else word("scam_type", finding.scam_type.value, lang),
        loss="" if finding.loss_fen is None else yuan(finding.loss_fen),
        author=finding.author or "",
        at=local_time(finding.event_time),
        note=finding.note or "",
        is_superseded=finding.finding_id in superseded,
    )


def _facts(transfer: Transfer, lang: str, *, is_revealed: bool) -> Sequence[tuple[str, str]]:
    filled = ((column, getattr(transfer, column.name)) for column in columns_of(Transfer))
    return [
        (
            label(column, lang),
            value if is_revealed and isinstance(value, str) and column.pii else fact(column, value, lang),
        )
        for column, value in filled
        if value is not None
    ]


def _reason_row(reason: Reason, unit: str, lang: str) -> ReasonRow:
    own = gettext(lang, marked("本人平时")) if reason.baseline_of == "own" else gettext(lang, marked("一般情况"))
    return ReasonRow(
        text=_sentence(reason, lang),
        value=_quantity(reason.value, unit, lang),
        normal=_quantity(reason.baseline, unit, lang),
        whose=own,
        contribution=round(reason.contribution, 3),
    )


def _quantity(value: float | None, unit: str, lang: str) -> str:
    return "—" if value is None or math.isnan(value) else quantity_text(value, unit).text(lang)


def _sentence(reason: Reason, lang: str) -> str:
    return reason.text_zh if lang == "zh" else reason.text_en
