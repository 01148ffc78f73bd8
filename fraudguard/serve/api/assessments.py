"""Judge a transfer; read a judgement again."""

import asyncio
import time
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.serve.api.entry import authorised, idempotency_key, read_body
from fraudguard.serve.api.openapi import answers, takes
from fraudguard.serve.api.parts import parts_of
from fraudguard.serve.api.wire import TRANSFER_IN, to_columns
from fraudguard.serve.auth import Scope
from fraudguard.serve.scoring import ask_of
from fraudguard.transfer import Transfer

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1/assessments", tags=["assessments"])


@router.post(
    "",
    summary="Judge a transfer",
    openapi_extra=takes("TransferIn") | answers("Assessment", 400, 401, 403, 409, 413, 415, 422, 503),
)
async def assess(request: Request) -> Response:
    """Answer what to do about one transfer, once it is durable; the same id again gets the first answer."""
    parts, started = parts_of(request), time.perf_counter()
    await authorised(request, parts.ring, Scope.ASSESS)
    body = await read_body(request, TRANSFER_IN)
    ask = ask_of(Transfer(**to_columns(body, Transfer)), idempotency_key(request))
    reply = await parts.scoring.assess(ask)
    parts.telemetry.latency.observe(time.perf_counter() - started)
    headers = {
        "Location": f"/v1/assessments/{reply.assessment_id}",
        "Idempotent-Replayed": "true" if reply.replayed else "false",
    }
    return Response(reply.body, 200, headers, "application/json")


@router.get("/{assessment_id}", summary="Read an assessment", openapi_extra=answers("Assessment", 401, 403, 404))
async def get_assessment(request: Request, assessment_id: str) -> Response:
    """Return an assessment as it was answered, byte for byte."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.READ)
    row = await asyncio.to_thread(parts.store.decisions.get, assessment_id)
    return Response(row.reply, 200, None, "application/json")
