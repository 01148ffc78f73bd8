"""The requests about webhooks. Nothing here sends anything."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from fraudguard.client.calls import Call, get, post
from fraudguard.client.webhook_answers import (
    WebhookDelivery,
    WebhookDeliveryPage,
    WebhookEndpoint,
    WebhookEndpointPage,
)

__all__ = [
    "add_webhook_endpoint",
    "disable_webhook_endpoint",
    "enable_webhook_endpoint",
    "list_webhook_deliveries",
    "list_webhook_endpoints",
    "read_webhook_endpoint",
    "redeliver_webhook",
    "rotate_webhook_secret",
    "test_webhook_endpoint",
]

_ROOT: Final = "/v1/webhook_endpoints"


def add_webhook_endpoint(url: str, events: Sequence[str], *, note: str | None) -> Call[WebhookEndpoint]:
    """Return the request to add an endpoint, with an id, so that it is added once however often it is sent."""
    said: dict[str, Any] = {"endpoint_id": f"hook_{uuid4().hex}", "url": url, "events": list(events)}
    return post(_ROOT, said if note is None else {**said, "note": note}, WebhookEndpoint)


def read_webhook_endpoint(endpoint_id: str) -> Call[WebhookEndpoint]:
    """Return the request to read an endpoint."""
    return get(_of(endpoint_id), WebhookEndpoint)


def list_webhook_endpoints(*, after: str | None, limit: int) -> Call[WebhookEndpointPage]:
    """Return the request for a page of endpoints."""
    return get(_ROOT, WebhookEndpointPage, params=_asked(after=after, limit=str(limit)))


def rotate_webhook_secret(endpoint_id: str, keep_s: int) -> Call[WebhookEndpoint]:
    """Return the request to change the secret of an endpoint."""
    return post(f"{_of(endpoint_id)}/rotate", {"keep_s": keep_s}, WebhookEndpoint)


def disable_webhook_endpoint(endpoint_id: str) -> Call[WebhookEndpoint]:
    """Return the request to tell an address no more."""
    return _plain(f"{_of(endpoint_id)}/disable", WebhookEndpoint)


def enable_webhook_endpoint(endpoint_id: str) -> Call[WebhookEndpoint]:
    """Return the request to tell an address again."""
    return _plain(f"{_of(endpoint_id)}/enable", WebhookEndpoint)


def test_webhook_endpoint(endpoint_id: str) -> Call[WebhookDelivery]:
    """Return the request to send a test."""
    return _plain(f"{_of(endpoint_id)}/test", WebhookDelivery)


def list_webhook_deliveries(
    endpoint_id: str, *, after: str | None, limit: int, state: str | None
) -> Call[WebhookDeliveryPage]:
    """Return the request for a page of deliveries."""
    params = _asked(after=after, limit=str(limit), delivery_state=state)
    return get(f"{_of(endpoint_id)}/deliveries", WebhookDeliveryPage, params=params)


def redeliver_webhook(endpoint_id: str, event_id: str) -> Call[WebhookDelivery]:
    """Return the request to deliver an event once more."""
    return _plain(f"{_of(endpoint_id)}/deliveries/{quote(event_id, safe='')}/redeliver", WebhookDelivery)


def _of(endpoint_id: str) -> str:
    return f"{_ROOT}/{quote(endpoint_id, safe='')}"


def _plain(path: str, answer: Any) -> Call[Any]:  # noqa: ANN401  # a type of answer
    return Call(method="POST", path=path, answer=answer)


def _asked(**wanted: str | None) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if value is not None}
