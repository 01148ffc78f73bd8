"""Holds: see them, let money go, keep it longer."""

import asyncio
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.column import from_ms, to_ms
from fraudguard.serve.api.cursor import cursor_of, limit_of, place_after
from fraudguard.serve.api.entry import authorised
from fraudguard.serve.api.forms import ExtendIn, ReleaseIn, read_form, shown
from fraudguard.serve.api.openapi import answers, asks, needs, takes
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.api.problems import FieldError, InvalidRequestError
from fraudguard.serve.auth import Scope
from fraudguard.serve.holds import HoldAct, HoldReason, HoldState, expires_at, notice_of, state_of
from fraudguard.serve.store.holds import ActRow, HoldRow

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1", tags=["holds"])


@router.get(
    "/holds",
    summary="列出暂缓 · List holds, the newest first",
    openapi_extra=needs(Scope.READ) | asks("state", "after", "limit") | answers("HoldPage", 401, 403, 422),
)
async def list_holds(request: Request) -> Response:
    """Return a page of holds with what was done with each.

    分页列出暂缓及对它做过的事。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    limit, now = limit_of(request), parts.clock.now()
    state = _state(request.query_params.get("state"))
    read = partial(parts.store.holds.page, before=place_after(request), limit=limit + 1, now_ms=to_ms(now), state=state)
    rows = await asyncio.to_thread(read)
    more = len(rows) > limit
    data = [_hold(row, parts) for row in rows[:limit]]
    return JSONResponse({
        "data": data,
        "has_more": more,
        "next_cursor": cursor_of(rows[limit - 1].seq) if more else None,
    })


@router.get(
    "/holds/{assessment_id}",
    summary="读取暂缓 · Read a hold",
    openapi_extra=needs(Scope.READ) | answers("HoldDetail", 401, 403, 404),
)
async def read_hold(request: Request, assessment_id: str) -> Response:
    """Return a hold, and the notice that the customer is owed: reason, remedy and papers.

    读取一笔暂缓，以及应告知客户的原因、救济渠道、所需材料。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    return JSONResponse(_hold(await asyncio.to_thread(parts.store.holds.get, assessment_id), parts))


@router.post(
    "/assessments/{assessment_id}/release",
    summary="放行 · Release a hold",
    openapi_extra=needs(Scope.HOLD)
    | takes("ReleaseIn")
    | answers("HoldDetail", 400, 401, 403, 404, 409, 413, 415, 422, 429, headers=("Idempotent-Replayed",)),
)
async def release_hold(request: Request, assessment_id: str) -> Response:
    """Let the money go, with a reason; the same `act_id` again is the same act.

    写明原因放行；同一 `act_id` 只算一次。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.HOLD)
    form = await read_form(request, ReleaseIn)
    act = partial(
        parts.holds.act,
        assessment_id,
        act=HoldAct.RELEASE,
        reason=HoldReason(form.reason_code),
        author=caller.name,
        act_id=form.act_id,
        note=form.note,
    )
    return _acted(*await asyncio.to_thread(act), parts)


@router.post(
    "/assessments/{assessment_id}/extend",
    summary="延长暂缓 · Extend a hold",
    openapi_extra=needs(Scope.HOLD)
    | takes("ExtendIn")
    | answers("HoldDetail", 400, 401, 403, 404, 409, 413, 415, 422, 429, headers=("Idempotent-Replayed",)),
)
async def extend_hold(request: Request, assessment_id: str) -> Response:
    """Keep the money for longer, with a reason, as often and as long as the settings allow; the same `act_id` again is the same act.

    写明原因延长；次数与时长以设置为限；同一 `act_id` 只算一次。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.HOLD)
    form = await read_form(request, ExtendIn)
    act = partial(
        parts.holds.act,
        assessment_id,
        act=HoldAct.EXTEND,
        reason=HoldReason(form.reason_code),
        author=caller.name,
        act_id=form.act_id,
        hold_s=form.hold_s,
        note=form.note,
    )
    return _acted(*await asyncio.to_thread(act), parts)


def _acted(hold: HoldRow, is_replayed: bool, parts: Parts) -> Response:  # noqa: FBT001  # as the service gives it
    return JSONResponse(_hold(hold, parts), 200, {"Idempotent-Replayed": "true" if is_replayed else "false"})


def _state(word: str | None) -> str | None:
    if word is not None and word not in set(HoldState):
        known = ", ".join(HoldState)
        raise InvalidRequestError([FieldError(pointer="?state", detail=f"Send one of {known}", code="state")])
    return word


def _hold(hold: HoldRow, parts: Parts) -> dict[str, Any]:
    notice = notice_of(hold)
    return shown(
        assessment_id=hold.assessment_id,
        transfer_id=hold.transfer_id,
        intervention=hold.intervention,
        state=state_of(hold, parts.clock.now()).value,
        held_from=from_ms(hold.decided_at_ms),
        expires_at=expires_at(hold),
        acts=[_act(act) for act in hold.acts],
        notice={"zh": notice.zh, "en": notice.en},
    )


def _act(act: ActRow) -> dict[str, Any]:
    return shown(
        act_id=act.act_id,
        act=act.act,
        hold_s=act.hold_s,
        reason_code=act.reason_code,
        note=act.note,
        author=act.author,
        at=from_ms(act.at_ms),
    )
