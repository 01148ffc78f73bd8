"""Whether the service lives, is ready, and what it is."""

import asyncio
from dataclasses import asdict
from importlib.metadata import version
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.errors import NotFoundError, NotReadyError
from fraudguard.serve.api.openapi import OPEN, answers, answers_also, text_answer
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.api.problems import PROBLEMS, UNEXPECTED
from fraudguard.serve.live import Status
from fraudguard.serve.store import Store
from fraudguard.serve.telemetry import METRICS_MEDIA_TYPE

__all__ = ["router"]

_READINESS: Final = answers_also("Readiness", 503)

router: Final = APIRouter(tags=["operation"])


@router.head("/livez", summary="The same, without a body", include_in_schema=False)
@router.get("/livez", summary="进程在运行 · The process lives", openapi_extra=OPEN | answers("Health"))
async def livez(_request: Request) -> Response:
    """Answer as long as the process can."""
    return JSONResponse({"status": "ok"})


@router.head("/readyz", summary="The same, without a body", include_in_schema=False)
@router.get("/readyz", summary="服务可以答复 · The service can answer", openapi_extra=OPEN | _READINESS)
async def readyz(request: Request) -> Response:
    """Answer 200 when every part can do its work, else 503 and which part cannot."""
    states = await _states(parts_of(request))
    ready = all(state == "ready" for state in states.values())
    headers = {} if ready else {"Retry-After": "1"}
    return JSONResponse({"status": "ready" if ready else "not ready", "parts": states}, 200 if ready else 503, headers)


@router.get(
    "/metrics",
    summary="Prometheus 指标 · Counters for Prometheus",
    response_class=Response,
    openapi_extra=OPEN | text_answer(METRICS_MEDIA_TYPE),
)
async def metrics(request: Request) -> Response:
    """Return counters and histograms; no personal data."""
    return Response(parts_of(request).telemetry.render(), media_type=METRICS_MEDIA_TYPE)


@router.get("/version", summary="运行的是什么 · What runs here", openapi_extra=OPEN | answers("Version"))
async def version_of_all(request: Request) -> Response:
    """Return the versions that go into each decision."""
    parts = parts_of(request)
    return JSONResponse({
        "fraudguard": version("fraudguard"),
        "model": parts.model_version,
        "features": parts.plan.fingerprint,
        "policy": parts.policy_version,
        "shadow": parts.shadow_version,
        "livemode": parts.livemode,
        "fallback": asdict(parts.fallback),
    })


@router.get(
    "/problems/{code}",
    summary="错误代码的含义 · What an error code means",
    openapi_extra=OPEN | answers("ProblemKind", 404),
)
async def problem(_request: Request, code: str) -> Response:
    """Return what the `type` of an error leads to.

    Raises
    ------
    NotFoundError
        If there is no such code.
    """
    for kind, known in PROBLEMS.items():
        if known.code == code:
            meaning = known.title if known is UNEXPECTED else (kind.__doc__ or "").partition("\n")[0]
            return JSONResponse({"code": code, "status": int(known.status), "title": known.title, "meaning": meaning})
    raise NotFoundError("no such error code", "没有该错误代码")


async def _states(parts: Parts) -> dict[str, str]:
    state = "ready" if parts.live.status is Status.READY else parts.live.status.value
    model = "ready" if parts.scoring.can_score else "cannot score"
    return {"state": state, "store": await asyncio.to_thread(_state_of_store, parts.store), "model": model}


def _state_of_store(store: Store) -> str:
    failing = "unreachable or not migrated"
    try:
        store.require_current()
        failing = "full or read-only"
        store.require_writable()
    except NotReadyError:
        return failing
    return "ready"
