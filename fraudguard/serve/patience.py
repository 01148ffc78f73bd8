"""How long a client may take over a request: a connection that stalls is closed, so that slow ones cannot fill the service.

The server program waits for a request's headers and body for ever.
"""

from asyncio import Transport
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["WatchedProtocol", "close_stalled"]


class WatchedProtocol(HttpToolsProtocol):
    """The server's protocol, which notes since when it waits for the rest of a request."""

    receiving_since_s: float | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as the server program has it
        """Begin to wait: a connection that never asks is one that stalls."""
        super().connection_made(transport)
        self.receiving_since_s = self.loop.time()

    def on_message_begin(self) -> None:
        """Begin to wait for a further request."""
        super().on_message_begin()
        if self.receiving_since_s is None:
            self.receiving_since_s = self.loop.time()

    def on_message_complete(self) -> None:
        """Wait no longer."""
        super().on_message_complete()
        self.receiving_since_s = None


def close_stalled(connections: Iterable[Any], *, timeout_s: float) -> int:
    """Close the connections whose request is not complete after so long; return how many.

    Parameters
    ----------
    connections : iterable of protocols
        Those of the server; only a `WatchedProtocol` is looked at.
    timeout_s : float
        How long a client may take.
    """
    stalled = [
        one
        for one in connections
        if isinstance(one, WatchedProtocol)
        and one.receiving_since_s is not None
        and one.loop.time() - one.receiving_since_s > timeout_s
    ]
    for one in stalled:
        one.transport.close()
    return len(stalled)
