"""Appeals against holds."""

import asyncio
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.column import from_ms, to_ms
from fraudguard.serve.api.cursor import cursor_of, limit_of, name_of, place_after
from fraudguard.serve.api.entry import authorised
from fraudguard.serve.api.forms import AppealEndIn, AppealIn, read_form, shown
from fraudguard.serve.api.openapi import answers, asks, needs, takes
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.appeals import AppealState, appeal_state
from fraudguard.serve.auth import Scope
from fraudguard.serve.store.appeals import Appealed

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1/appeals", tags=["holds"])


@router.post(
    "",
    summary="提出申诉 · Lodge an appeal",
    openapi_extra=needs(Scope.HOLD)
    | takes("AppealIn")
    | answers("Appeal", 400, 401, 403, 404, 409, 413, 415, 422, 429, headers=("Idempotent-Replayed",)),
)
async def lodge_appeal(request: Request) -> Response:
    """Take an objection to a hold; it is to be answered within fifteen days. One at a time against the same hold.

    受理对暂缓的申诉，15 日内答复；同一暂缓一次只有一个申诉在办。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.HOLD)
    form = await read_form(request, AppealIn)
    lodge = partial(
        parts.appeals.lodge,
        form.assessment_id,
        appellant=form.appellant,
        grounds=form.grounds,
        author=caller.name,
        appeal_id=form.appeal_id,
    )
    appealed, is_replayed = await asyncio.to_thread(lodge)
    headers = {"Idempotent-Replayed": "true" if is_replayed else "false"}
    return JSONResponse(_appeal(appealed, parts), 200, headers)


@router.get(
    "",
    summary="列出申诉 · List appeals, the newest first",
    openapi_extra=needs(Scope.READ) | asks("assessment_id", "after", "limit") | answers("AppealPage", 401, 403, 422),
)
async def list_appeals(request: Request) -> Response:
    """Return a page of appeals, open and decided.

    分页列出申诉，含已办结的。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    limit = limit_of(request)
    read = partial(
        parts.store.appeals.page,
        before=place_after(request),
        limit=limit + 1,
        assessment_id=name_of(request, "assessment_id"),
    )
    rows = await asyncio.to_thread(read)
    more = len(rows) > limit
    data = [_appeal(row, parts) for row in rows[:limit]]
    return JSONResponse({
        "data": data,
        "has_more": more,
        "next_cursor": cursor_of(rows[limit - 1].place) if more else None,
    })


@router.get(
    "/{appeal_id}",
    summary="读取申诉 · Read an appeal",
    openapi_extra=needs(Scope.READ) | answers("Appeal", 401, 403, 404),
)
async def read_appeal(request: Request, appeal_id: str) -> Response:
    """Return an appeal, and how it ended, if it has.

    读取一个申诉及其结果。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    return JSONResponse(_appeal(await asyncio.to_thread(parts.store.appeals.get, appeal_id), parts))


@router.post(
    "/{appeal_id}/decide",
    summary="办结申诉 · Decide an appeal",
    openapi_extra=needs(Scope.HOLD)
    | takes("AppealEndIn")
    | answers("Appeal", 400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def decide_appeal(request: Request, appeal_id: str) -> Response:
    """End an appeal; one that is upheld releases the hold in the same transaction.

    办结申诉；成立的在同一事务里放行。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.HOLD)
    form = await read_form(request, AppealEndIn)
    end = partial(parts.appeals.end, appeal_id, outcome=AppealState(form.outcome), note=form.note, author=caller.name)
    return JSONResponse(_appeal(await asyncio.to_thread(end), parts))


def _appeal(appealed: Appealed, parts: Parts) -> dict[str, Any]:
    row, end = appealed.appeal, appealed.end
    ended = None if end is None else shown(note=end.note, author=end.author, ended_at=from_ms(end.ended_at_ms))
    return shown(
        appeal_id=row.appeal_id,
        assessment_id=row.assessment_id,
        appellant=row.appellant,
        grounds=row.grounds,
        author=row.author,
        state=appeal_state(appealed).value,
        received_at=from_ms(row.received_at_ms),
        due_at=from_ms(row.due_at_ms),
        is_overdue=end is None and row.due_at_ms <= to_ms(parts.clock.now()),
        end=ended,
    )
