"""The page of a case: everything that is known, and everything that may be done now."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.finding import Finding, ScamType
from fraudguard.serve.attempts import Answer, Attitude, Contact, Done, Reached, advised_contact, is_line_kept_busy
from fraudguard.serve.casework import Casework, Sent
from fraudguard.serve.console.case_log import act_line
from fraudguard.serve.console.evidence import Evidence, evidence_on
from fraudguard.serve.console.finding_form import DEFINITIONS, Entered
from fraudguard.serve.console.flow_view import FlowView, flow_view
from fraudguard.serve.console.hold_view import HoldView, hold_view
from fraudguard.serve.console.queue_rows import clock_of, clock_until, hold_clock, savable_fen, short_time
from fraudguard.serve.console.render import language, page
from fraudguard.serve.console.show import local_time, masked, yuan
from fraudguard.serve.console.translate import gettext
from fraudguard.serve.console.views import alert_view, finding_row
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.stops import Feedback, stop_in
from fraudguard.serve.store import Store
from fraudguard.serve.store.alerts import Alert
from fraudguard.serve.store.case_rows import ActRow, CaseRow, Hold
from fraudguard.serve.transitions import CaseState, moves_for
from fraudguard.wording.dissuasion import script_for

__all__ = [
    "PURPOSES",
    "CaseRead",
    "case_page",
    "holds_case",
    "newest_on",
    "read_case",
    "sent_of",
    "store_of",
    "work_of",
]

PURPOSES: Final = ("dissuade", "stop_payment", "verify", "supervise")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRead:
    """A case as the store has it."""

    case: CaseRow
    alerts: Sequence[Alert]
    findings: Sequence[Finding]
    acts: Sequence[ActRow]
    holds: Sequence[HoldView]
    evidence: Evidence
    flow: FlowView


async def case_page(  # noqa: PLR0913  # what differs between the answers to its forms
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
    """Return the page of a case, also as the answer to a form that did not fit."""
    lang, case_id = language(request), request.path_params["case_id"]
    read = await asyncio.to_thread(read_case, request, case_id)
    holds = holds_case(request, officer, read.case)
    shown = {**_view(request, read, is_revealed=is_revealed), **_speaking(request, read.acts)}
    shown |= _stopping(request, read.acts)
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
        purposes=PURPOSES,
        choices=[(value.value, gettext(lang, text)) for value, text in DEFINITIONS.items()],
        scam_types=[scam.value for scam in ScamType],
        **shown,
    )


def _view(request: Request, read: CaseRead, *, is_revealed: bool) -> dict[str, Any]:
    lang, now_ms, units = language(request), work_of(request).now_ms, request.app.state.parts.units
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
        "newest": newest_on(read.findings, lead.transfer.transfer_id),
        "acts": [act_line(act, lang) for act in read.acts],
        "money_held": read.holds,
        "evidence": read.evidence,
        "flow": read.flow,
    }


def _stopping(request: Request, acts: Sequence[ActRow]) -> Mapping[str, Any]:
    stop, now_ms = stop_in(acts), work_of(request).now_ms
    told: dict[str, Any] = {"stop": stop, "feedbacks": list(Feedback)}
    if stop is None:
        return told
    return told | {
        "stop_payee": masked(stop.facts["payee_account_id"]),
        "stop_amount": yuan(stop.facts["amount_fen"]),
        "stop_time": local_time(stop.facts["transfer_time_ms"]),
        "stop_clock": clock_until(stop.ends_at_ms or now_ms, now_ms=now_ms, lang=language(request)),
    }


def _speaking(request: Request, acts: Sequence[ActRow]) -> Mapping[str, Any]:
    """Return what is needed to speak to the payer: the script of a kind of scam, and what is said of the line."""
    scam = request.query_params.get("scam", "")
    scam = scam if scam in set(ScamType) else ""
    return {
        "script": script_for(scam or None),
        "scam": scam,
        "kept_busy": is_line_kept_busy(acts),
        "advised": advised_contact(acts).value,
        "contacts": list(Contact),
        "reaches": list(Reached),
        "attitudes": list(Attitude),
        "dones": list(Done),
        "answers": list(Answer),
    }


def read_case(request: Request, case_id: str) -> CaseRead:
    """Return a case with all that its page shows."""
    store, parts, lang = store_of(request), request.app.state.parts, language(request)
    parts.casework.gather()
    case, now_ms = store.cases.get(case_id), parts.casework.now_ms
    places = store.cases.alert_places(case_id)
    alerts = sorted(store.alerts.of_places(places), key=lambda one: one.seq != case.lead_seq)
    held = store.holds.of_assessments([alert.assessment_id for alert in alerts])
    codes = frozenset(reason.code for alert in alerts for reason in alert.reasons)
    return CaseRead(
        case=case,
        alerts=alerts,
        findings=[one for alert in alerts for one in parts.review.findings_on(alert.transfer.transfer_id)],
        acts=store.cases.acts(case_id),
        holds=[hold_view(hold, now_ms=now_ms, lang=lang) for hold in held],
        evidence=evidence_on(store, case, codes=codes, now_ms=now_ms, lang=lang),
        flow=flow_view(store.log, places, now_ms=now_ms, lang=lang),
    )


def newest_on(findings: Sequence[Finding], transfer_id: str) -> str:
    """Return the id of the newest finding on a transfer, or an empty text."""
    return next((one.finding_id for one in reversed(findings) if one.transfer_id == transfer_id), "")


def holds_case(request: Request, officer: CurrentOfficer, case: CaseRow) -> bool:
    """Return whether somebody holds a case now."""
    return case.is_held(work_of(request).now_ms) and case.holder == officer.name


def sent_of(officer: CurrentOfficer, form: FormData) -> Sent:
    """Return what a form says of the page that it came from."""
    version = str(form.get("version", ""))
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    hold = Hold(officer=officer.name, token=str(form.get("hold_token", "")), version=number)
    return Sent(hold=hold, form_id=str(form.get("form_id", ""))[:64] or None)


def work_of(request: Request) -> Casework:
    """Return the work on cases."""
    work: Casework = request.app.state.parts.casework
    return work


def store_of(request: Request) -> Store:
    """Return the store."""
    store: Store = request.app.state.parts.store
    return store
