"""Webhook endpoints: who is told of events, and what became of each delivery."""

import asyncio
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from msgspec import json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fraudguard.column import from_ms, to_ms
from fraudguard.serve.api.cursor import cursor_of, limit_of, place_after
from fraudguard.serve.api.entry import authorised
from fraudguard.serve.api.forms import RotationIn, WebhookEndpointIn, read_form, shown
from fraudguard.serve.api.openapi import answers, asks, needs, takes
from fraudguard.serve.api.parameters import DELIVERY_STATES
from fraudguard.serve.api.parts import Parts, parts_of
from fraudguard.serve.api.problems import FieldError, InvalidRequestError
from fraudguard.serve.auth import Scope
from fraudguard.serve.store.outbox import Delivery
from fraudguard.serve.store.webhooks import EndpointRow

__all__ = ["router"]

router: Final = APIRouter(prefix="/v1/webhook_endpoints", tags=["webhooks"])


@router.post(
    "",
    summary="登记 webhook 地址 · Add a webhook endpoint",
    openapi_extra=needs(Scope.ADMIN)
    | takes("WebhookEndpointIn")
    | answers("WebhookEndpoint", 400, 401, 403, 409, 413, 415, 422, 429, headers=("Idempotent-Replayed",)),
)
async def add_webhook_endpoint(request: Request) -> Response:
    """Let an address be told of events from now on; the answer shows its secret, this once. Sent again, the same id shows none.

    从此刻起向该地址通知事件；密钥只在本次答复中出现一次。同一编号再发，答复不含密钥。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.ADMIN)
    form = await read_form(request, WebhookEndpointIn)
    row, secret = await asyncio.to_thread(partial(parts.webhooks.add, author=caller.name, **form.model_dump()))
    headers = {"Idempotent-Replayed": "true" if secret is None else "false"}
    return JSONResponse(_endpoint(row, parts, secret), 200, headers)


@router.get(
    "",
    summary="列出 webhook 地址 · List endpoints, the newest first",
    openapi_extra=needs(Scope.ADMIN) | asks("after", "limit") | answers("WebhookEndpointPage", 401, 403, 422),
)
async def list_webhook_endpoints(request: Request) -> Response:
    """Return a page of endpoints, without their secrets.

    分页列出地址，不含密钥。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ADMIN)
    limit = limit_of(request)
    read = partial(parts.store.webhooks.page, before=place_after(request), limit=limit + 1)
    rows = await asyncio.to_thread(read)
    data = [_endpoint(row, parts) for row in rows[:limit]]
    return _page(data, cursor_of(rows[limit - 1].place) if len(rows) > limit else None)


@router.get(
    "/{endpoint_id}",
    summary="读取 webhook 地址 · Read an endpoint",
    openapi_extra=needs(Scope.ADMIN) | answers("WebhookEndpoint", 401, 403, 404),
)
async def read_webhook_endpoint(request: Request, endpoint_id: str) -> Response:
    """Return an endpoint, whether it is told, and since when it fails, if it does.

    读取一个地址：是否启用；若一直送不达，自何时起。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ADMIN)
    return JSONResponse(_endpoint(await asyncio.to_thread(parts.store.webhooks.get, endpoint_id), parts))


@router.post(
    "/{endpoint_id}/rotate",
    summary="更换密钥 · Change the secret",
    openapi_extra=needs(Scope.ADMIN)
    | takes("RotationIn")
    | answers("WebhookEndpoint", 400, 401, 403, 404, 409, 413, 415, 422, 429),
)
async def rotate_webhook_secret(request: Request, endpoint_id: str) -> Response:
    """Give a new secret, shown this once; for a while deliveries are signed by the former one too.

    给出新密钥，只出现一次；在宽限期内，通知同时带新旧两个签名。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.ADMIN)
    form = await read_form(request, RotationIn)
    rotate = partial(parts.webhooks.rotate, endpoint_id, keep_s=form.keep_s, by=caller.name)
    row, secret = await asyncio.to_thread(rotate)
    return JSONResponse(_endpoint(row, parts, secret))


