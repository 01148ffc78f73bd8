"""The application, with a short way for the requests that come by the thousand.

An empty endpoint of the framework costs more than judging a transfer: most of it is spent between the server and the function. What is
registered here is answered straight, by the same function that the framework documents, with the same errors.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from fraudguard.serve.api.problems import problem_response

__all__ = ["Front", "Straight"]


class Front(FastAPI):
    """A FastAPI application that answers some requests straight."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # FastAPI's own
        super().__init__(**settings)
        self._straight: dict[tuple[str, str], ASGIApp] = {}

    def shorten(self, method: str, path: str, app: ASGIApp) -> None:
        """Let a request of a method and path be answered by this and nothing else."""
        self._straight[method, path] = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app = self._straight.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if app is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await app(scope, receive, send)


class Straight:
    """One route, answered by its function alone.

    Parameters
    ----------
    route : Route
        As the framework documents it; its function takes a request and gives a response.
    """

    def __init__(self, route: Route) -> None:
        self._route = route
        self._answer: Callable[[Request], Awaitable[Response]] = route.endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, also with the problem that it met."""
        scope["route"] = self._route
        request = _QuickRequest(scope, receive, send)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  # as the framework's outermost layer does
            response = await problem_response(request, error)
        with contextlib.suppress(ClientDisconnect):  # a long answer that nobody waits for any more
            await response(scope, receive, send)


class _QuickRequest(Request):
    """A request whose headers are found by name, and whose body is read without a generator: a tenth of the whole otherwise."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope, receive, send)
        self._headers = _QuickHeaders(scope)

    async def body(self) -> bytes:
        """Return the whole body."""
        if not hasattr(self, "_body"):
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        chunks = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)


class _QuickHeaders(Headers):
    """Headers of a request; the first of a name counts."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._by_name = dict(reversed(self._list))

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  # as of any mapping
        """Return a header by its name in small letters."""
        found = self._by_name.get(key.encode("latin-1"))
        return default if found is None else found.decode("latin-1")
