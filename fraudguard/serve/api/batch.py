"""Judge many transfers in one request."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from importlib import import_module
from typing import Final

from fastapi import APIRouter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Send
from starlette.types import Scope as Connection

from fraudguard.serve.api.batch_form import BatchForm, JsonLines
from fraudguard.serve.api.entry import authorised, media_type_of, mode_of
from fraudguard.serve.api.openapi import answers_lines, asks, needs, takes_lines
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.api.problems import (
    FieldError,
    InvalidRequestError,
    MediaTypeError,
    TooLargeError,
    problem_body,
)
from fraudguard.serve.auth import Scope
from fraudguard.serve.batch import BatchService, Outcome
from fraudguard.serve.mode import Mode

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1", tags=["assessments"])
_ARROW: Final = "application/vnd.apache.arrow.stream"


@router.post(
    "/assessments:batch",
    summary="评估一批转账 · Judge many transfers",
    openapi_extra=needs(Scope.ASSESS)
    | asks("record", "mode")
    | takes_lines("TransferIn")
    | answers_lines("BatchLine", 400, 401, 403, 413, 415, 422, 503),
)
async def assess_batch(request: Request) -> Response:
    """Answer each line in its order: judged and recorded as by `POST /v1/assessments`, or with `record=false` only estimated.

    A line that cannot be judged has its problem, and the others go on. `transfer_id` makes a line idempotent: send the whole batch again after a time-out.
    With `mode=shadow` the batch is a trial, which no officer sees. Without a record, every line is scored against the present state, none sees another, nothing enters the log and there are no ids.
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ASSESS)
    is_recorded, mode = _is_recorded(request), mode_of(request) or Mode.LIVE
    parts.batches.enter()
    try:
        form = await _form(request, parts, is_recorded=is_recorded)
        outcomes = (
            parts.batches.record(form.lines(), mode=mode) if is_recorded else parts.batches.estimate(form.lines())
        )
        answer = _answer(form, outcomes)
        return _Leaving(answer, form.media_type, batches=parts.batches, timeout_s=parts.send_timeout_s)
    except BaseException:
        parts.batches.leave()
        raise


class _Leaving(StreamingResponse):
    """An answer after which another batch may come in; one that nobody fetches is broken off."""

    def __init__(
        self, content: AsyncIterator[bytes], media_type: str, *, batches: BatchService, timeout_s: float
    ) -> None:
        super().__init__(content, media_type=media_type)
        self._batches = batches
        self._timeout_s = timeout_s

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Send the answer."""

        async def send_in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(self._timeout_s):
                    await send(message)
            except TimeoutError:
                raise ClientDisconnect from None

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._batches.leave()


async def _answer(form: BatchForm, outcomes: AsyncIterator[list[Outcome]]) -> AsyncIterator[bytes]:
    async for group in outcomes:
        part = form.encode(group)
        if part:
            yield part
    yield form.finish()


async def _form(request: Request, parts: Parts, *, is_recorded: bool) -> BatchForm:
    media_type = media_type_of(request)
    if media_type not in {JsonLines.media_type, _ARROW}:
        raise MediaTypeError(
            f"send Content-Type: {JsonLines.media_type} or {_ARROW}",
            f"请发送 Content-Type: {JsonLines.media_type} 或 {_ARROW}",
        )
    body, tell = await request.body(), partial(problem_body, request)
    form: BatchForm
    if media_type == _ARROW:
        arrow = await asyncio.to_thread(import_module, "fraudguard.serve.api.arrow")  # takes long the first time
        form = arrow.ArrowStream(body, is_recorded=is_recorded, tell=tell)
    else:
        form = JsonLines(body, line_limit_bytes=parts.line_limit_bytes, tell=tell)
    _require_few(form, parts.batch_limit_lines)
    return form


def _require_few(form: BatchForm, limit: int) -> None:
    if form.count > limit:
        raise TooLargeError(
            f"the batch has more than {limit} lines; send it in several", f"一批超过 {limit} 行；请分几次发送"
        )


def _is_recorded(request: Request) -> bool:
    sent = request.query_params.get("record", "true")
    if sent not in {"true", "false"}:
        raise InvalidRequestError([FieldError(pointer="?record", detail="Send true or false", code="record")])
    return sent == "true"
