"""Judge a transfer; read a judgement again."""

import asyncio
import math
import time
from functools import partial
from typing import Final
from urllib.parse import urlencode

import numpy as np
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.decision import Intervention
from fraudguard.serve.api.cursor import cursor_of, limit_of, name_of, place_after
from fraudguard.serve.api.entry import authorised, deadline_of, idempotency_key, mode_of, read_body
from fraudguard.serve.api.openapi import answers, answers_late, asks, needs, takes
from fraudguard.serve.api.parts import parts_of
from fraudguard.serve.api.problems import FieldError, InvalidRequestError
from fraudguard.serve.api.shape import ASSESSMENT
from fraudguard.serve.auth import Scope
from fraudguard.serve.reply import LateAssessment, encode_late
from fraudguard.serve.scoring import Reply, ask_of
from fraudguard.transfer import Transfer

__all__ = ["router"]

_READ_AGAIN: Final = {"assessment_id": ("get_assessment", "get_features")}

router: Final = APIRouter(prefix="/v1/assessments", tags=["assessments"])


@router.post(
    "",
    summary="评估一笔转账 · Judge a transfer",
    openapi_extra=needs(Scope.ASSESS)
    | asks("Idempotency-Key", "Prefer")
    | takes("AssessmentIn")
    | answers_late("Assessment", "LateAssessment", 400, 401, 403, 409, 413, 415, 422, 429, 503, links=_READ_AGAIN),
)
async def assess(request: Request) -> Response:
    """Answer what to do about one transfer, once it is durable; the same id again gets the first answer.

    With a deadline, what was declared for its amount is answered by then with 202, and the judgement is stored as soon as it can be.
    """
    parts, started = parts_of(request), time.perf_counter()
    with parts.fence.entered():
        await authorised(request, parts.ring, Scope.ASSESS)
        columns = await read_body(request, ASSESSMENT)
        mode, deadline_ms = columns.pop("mode"), deadline_of(request, columns.pop("deadline_ms"))
        ask = ask_of(Transfer(**columns), idempotency_key(request), mode=mode)
        # If it cannot be judged, its problem says what was declared for it.
        request.scope["fallback"] = parts.fallback.intervention(ask.transfer.amount_fen).value
        if deadline_ms is None:
            reply: Reply | LateAssessment = await parts.scoring.assess(ask)
        else:
            waited_s = time.perf_counter() - started
            reply = await parts.deadlines.assess(ask, deadline_ms=deadline_ms, waited_s=waited_s)
    parts.telemetry.latency.observe(time.perf_counter() - started)
    return _answer(reply)


@router.get(
    "",
    summary="由新到旧列出评估 · List assessments, the newest first",
    openapi_extra=needs(Scope.READ)
    | asks("transfer_id", "intervention", "mode", "after", "limit")
    | answers("AssessmentPage", 401, 403, 422),
)
async def list_assessments(request: Request) -> Response:
    """Return a page of assessments, each as it was answered; `next_cursor` as `after` gives the next."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    before, limit, asked = place_after(request), limit_of(request), request.query_params
    read = partial(
        parts.store.decisions.page,
        before=before,
        limit=limit + 1,
        transfer_id=name_of(request, "transfer_id"),
        intervention=_intervention(asked.get("intervention")),
        mode=mode_of(request),
    )
    rows = await asyncio.to_thread(read)
    cursor = f'"{cursor_of(rows[limit - 1][0])}"' if len(rows) > limit else "null"
    data = b",".join(reply for _, reply in rows[:limit])
    more = "true" if len(rows) > limit else "false"
    body = b'{"data":[' + data + f'],"has_more":{more},"next_cursor":{cursor}}}'.encode()
    return Response(body, 200, None, "application/json")


@router.get(
    "/{assessment_id}/features",
    summary="读评估所用的特征 · Read the features that an assessment was made on",
    openapi_extra=needs(Scope.READ) | answers("Vector", 401, 403, 404),
)
async def get_features(request: Request, assessment_id: str) -> Response:
    """Return every feature by name; null is missing. Not in the answer itself, so that the model does not leak."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    row = await asyncio.to_thread(parts.store.decisions.get, assessment_id)
    values = np.frombuffer(row.features).tolist()
    known = row.features_fingerprint == parts.plan.fingerprint
    names = parts.plan.names if known else [str(place) for place in range(len(values))]
    vector = {name: value if math.isfinite(value) else None for name, value in zip(names, values, strict=True)}
    return JSONResponse({"id": assessment_id, "features_fingerprint": row.features_fingerprint, "features": vector})


@router.get(
    "/{assessment_id}",
    summary="读一个评估 · Read an assessment",
    openapi_extra=needs(Scope.READ) | answers("Assessment", 401, 403, 404),
)
async def get_assessment(request: Request, assessment_id: str) -> Response:
    """Return an assessment as it was answered, byte for byte."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    row = await asyncio.to_thread(parts.store.decisions.get, assessment_id)
    return Response(row.reply, 200, None, "application/json")


def _answer(reply: Reply | LateAssessment) -> Response:
    if isinstance(reply, LateAssessment):
        query = urlencode({"transfer_id": reply.transfer_id})
        return Response(encode_late(reply), 202, {"Location": f"/v1/assessments?{query}"}, "application/json")
    return _Judgement(reply)


class _Judgement(Response):
    """The answer that goes out by the thousand: its headers are written as bytes."""

    media_type = "application/json"

    def __init__(self, reply: Reply) -> None:
        self.status_code, self.body, self.background = 200, reply.body, None
        self.raw_headers = [
            (b"location", b"/v1/assessments/" + reply.assessment_id.encode()),
            (b"idempotent-replayed", b"true" if reply.replayed else b"false"),
            (b"content-length", b"%d" % len(reply.body)),
            (b"content-type", b"application/json"),
        ]


def _intervention(word: str | None) -> str | None:
    if word is not None and word not in set(Intervention):
        known = ", ".join(Intervention)
        raise InvalidRequestError([
            FieldError(pointer="?intervention", detail=f"Send one of {known}", code="intervention")
        ])
    return word
