"""Webhooks, as the asynchronous client asks for them."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from fraudguard.client import webhook_calls
from fraudguard.client.calls import Call
from fraudguard.client.webhook_answers import WebhookDelivery, WebhookEndpoint

__all__ = ["AwaitingWebhooks"]

Result = TypeVar("Result")
_PAGE = 200


class AwaitingWebhooks(ABC):
    """The part of the client that says who is told of events."""

    @abstractmethod
    async def _send(self, call: Call[Result]) -> Result:
        """Send a request until it is answered, or give up."""

    async def add_webhook_endpoint(
        self, url: str, events: Sequence[str], *, note: str | None = None
    ) -> WebhookEndpoint:
        """Let an address be told of events; what is returned has its secret, this once.

        Parameters
        ----------
        url : str
            ``https://…``.
        events : sequence of str
            Such as ``hold.released``; see `fraudguard.webhook.EventType`.
        note : str or None
            In words.

        Returns
        -------
        WebhookEndpoint
            Keep `secret`; null means that a first try was answered and the answer lost: rotate it.
        """
        return await self._send(webhook_calls.add_webhook_endpoint(url, events, note=note))

    async def read_webhook_endpoint(self, endpoint_id: str) -> WebhookEndpoint:
        """Return an endpoint.

        Parameters
        ----------
        endpoint_id : str
            Its id.

        Returns
        -------
        WebhookEndpoint
            Without its secret.
        """
        return await self._send(webhook_calls.read_webhook_endpoint(endpoint_id))

    async def rotate_webhook_secret(self, endpoint_id: str, *, keep_s: int = 86_400) -> WebhookEndpoint:
        """Change the secret of an endpoint.

        Parameters
        ----------
        endpoint_id : str
            Its id.
        keep_s : int
            How many seconds the former secret goes on to sign.

        Returns
        -------
        WebhookEndpoint
            With the new secret, this once.
        """
        return await self._send(webhook_calls.rotate_webhook_secret(endpoint_id, keep_s))

    async def disable_webhook_endpoint(self, endpoint_id: str) -> WebhookEndpoint:
        """Tell an address no more.

        Parameters
        ----------
        endpoint_id : str
            Its id.

        Returns
        -------
        WebhookEndpoint
            Disabled.
        """
        return await self._send(webhook_calls.disable_webhook_endpoint(endpoint_id))

    async def enable_webhook_endpoint(self, endpoint_id: str) -> WebhookEndpoint:
        """Tell an address again.

        Parameters
        ----------
        endpoint_id : str
            Its id.

        Returns
        -------
        WebhookEndpoint
            Active.
        """
        return await self._send(webhook_calls.enable_webhook_endpoint(endpoint_id))

    async def test_webhook_endpoint(self, endpoint_id: str) -> WebhookDelivery:
        """Send the event ``webhook.test`` to an address.

        Parameters
        ----------
        endpoint_id : str
            Its id.

        Returns
        -------
        WebhookDelivery
            As it waits to be delivered.
        """
        return await self._send(webhook_calls.test_webhook_endpoint(endpoint_id))

    async def redeliver_webhook(self, endpoint_id: str, event_id: str) -> WebhookDelivery:
        """Deliver an event once more, under the same id.

        Parameters
        ----------
        endpoint_id : str
            Id of the endpoint.
        event_id : str
            ``evt_…``.

        Returns
        -------
        WebhookDelivery
            As it waits to be delivered.
        """
        return await self._send(webhook_calls.redeliver_webhook(endpoint_id, event_id))

    async def list_webhook_endpoints(self) -> AsyncIterator[WebhookEndpoint]:
        """Yield the endpoints, the newest first, page by page.

        Yields
        ------
        WebhookEndpoint
            Without its secret.
        """
        after: str | None = None
        while True:
            page = await self._send(webhook_calls.list_webhook_endpoints(after=after, limit=_PAGE))
            for one in page.data:
                yield one
            if not page.has_more:
                return
            after = page.next_cursor

    async def list_webhook_deliveries(
        self, endpoint_id: str, *, state: str | None = None
    ) -> AsyncIterator[WebhookDelivery]:
        """Yield deliveries to an endpoint, the newest first, page by page.

        Parameters
        ----------
        endpoint_id : str
            Its id.
        state : {"pending", "delivered", "failed"} or None
            Only those in this state.

        Yields
        ------
        WebhookDelivery
            With what became of it.
        """
        after: str | None = None
        while True:
            page = await self._send(
                webhook_calls.list_webhook_deliveries(endpoint_id, after=after, limit=_PAGE, state=state)
            )
            for one in page.data:
                yield one
            if not page.has_more:
                return
            after = page.next_cursor
