"""The application, with a short way for the requests that come by the thousand.

An empty endpoint of the framework costs more than judging a transfer: most of it is spent between the server and the function. What is
registered here is answered straight, by the same function that the framework documents, with the same errors.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
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
        request = Request(scope, receive, send)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  # as the framework's outermost layer does
            response = await problem_response(request, error)
        with contextlib.suppress(ClientDisconnect):  # a long answer that nobody waits for any more
            await response(scope, receive, send)
