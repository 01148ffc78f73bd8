"""What the service answers about webhooks, as typed values."""

from datetime import datetime

import msgspec

__all__ = ["WebhookDelivery", "WebhookDeliveryPage", "WebhookEndpoint", "WebhookEndpointPage"]


class WebhookEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An address that is told of events; its secret only where it was just made."""

    endpoint_id: str
    url: str
    events: tuple[str, ...]
    note: str | None
    author: str
    created_at: datetime
    state: str
    state_reason: str
    failing_since: datetime | None
    former_secret_until: datetime | None
    secret: str | None


class WebhookDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event for an endpoint, and what became of it."""

    event_id: str
    type: str
    happened_at: datetime
    data: dict[str, str]
    state: str
    tries: int
    due_at: datetime
    last_status: int | None
    last_error: str | None
    settled_at: datetime | None


class WebhookEndpointPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some endpoints, and where the next ones begin."""

    data: tuple[WebhookEndpoint, ...]
    has_more: bool
    next_cursor: str | None


class WebhookDeliveryPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some deliveries, and where the next ones begin."""

    data: tuple[WebhookDelivery, ...]
    has_more: bool
    next_cursor: str | None
