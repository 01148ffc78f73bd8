"""What is done about a case: speak to the payer, let held money go or keep it longer."""

import asyncio
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.column import to_ms
from fraudguard.errors import DataError, PermissionDeniedError
from fraudguard.finding import ScamType
from fraudguard.serve.attempts import Answer, Attempt, Attitude, Contact, Done, Reached
from fraudguard.serve.casework import Casework
from fraudguard.serve.console.case_page import case_page, holds_case, sent_of, work_of
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.render import language, see_other
from fraudguard.serve.holds import HoldAct, HoldReason, expires_at
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act, Role, require
from fraudguard.serve.store.case_rows import CaseRow
from fraudguard.serve.store.holds import HoldRow
from fraudguard.serve.transitions import Move
from fraudguard.wording.dissuasion import script_for

__all__ = ["change_hold", "record_attempt"]

_Code = TypeVar("_Code", bound=StrEnum)
_GRAVE_RANK = 1
_HOUR_S = 3_600
_HOURS_MAX = 72


async def record_attempt(request: Request) -> Response:
    """Record an attempt to reach the payer."""
    officer = await signed_in(request, act=Act.RECORD_ATTEMPT)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    try:
        attempt = _attempt(form)
        sent = sent_of(officer, form)
        await asyncio.to_thread(work_of(request).record_attempt, officer, case_id, sent, attempt=attempt)
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    scam = str(form.get("scam", ""))
    return see_other(f"/console/cases/{case_id}" + (f"?scam={scam}" if scam in set(ScamType) else "") + "#log")


async def change_hold(request: Request) -> Response:
    """Let held money go, or ask the bank to keep it longer, for a reason that the log keeps."""
    officer = await signed_in(request, act=Act.RELEASE)
    form, case_id = await posted(request, session_token(request)), request.path_params["case_id"]
    work, holds = work_of(request), request.app.state.parts.holds
    case = await asyncio.to_thread(request.app.state.parts.store.cases.get, case_id)
    try:
        act = _code(HoldAct, form, "act")
        _require_right(request, officer, case=case, act=act)
        reason = _code(HoldReason, form, "reason_code")
        hold_s = _hours(str(form.get("hours", ""))) if act is HoldAct.EXTEND else None
        # Sent with the answer that the page was made from: the same form twice is one act.
        told = {
            "act_id": f"desk-{str(form.get('form_id', ''))[:40]}",
            "note": str(form.get("note", "")).strip() or None,
        }
        hold, _ = await asyncio.to_thread(
            holds.act,
            str(form.get("assessment_id", "")),
            act=act,
            reason=reason,
            author=officer.name,
            hold_s=hold_s,
            **told,
        )
    except DataError as error:
        return await case_page(request, officer, error=error.text(language(request)))
    await asyncio.to_thread(_note_hold, work, officer, case_id=case_id, hold=hold)
    return see_other(f"/console/cases/{case_id}#holds")


def _note_hold(work: Casework, officer: CurrentOfficer, *, case_id: str, hold: HoldRow) -> None:
    last = hold.acts[-1]
    is_released = last.act == HoldAct.RELEASE
    move = Move.RELEASE_HOLD if is_released else Move.EXTEND_HOLD
    drains_ms = work.now_ms if is_released else to_ms(expires_at(hold))
    act = work.act(
        case_id, officer.name, move, hold_reason=last.reason_code, transfer_id=hold.transfer_id, note=last.note
    )
    work.do(officer, act, sent=None, values={"drains_from_ms": drains_ms})


def _require_right(request: Request, officer: CurrentOfficer, *, case: CaseRow, act: HoldAct) -> None:
    if act is HoldAct.RELEASE and case.tier_rank <= _GRAVE_RANK:
        require(officer.role, Act.RELEASE_GRAVE)
    if officer.role in {Role.OFFICER, Role.BANK} and not holds_case(request, officer, case):
        raise PermissionDeniedError("claim the case first", "请先领取案件")


def _attempt(form: FormData) -> Attempt:
    script = script_for(str(form.get("scam", "")) or None) if form.get("read") == "1" else None
    questions = () if script is None else script.questions
    answers = {one.question_id: str(form.get(f"answer-{one.question_id}", "")) for one in questions}
    wait = str(form.get("wait_min", "")).strip()
    if wait and not (wait.isascii() and wait.isdigit() and len(wait) < 6):
        raise DataError("write minutes as a number", "请填写分钟数")
    return Attempt(
        contact=_code(Contact, form, "contact"),
        reached=_code(Reached, form, "reached"),
        attitude=_code(Attitude, form, "attitude") if form.get("attitude") else None,
        done=[Done(str(one)) for one in form.getlist("done") if one in set(Done)],
        script=script,
        answers={name: Answer(answer) for name, answer in answers.items() if answer in set(Answer)},
        wait_min=int(wait) if wait else None,
        note=str(form.get("note", "")).strip(),
    )


def _code(kind: type[_Code], form: FormData, name: str) -> _Code:
    text = str(form.get(name, ""))
    if text not in set(kind):
        raise DataError("fill in every field that is marked", "请填写标注的各项")
    return kind(text)


def _hours(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:4]) <= _HOURS_MAX):
        raise DataError(f"extend by 1 to {_HOURS_MAX} hours", f"延长时间请填 1 到 {_HOURS_MAX} 小时")
    return _HOUR_S * int(text)
