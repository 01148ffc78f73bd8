"""One case: what is known, what was done, and what may be done now."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import DataError, PermissionDeniedError
from fraudguard.finding import Finding, ScamType
from fraudguard.serve.casework import Casework, Sent
from fraudguard.serve.console.case_log import act_line
from fraudguard.serve.console.finding_form import DEFINITIONS, Entered, finding_fields, read_entered
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.queue_rows import clock_of, hold_clock, savable_fen, short_time
from fraudguard.serve.console.render import language, lead_to, page, see_other
from fraudguard.serve.console.show import masked
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.console.views import alert_view, finding_row
from fraudguard.serve.naming import new_id
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act, Role
from fraudguard.serve.store import Store
from fraudguard.serve.store.alerts import Alert
from fraudguard.serve.store.case_rows import ActRow, CaseRow, Hold
from fraudguard.serve.transitions import CaseState, moves_for

__all__ = [
    "add_note",
    "claim_case",
    "find_case",
    "give_back",
    "hold_on",
    "record_finding",
    "reveal",
    "show_case",
    "show_sheet",
    "take_over",
]

_PURPOSES: Final = ("dissuade", "stop_payment", "verify", "supervise")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A case as the store has it."""

    case: CaseRow
    alerts: Sequence[Alert]
    findings: Sequence[Finding]
    acts: Sequence[ActRow]


async def show_case(request: Request) -> Response:
    """Show one case."""
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    return await _case_page(request, officer)


async def find_case(request: Request) -> Response:
    """Lead from a transfer to the case that its alert is in."""
    await signed_in(request, act=Act.SEE_QUEUE)
    await asyncio.to_thread(_work(request).gather)
    case = await asyncio.to_thread(_store(request).cases.of_transfer, request.path_params["transfer_id"])
    return see_other(f"/console/cases/{case.case_id}")


async def claim_case(request: Request) -> Response:
    """Give the case to the officer, or tell who holds it."""
    officer, case_id, _ = await _act(request, Act.CLAIM)
    await asyncio.to_thread(_work(request).claim, officer, case_id)
    return lead_to(request, f"/console/cases/{case_id}")


async def give_back(request: Request) -> Response:
    """Let go of the case."""
    officer, case_id, form = await _act(request, Act.CLAIM)
    await asyncio.to_thread(_work(request).give_back, officer, case_id, _sent(officer, form))
    return see_other("/console/queue?notice=given_back")


async def hold_on(request: Request) -> Response:
    """Hold the case for longer, half an hour while speaking to the payer."""
    officer, case_id, form = await _act(request, Act.CLAIM)
    work, sent = _work(request), _sent(officer, form)
    is_speaking = form.get("speaking") == "1"
    await asyncio.to_thread(work.require_kept, officer, case_id, sent, is_speaking=is_speaking)
    return see_other(f"/console/cases/{case_id}") if is_speaking else Response(status_code=204)


async def take_over(request: Request) -> Response:
    """Take the case from who holds it."""
    officer, case_id, form = await _act(request, Act.TAKE_OVER)
    try:
        await asyncio.to_thread(_work(request).take_over, officer, case_id, str(form.get("reason", "")))
    except DataError as error:
        return await _case_page(request, officer, error=error.text(language(request)))
    return see_other(f"/console/cases/{case_id}")


async def add_note(request: Request) -> Response:
    """Write a note into the log of the case."""
    officer, case_id, form = await _act(request, Act.RECORD_ATTEMPT)
    sent, text = _sent(officer, form), str(form.get("note", ""))
    try:
        await asyncio.to_thread(_work(request).note, officer, case_id, sent, text=text)
    except DataError as error:
        return await _case_page(request, officer, error=error.text(language(request)), typed=text)
    return see_other(f"/console/cases/{case_id}#log")


async def reveal(request: Request) -> Response:
    """Show what is masked, once, after writing down who asked for it and what for.

    Raises
    ------
    PermissionDeniedError
        If they work cases and do not hold this one.
    """
    officer, case_id, form = await _act(request, Act.REVEAL)
    purpose, case = str(form.get("purpose", "")), await asyncio.to_thread(_store(request).cases.get, case_id)
    if purpose not in _PURPOSES:
        return await _case_page(request, officer, error=gettext(language(request), marked("请选择查看用途")))
    if officer.role in {Role.OFFICER, Role.BANK} and not _holds(request, officer, case):
        raise PermissionDeniedError("claim the case first", "请先领取案件")
    note = request.app.state.parts.desk.note
    await asyncio.to_thread(note, officer.name, "revealed", subject=case_id, detail=purpose)
    return await _case_page(request, officer, is_revealed=True)


async def show_sheet(request: Request) -> Response:
    """Show the case as a sheet of paper, and write down that it was printed."""
    officer, case_id = await signed_in(request, act=Act.SEE_QUEUE), request.path_params["case_id"]
    store = _store(request)
    await asyncio.to_thread(store.cases.get, case_id)
    await asyncio.to_thread(request.app.state.parts.desk.note, officer.name, "printed", subject=case_id)
    times = await asyncio.to_thread(store.trail.count, "printed", subject=case_id)
    return await _case_page(request, officer, template="sheet.html", times=times)


