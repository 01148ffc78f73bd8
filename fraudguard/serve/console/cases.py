"""One case: what is known, what was done, and what may be done now."""

import asyncio
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import DataError, PermissionDeniedError
from fraudguard.finding import Finding
from fraudguard.serve.console.case_page import (
    PURPOSES,
    case_page,
    holds_case,
    newest_on,
    read_case,
    sent_of,
    store_of,
    work_of,
)
from fraudguard.serve.console.finding_form import finding_fields, read_entered
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.render import language, lead_to, see_other
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.naming import new_id
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act, Role

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


async def show_case(request: Request) -> Response:
    """Show one case."""
    officer = await signed_in(request, act=Act.SEE_QUEUE)
    return await case_page(request, officer)


async def find_case(request: Request) -> Response:
    """Lead from a transfer to the case that its alert is in."""
    await signed_in(request, act=Act.SEE_QUEUE)
    await asyncio.to_thread(work_of(request).gather)
    case = await asyncio.to_thread(store_of(request).cases.of_transfer, request.path_params["transfer_id"])
    return see_other(f"/console/cases/{case.case_id}")


async def claim_case(request: Request) -> Response:
    """Give the case to the officer, or tell who holds it."""
    officer, case_id, _ = await _act(request, Act.CLAIM)
    await asyncio.to_thread(work_of(request).claim, officer, case_id)
    return lead_to(request, f"/console/cases/{case_id}")


async def give_back(request: Request) -> Response:
    """Let go of the case."""
    officer, case_id, form = await _act(request, Act.CLAIM)
    await asyncio.to_thread(work_of(request).give_back, officer, case_id, sent_of(officer, form))
    return see_other("/console/queue?notice=given_back")


async def hold_on(request: Request) -> Response:
    """Hold the case for longer, half an hour while speaking to the payer."""
    officer, case_id, form = await _act(request, Act.CLAIM)
    work, sent = work_of(request), sent_of(officer, form)
    is_speaking = form.get("speaking") == "1"
    await asyncio.to_thread(work.require_kept, officer, case_id, sent, is_speaking=is_speaking)
    return see_other(f"/console/cases/{case_id}") if is_speaking else Response(status_code=204)


async def take_over(request: Request) -> Response:
    """Take the case from who holds it."""
    officer, case_id, form = await _act(request, Act.TAKE_OVER)
    try:
        await asyncio.to_thread(work_of(request).take_over, officer, case_id, str(form.get("reason", "")))
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    return see_other(f"/console/cases/{case_id}")


async def add_note(request: Request) -> Response:
    """Write a note into the log of the case."""
    officer, case_id, form = await _act(request, Act.RECORD_ATTEMPT)
    sent, text = sent_of(officer, form), str(form.get("note", ""))
    try:
        await asyncio.to_thread(work_of(request).note, officer, case_id, sent, text=text)
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)), typed=text)
    return see_other(f"/console/cases/{case_id}#log")


async def reveal(request: Request) -> Response:
    """Show what is masked, once, after writing down who asked for it and what for.

    Raises
    ------
    PermissionDeniedError
        If they work cases and do not hold this one.
    """
    officer, case_id, form = await _act(request, Act.REVEAL)
    purpose, case = str(form.get("purpose", "")), await asyncio.to_thread(store_of(request).cases.get, case_id)
    if purpose not in PURPOSES:
        return await case_page(request, officer, error=gettext(language(request), marked("请选择查看用途")))
    if officer.role in {Role.OFFICER, Role.BANK} and not holds_case(request, officer, case):
        raise PermissionDeniedError("claim the case first", "请先领取案件")
    note = request.app.state.parts.desk.note
    await asyncio.to_thread(note, officer.name, "revealed", subject=case_id, detail=purpose)
    return await case_page(request, officer, is_revealed=True)


async def show_sheet(request: Request) -> Response:
    """Show the case as a sheet of paper, and write down that it was printed."""
    officer, case_id = await signed_in(request, act=Act.SEE_QUEUE), request.path_params["case_id"]
    store = store_of(request)
    await asyncio.to_thread(store.cases.get, case_id)
    await asyncio.to_thread(request.app.state.parts.desk.note, officer.name, "printed", subject=case_id)
    times = await asyncio.to_thread(store.trail.count, "printed", subject=case_id)
    return await case_page(request, officer, template="sheet.html", times=times)


async def record_finding(request: Request) -> Response:
    """Record what the officer found on every transfer of the case, and end it."""
    officer, case_id, form = await _act(request, Act.RECORD_FINDING)
    entered, sent = read_entered(form), sent_of(officer, form)
    try:
        fields = finding_fields(entered, author=officer.name, at=request.app.state.parts.clock.now())
    except DataError as error:
        return await case_page(request, officer, entered=entered, error=error.text(language(request)))
    await asyncio.to_thread(work_of(request).require_holding, officer, case_id, sent)
    await _record_all(request, case_id, fields, seen=str(form.get("supersedes", "")))
    await asyncio.to_thread(work_of(request).close, officer, case_id, sent, finding=entered.finding)
    await asyncio.to_thread(
        request.app.state.parts.desk.note, officer.name, "finding_recorded", subject=case_id, detail=entered.finding
    )
    return see_other("/console/queue?notice=closed")


async def _record_all(request: Request, case_id: str, fields: dict[str, Any], *, seen: str) -> None:
    parts = request.app.state.parts
    read = await asyncio.to_thread(read_case, request, case_id)
    lead, *others = (alert.transfer.transfer_id for alert in read.alerts)
    for place, transfer_id in enumerate((lead, *others)):
        newest = seen if place == 0 else newest_on(read.findings, transfer_id)
        about = {"transfer_id": transfer_id, "supersedes": newest or None}
        loss = fields["loss_fen"] if place == 0 else None  # the loss of the whole case stands once
        finding_id = new_id("fnd", parts.clock.now())
        finding = Finding(**{**fields, **about, "loss_fen": loss, "finding_id": finding_id})
        await parts.review.record_by_officer(finding)


async def _act(request: Request, act: Act) -> tuple[CurrentOfficer, str, FormData]:
    officer = await signed_in(request, act=act)
    form = await posted(request, session_token(request))
    return officer, request.path_params["case_id"], form
