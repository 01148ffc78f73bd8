"""The forms of a stop-payment request, and its export for the police platform."""

import asyncio

import msgspec
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import DataError, NotFoundError
from fraudguard.serve.console.case_page import case_page, sent_of, store_of
from fraudguard.serve.console.finding_form import fen_of
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.render import language, see_other
from fraudguard.serve.rights import Act
from fraudguard.serve.stop_service import StopService
from fraudguard.serve.stops import Feedback, document_of, facts_of, stop_in
from fraudguard.transfer import Transfer

__all__ = ["decide_stop", "draft_stop", "export_stop", "feed_back_stop", "withdraw_stop"]


async def draft_stop(request: Request) -> Response:
    """Draft a request for one transfer of the case."""
    officer = await signed_in(request, act=Act.DRAFT_STOP)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    try:
        transfer = await asyncio.to_thread(_transfer, request, case_id, str(form.get("transfer_id", "")))
        facts = facts_of(
            transfer,
            bank_code=str(form.get("bank_code", "")),
            name_checked=form.get("name_checked") == "1",
            basis=str(form.get("basis", "")),
        )
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    await asyncio.to_thread(_stops(request).draft, officer, case_id, sent_of(officer, form), facts=facts)
    return see_other(f"/console/cases/{case_id}#stop")


async def withdraw_stop(request: Request) -> Response:
    """Take a draft back."""
    officer = await signed_in(request, act=Act.DRAFT_STOP)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    await asyncio.to_thread(_stops(request).withdraw, officer, case_id, sent_of(officer, form))
    return see_other(f"/console/cases/{case_id}#stop")


async def decide_stop(request: Request) -> Response:
    """Sign a draft, or send it back."""
    officer = await signed_in(request, act=Act.SIGN_STOP)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    form_id = str(form.get("form_id", ""))[:64] or None
    try:
        if form.get("decision") == "sign":
            await asyncio.to_thread(_stops(request).sign, officer, case_id, form_id)
        else:
            reason = str(form.get("reason", ""))
            await asyncio.to_thread(_stops(request).refuse, officer, case_id, form_id, reason=reason)
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    return see_other(f"/console/cases/{case_id}#stop")


async def feed_back_stop(request: Request) -> Response:
    """Record what the payee's bank answered."""
    officer = await signed_in(request, act=Act.DRAFT_STOP)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    sent = sent_of(officer, form)
    try:
        feedback, stopped_fen = _feedback(form), fen_of(str(form.get("stopped", "")).strip())
        feed_back = _stops(request).feed_back
        await asyncio.to_thread(feed_back, officer, case_id, sent, feedback=feedback, stopped_fen=stopped_fen)
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    return see_other(f"/console/cases/{case_id}#stop")


async def export_stop(request: Request) -> Response:
    """Give the signed request as a file for the police platform; this service sends nothing itself.

    Raises
    ------
    NotFoundError
        If the case has no request.
    """
    officer, case_id = await signed_in(request, act=Act.REVEAL), request.path_params["case_id"]
    stop = await asyncio.to_thread(lambda: stop_in(store_of(request).cases.acts(case_id)))
    if stop is None:
        raise NotFoundError("the case has no stop-payment request", "该案件没有止付请求")
    transfer = await asyncio.to_thread(_transfer, request, case_id, stop.facts["transfer_id"])
    body = msgspec.json.format(msgspec.json.encode(document_of(stop, case_id=case_id, transfer=transfer)))
    await asyncio.to_thread(request.app.state.parts.desk.note, officer.name, "stop_exported", subject=case_id)
    name = f'attachment; filename="stop-{case_id}-{stop.number}.json"'
    return Response(body, media_type="application/json", headers={"Content-Disposition": name})


def _feedback(form: FormData) -> Feedback:
    code = str(form.get("feedback", ""))
    if code not in set(Feedback):
        raise DataError("choose what the bank answered", "请选择反馈结果")
    return Feedback(code)


def _transfer(request: Request, case_id: str, transfer_id: str) -> Transfer:
    store = store_of(request)
    alerts = store.alerts.of_places(store.cases.alert_places(case_id))
    found = next((one.transfer for one in alerts if one.transfer.transfer_id == transfer_id), None)
    if found is None:
        raise DataError("choose a transfer of this case", "请选择本案的一笔转账")
    return found


def _stops(request: Request) -> StopService:
    stops: StopService = request.app.state.parts.stops
    return stops