@router.post(
    "/{endpoint_id}/disable",
    summary="停用 webhook 地址 · Disable an endpoint",
    openapi_extra=needs(Scope.ADMIN) | answers("WebhookEndpoint", 401, 403, 404, 429),
)
async def disable_webhook_endpoint(request: Request, endpoint_id: str) -> Response:
    """Tell an address no more; what happens meanwhile is not written down for it.

    不再通知该地址；停用期间发生的事件不为它保留。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.ADMIN)
    row = await asyncio.to_thread(partial(parts.webhooks.disable, endpoint_id, by=caller.name))
    return JSONResponse(_endpoint(row, parts))


@router.post(
    "/{endpoint_id}/enable",
    summary="启用 webhook 地址 · Enable an endpoint",
    openapi_extra=needs(Scope.ADMIN) | answers("WebhookEndpoint", 401, 403, 404, 429),
)
async def enable_webhook_endpoint(request: Request, endpoint_id: str) -> Response:
    """Tell an address again, also one that was disabled because nothing arrived there.

    重新通知该地址，含因长期送不达而自动停用的。
    """
    parts = parts_of(request)
    caller = await authorised(request, parts.ring, Scope.ADMIN)
    row = await asyncio.to_thread(partial(parts.webhooks.enable, endpoint_id, by=caller.name))
    return JSONResponse(_endpoint(row, parts))


@router.post(
    "/{endpoint_id}/test",
    summary="发送测试通知 · Send a test",
    openapi_extra=needs(Scope.ADMIN) | answers("WebhookDelivery", 401, 403, 404, 409, 429),
)
async def test_webhook_endpoint(request: Request, endpoint_id: str) -> Response:
    """Send the event `webhook.test`; the deliveries of the endpoint say what became of it.

    发送 `webhook.test` 事件；结果见该地址的通知列表。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ADMIN)
    return JSONResponse(_delivery(await asyncio.to_thread(parts.webhooks.test, endpoint_id)))


@router.get(
    "/{endpoint_id}/deliveries",
    summary="列出通知 · List deliveries, the newest first",
    openapi_extra=needs(Scope.ADMIN)
    | asks("delivery_state", "after", "limit")
    | answers("WebhookDeliveryPage", 401, 403, 404, 422),
)
async def list_webhook_deliveries(request: Request, endpoint_id: str) -> Response:
    """Return a page of deliveries with what became of each; those settled are kept for thirty days.

    分页列出通知及其结果；已了结的保留 30 天。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ADMIN)
    limit, state = limit_of(request), _state(request)
    await asyncio.to_thread(parts.store.webhooks.get, endpoint_id)
    read = partial(parts.store.outbox.page, endpoint_id, before=place_after(request), limit=limit + 1, state=state)
    rows = await asyncio.to_thread(read)
    data = [_delivery(row) for row in rows[:limit]]
    return _page(data, cursor_of(rows[limit - 1].place) if len(rows) > limit else None)


@router.post(
    "/{endpoint_id}/deliveries/{event_id}/redeliver",
    summary="重新通知 · Deliver again",
    openapi_extra=needs(Scope.ADMIN) | answers("WebhookDelivery", 401, 403, 404, 409, 429),
)
async def redeliver_webhook(request: Request, endpoint_id: str, event_id: str) -> Response:
    """Deliver an event once more, under the same id.

    以同一编号再通知一次。
    """
    parts = parts_of(request)
    await authorised(request, parts.ring, Scope.ADMIN)
    again = partial(parts.webhooks.redeliver, endpoint_id, event_id)
    return JSONResponse(_delivery(await asyncio.to_thread(again)))


def _state(request: Request) -> str | None:
    state = request.query_params.get("delivery_state")
    if state is not None and state not in DELIVERY_STATES:
        known = ", ".join(DELIVERY_STATES)
        raise InvalidRequestError([
            FieldError(pointer="?delivery_state", detail=f"Send one of {known}", code="delivery_state")
        ])
    return state


def _page(data: list[dict[str, Any]], cursor: str | None) -> Response:
    return JSONResponse({"data": data, "has_more": cursor is not None, "next_cursor": cursor})


def _endpoint(row: EndpointRow, parts: Parts, secret: str | None = None) -> dict[str, Any]:
    until_ms = max((former.until_ms for former in row.formers), default=0)
    is_rotating = to_ms(parts.clock.now()) < until_ms
    return shown(
        endpoint_id=row.endpoint_id,
        url=row.url,
        events=list(row.events),
        note=row.note,
        author=row.author,
        created_at=from_ms(row.created_at_ms),
        state=row.state,
        state_reason=row.state_reason,
        failing_since=None if row.failing_since_ms is None else from_ms(row.failing_since_ms),
        former_secret_until=from_ms(until_ms) if is_rotating else None,
        secret=secret,
    )


def _delivery(row: Delivery) -> dict[str, Any]:
    return shown(
        event_id=row.event_id,
        type=row.event_type,
        happened_at=from_ms(row.at_ms),
        data=json.decode(row.data),
        state=row.state,
        tries=row.tries,
        due_at=from_ms(row.due_at_ms),
        last_status=row.last_status,
        last_error=row.last_error,
        settled_at=None if row.settled_at_ms is None else from_ms(row.settled_at_ms),
    )
