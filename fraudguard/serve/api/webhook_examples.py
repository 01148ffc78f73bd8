"""Examples of webhooks, as the OpenAPI document shows them."""

from typing import Any, Final

__all__ = ["WEBHOOK_ANSWERS", "WEBHOOK_REQUESTS"]


def _one(value: dict[str, Any]) -> dict[str, Any]:
    return {"one": {"value": value}}


def _page(one: dict[str, Any]) -> dict[str, Any]:
    return _one({"data": [one], "has_more": False, "next_cursor": None})


_ENDPOINT: Final = {
    "endpoint_id": "W-0001",
    "url": "https://bank.example/hooks/fraudguard",
    "events": ["case.closed", "hold.released"],
    "note": "核心系统 / core banking",
    "author": "core-bank",
    "created_at": "2026-03-02T01:00:00Z",
    "state": "active",
    "state_reason": "by_person",
    "failing_since": None,
    "former_secret_until": None,
    "secret": None,
}
_DELIVERY: Final = {
    "event_id": "evt_5d0c8f3e2a914b7c86f1e0a97b3c2d41",
    "type": "hold.released",
    "happened_at": "2026-03-02T02:30:00Z",
    "data": {"assessment_id": "asm_01M84ZSM2Q6V8ZK4T4C1B9W7XE", "transfer_id": "T-0002"},
    "state": "delivered",
    "tries": 1,
    "due_at": "2026-03-02T02:30:00Z",
    "last_status": 204,
    "last_error": None,
    "settled_at": "2026-03-02T02:30:01.120000Z",
}
WEBHOOK_REQUESTS: Final[dict[str, dict[str, Any]]] = {
    "WebhookEndpointIn": _one({name: _ENDPOINT[name] for name in ("endpoint_id", "url", "events", "note")}),
    "RotationIn": _one({"keep_s": 86_400}),
}
WEBHOOK_ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "WebhookEndpoint": _one(_ENDPOINT),
    "WebhookEndpointPage": _page(_ENDPOINT),
    "WebhookDelivery": _one(_DELIVERY),
    "WebhookDeliveryPage": _page(_DELIVERY),
}
