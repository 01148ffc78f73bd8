"""Events that enter the log without being judged."""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.account import Account
from fraudguard.finding import Finding
from fraudguard.serve.api.entry import authorised, read_body
from fraudguard.serve.api.openapi import answers, needs, takes
from fraudguard.serve.api.parts import parts_of
from fraudguard.serve.api.shape import ACCOUNT, FINDING, SIGNAL, TRANSFER
from fraudguard.serve.auth import Scope
from fraudguard.serve.intake import Placed
from fraudguard.serve.naming import new_id
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

__all__ = ["router"]

_REPLAYED: Final = ("Idempotent-Replayed",)

router: Final = APIRouter(prefix="/v1", tags=["events"])


@router.post(
    "/findings",
    summary="录入结论 · Record a finding",
    openapi_extra=needs(Scope.FINDING)
    | takes("FindingIn")
    | answers("Entry", 400, 401, 403, 404, 409, 413, 415, 422, 503, headers=_REPLAYED),
)
async def record_finding(request: Request) -> Response:
    """Add a finding; one that corrects another names it in supersedes."""
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.FINDING)
    columns, now = await read_body(request, FINDING), parts.clock.now()
    defaults = {"finding_id": new_id("fnd", now), "author": caller.name}
    finding = Finding(**{**defaults, **columns, "received_at": now})
    return _entry(await parts.review.record(finding))


@router.post(
    "/transfers",
    summary="转账只入日志，不评分 · Put a transfer into the log without judging it",
    openapi_extra=needs(Scope.ASSESS)
    | takes("TransferIn")
    | answers("Entry", 400, 401, 403, 409, 413, 415, 422, 503, headers=_REPLAYED),
)
async def add_transfer(request: Request) -> Response:
    """Let the windows see a transfer that was decided elsewhere."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ASSESS)
    return _entry(await parts.intake.add(Transfer(**await read_body(request, TRANSFER))))


@router.post(
    "/signals",
    summary="上报信号 · Report a signal",
    openapi_extra=needs(Scope.SIGNAL)
    | takes("SignalIn")
    | answers("Entry", 400, 401, 403, 409, 413, 415, 422, 503, headers=_REPLAYED),
)
async def report_signal(request: Request) -> Response:
    """Let the features know what the app, the operator, the bank or the police observed; it counts from now on."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.SIGNAL)
    columns, now = await read_body(request, SIGNAL), parts.clock.now()
    return _entry(await parts.intake.add(Signal(**{"signal_id": new_id("sig", now), **columns, "received_at": now})))


@router.post(
    "/accounts",
    summary="告知账户情况 · Say what is known of an account",
    openapi_extra=needs(Scope.SIGNAL)
    | takes("AccountIn")
    | answers("Entry", 400, 401, 403, 409, 413, 415, 422, 503, headers=_REPLAYED),
)
async def describe_account(request: Request) -> Response:
    """Let the features know an account as it is now; a later description takes its place."""
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.SIGNAL)
    columns = await read_body(request, ACCOUNT)
    return _entry(await parts.intake.add(Account(**columns, received_at=parts.clock.now())))


def _entry(placed: Placed) -> Response:
    body = {"kind": placed.row.kind.value, "id": placed.row.event_id, "place": placed.row.seq}
    headers = {"Idempotent-Replayed": "true" if placed.replayed else "false"}
    return JSONResponse(body, 200, headers)
