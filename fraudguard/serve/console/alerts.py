"""The list of alerts, one alert, and the finding an officer records on it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response

from fraudguard.decision import Tier
from fraudguard.errors import DataError
from fraudguard.finding import Finding, FindingSource, FindingValue, ScamType
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.render import language, page, page_number, see_other
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.console.views import alert_row, alert_view, finding_row
from fraudguard.serve.naming import new_id
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act
from fraudguard.transfer import AMOUNT_MAX_FEN

__all__ = ["DEFINITIONS", "list_alerts", "record_finding", "show_alert"]

_PAGE: Final = 50
_NOTE_MAX: Final = 2_000

DEFINITIONS: Final[Mapping[FindingValue, str]] = {
    FindingValue.VICTIM_TRANSFER: marked("付款人受骗后发起的转账，无论钱款是否已追回"),
    FindingValue.MULE_MOVEMENT: marked("疑似涉案账户接收、转移或取出钱款"),
    FindingValue.GENUINE: marked("付款人本人真实意愿，已经核实，没有受骗迹象"),
    FindingValue.CIVIL_DISPUTE: marked("双方有真实往来而发生争议，不属于诈骗"),
    FindingValue.UNDETERMINED: marked("现有情况不足以判断；不用于训练"),
}
"""What each finding means, shown beside the choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entered:
    """What an officer typed, kept when it does not fit."""

    finding: str = ""
    scam_type: str = ""
    loss: str = ""
    note: str = ""


async def list_alerts(request: Request) -> Response:
    """Show the open alerts, or the closed ones."""
    officer, lang = await signed_in(request, act=Act.SEE_QUEUE), language(request)
    is_open = request.query_params.get("state") != "closed"
    tier = _tier(request.query_params.get("tier", ""))
    number = page_number(request.query_params.get("page", ""))
    shown, counts = await asyncio.to_thread(_read_list, request, is_open=is_open, tier=tier, number=number)
    total = sum(counts.values()) if tier is None else counts[tier]
    return page(
        request,
        "alerts.html",
        officer=officer,
        rows=[alert_row(alert, lang) for alert in shown],
        counts={tier.value: count for tier, count in counts.items()},
        total=sum(counts.values()),
        is_open=is_open,
        tier="" if tier is None else tier.value,
        number=number,
        has_next=total > number * _PAGE,
        notice=request.query_params.get("notice", ""),
    )


async def show_alert(request: Request) -> Response:
    """Show one alert."""
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    return await _alert_page(request, officer, _Entered())


async def record_finding(request: Request) -> Response:
    """Record what the officer found, and go back to the list."""
    officer = await signed_in(request, act=Act.RECORD_FINDING)
    form = await posted(request, session_token(request))
    fields = ("finding", "scam_type", "loss", "note")
    entered = _Entered(**{field: str(form.get(field, "")).strip() for field in fields})
    transfer_id = request.path_params["transfer_id"]
    await asyncio.to_thread(request.app.state.parts.alerts.get, transfer_id)
    try:
        finding = _finding(entered, officer, at=request.app.state.parts.clock.now())
    except DataError as error:
        return await _alert_page(request, officer, entered, error=error.text(language(request)))
    about = {"transfer_id": transfer_id, "supersedes": str(form.get("supersedes", "")) or None}
    await request.app.state.parts.review.record_by_officer(Finding(**finding, **about))
    return see_other("/console/alerts?notice=recorded")


async def _alert_page(request: Request, officer: CurrentOfficer, entered: _Entered, *, error: str = "") -> Response:
    parts, lang = request.app.state.parts, language(request)
    transfer_id = request.path_params["transfer_id"]
    alert = await asyncio.to_thread(parts.alerts.get, transfer_id)
    findings = await asyncio.to_thread(parts.review.findings_on, transfer_id)
    superseded = frozenset(finding.supersedes for finding in findings)
    return page(
        request,
        "alert.html",
        status=422 if error else 200,
        officer=officer,
        view=alert_view(alert, parts.units, lang),
        findings=[finding_row(finding, superseded, lang) for finding in findings],
        newest=findings[-1].finding_id if findings else "",
        may_record=officer.may(Act.RECORD_FINDING),
        choices=[(value.value, gettext(lang, text)) for value, text in DEFINITIONS.items()],
        scam_types=[scam.value for scam in ScamType],
        entered=entered,
        error=error,
    )


def _finding(entered: _Entered, officer: CurrentOfficer, *, at: datetime) -> dict[str, Any]:
    if entered.finding not in set(FindingValue):
        raise DataError("choose a finding", "请选择结论")
    found = FindingValue(entered.finding)
    if found is FindingValue.VICTIM_TRANSFER and entered.scam_type not in set(ScamType):
        raise DataError("choose the kind of scam", "请选择诈骗类型")
    if len(entered.note) > _NOTE_MAX or "\0" in entered.note:
        raise DataError("the note is longer than 2000 characters", "备注超过 2000 个字符")
    return {
        "finding_id": new_id("fnd", at),
        "finding": found,
        "event_time": at,
        "received_at": at,
        "scam_type": ScamType(entered.scam_type) if entered.scam_type in set(ScamType) else None,
        "source": FindingSource.OFFICER,
        "loss_fen": _fen(entered.loss),
        "author": officer.name,
        "note": entered.note or None,
    }


def _fen(yuan: str) -> int | None:
    if not yuan:
        return None
    try:
        fen = Decimal(yuan.replace(",", "").replace("，", "")) * 100
    except (InvalidOperation, Overflow):
        fen = Decimal(-1)
    if not (fen.is_finite() and 0 <= fen <= AMOUNT_MAX_FEN and fen == fen.to_integral_value()):
        raise DataError("write the loss in yuan, such as 49800.00", "损失请以元填写，例如 49800.00")
    return int(fen)


def _read_list(request: Request, *, is_open: bool, tier: Tier | None, number: int) -> tuple[Any, dict[Tier, int]]:
    alerts = request.app.state.parts.alerts
    shown = alerts.list(is_open=is_open, tier=tier, offset=(number - 1) * _PAGE, limit=_PAGE)
    return shown, cast("dict[Tier, int]", alerts.count(is_open=is_open))


def _tier(text: str) -> Tier | None:
    return Tier(text) if text in set(Tier) else None