async def record_finding(request: Request) -> Response:
    """Record what the officer found on every transfer of the case, and end it."""
    officer, case_id, form = await _act(request, Act.RECORD_FINDING)
    entered, sent = read_entered(form), _sent(officer, form)
    try:
        fields = finding_fields(entered, author=officer.name, at=request.app.state.parts.clock.now())
    except DataError as error:
        return await _case_page(request, officer, entered=entered, error=error.text(language(request)))
    await asyncio.to_thread(_work(request).require_holding, officer, case_id, sent)
    await _record_all(request, case_id, fields, seen=str(form.get("supersedes", "")))
    await asyncio.to_thread(_work(request).close, officer, case_id, sent, finding=entered.finding)
    await asyncio.to_thread(
        request.app.state.parts.desk.note, officer.name, "finding_recorded", subject=case_id, detail=entered.finding
    )
    return see_other("/console/queue?notice=closed")


async def _record_all(request: Request, case_id: str, fields: dict[str, Any], *, seen: str) -> None:
    parts = request.app.state.parts
    read = await asyncio.to_thread(_read, request, case_id)
    lead, *others = (alert.transfer.transfer_id for alert in read.alerts)
    for place, transfer_id in enumerate((lead, *others)):
        newest = seen if place == 0 else _newest(read.findings, transfer_id)
        about = {"transfer_id": transfer_id, "supersedes": newest or None}
        loss = fields["loss_fen"] if place == 0 else None  # the loss of the whole case stands once
        finding_id = new_id("fnd", parts.clock.now())
        finding = Finding(**{**fields, **about, "loss_fen": loss, "finding_id": finding_id})
        await parts.review.record_by_officer(finding)


async def _act(request: Request, act: Act) -> tuple[CurrentOfficer, str, FormData]:
    officer = await signed_in(request, act=act)
    form = await posted(request, session_token(request))
    return officer, request.path_params["case_id"], form


async def _case_page(  # noqa: PLR0913  # what differs between the answers to its forms
    request: Request,
    officer: CurrentOfficer,
    *,
    template: str = "case.html",
    entered: Entered | None = None,
    error: str = "",
    typed: str = "",
    is_revealed: bool = False,
    times: int = 0,
) -> Response:
    lang, case_id = language(request), request.path_params["case_id"]
    read = await asyncio.to_thread(_read, request, case_id)
    holds = _holds(request, officer, read.case)
    shown = _view(request, read, is_revealed=is_revealed)
    return page(
        request,
        template,
        status=422 if error else 200,
        officer=officer,
        holds=holds,
        moves=moves_for(CaseState(read.case.state), officer.role, holds=holds),
        form_id=secrets.token_urlsafe(12),
        entered=entered or Entered(),
        error=error,
        typed=typed,
        is_revealed=is_revealed,
        times=times,
        purposes=_PURPOSES,
        choices=[(value.value, gettext(lang, text)) for value, text in DEFINITIONS.items()],
        scam_types=[scam.value for scam in ScamType],
        **shown,
    )


def _view(request: Request, read: _Read, *, is_revealed: bool) -> dict[str, Any]:
    lang, now_ms, units = language(request), _work(request).now_ms, request.app.state.parts.units
    case, superseded = read.case, frozenset(finding.supersedes for finding in read.findings)
    lead = read.alerts[0]
    return {
        "case": case,
        "is_held": case.is_held(now_ms),
        "held_until_ms": case.held_until_ms,
        "held_until": short_time(case.held_until_ms),
        "payer": case.payer_account_id if is_revealed else masked(case.payer_account_id),
        "payee": case.payee_account_id if is_revealed else masked(case.payee_account_id),
        "savable": f"{savable_fen(case, now_ms) // 100:,}",
        "due": clock_of(case, now_ms=now_ms, lang=lang),
        "bank_hold": hold_clock(case, now_ms=now_ms, lang=lang),
        "alerts": [alert_view(alert, units, lang=lang, is_revealed=is_revealed) for alert in read.alerts],
        "findings": [finding_row(finding, superseded, lang) for finding in read.findings],
        "newest": _newest(read.findings, lead.transfer.transfer_id),
        "acts": [act_line(act, lang) for act in read.acts],
    }


def _read(request: Request, case_id: str) -> _Read:
    store, parts = _store(request), request.app.state.parts
    parts.casework.gather()
    case = store.cases.get(case_id)
    alerts = sorted(store.alerts.of_places(store.cases.alert_places(case_id)), key=lambda one: one.seq != case.lead_seq)
    findings = [one for alert in alerts for one in parts.review.findings_on(alert.transfer.transfer_id)]
    return _Read(case=case, alerts=alerts, findings=findings, acts=store.cases.acts(case_id))


def _newest(findings: Sequence[Finding], transfer_id: str) -> str:
    return next((one.finding_id for one in reversed(findings) if one.transfer_id == transfer_id), "")


def _holds(request: Request, officer: CurrentOfficer, case: CaseRow) -> bool:
    return case.is_held(_work(request).now_ms) and case.holder == officer.name


def _sent(officer: CurrentOfficer, form: FormData) -> Sent:
    version = str(form.get("version", ""))
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    hold = Hold(officer=officer.name, token=str(form.get("hold_token", "")), version=number)
    return Sent(hold=hold, form_id=str(form.get("form_id", ""))[:64] or None)


def _work(request: Request) -> Casework:
    work: Casework = request.app.state.parts.casework
    return work


def _store(request: Request) -> Store:
    store: Store = request.app.state.parts.store
    return store
