"""The outermost layer of the service, plain ASGI: request id, size limit, access log."""

import re
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fraudguard.serve.api.problems import TooLargeError
from fraudguard.serve.journal import log, note_request
from fraudguard.serve.naming import new_request_id

__all__ = ["Edge"]

_SOUND_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# W3C Trace Context: version ff and ids of zeros alone are invalid, and only later versions than 00 may have more to say.
_TRACE_IDS: Final = rb"(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
_SOUND_TRACE: Final = re.compile(rb"00-%b|(?!00|ff)[0-9a-f]{2}-%b(?:-[!-~]{0,200})?" % (_TRACE_IDS, _TRACE_IDS))
_SOUND_CORRELATOR: Final = re.compile(rb"[A-Za-z0-9_:;./<>{}-]{1,256}")
_LOGGED_FROM: Final = 500


class Edge:
    """Give each request an id, refuse a body above the limit, log what went wrong.

    Parameters
    ----------
    app : ASGIApp
        What lies inside.
    body_limit_bytes : int
        Largest body.
    """

    def __init__(self, app: ASGIApp, body_limit_bytes: int) -> None:
        self._app = app
        self._limit = body_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        correlator, trace = _correlator(headers.get(b"x-correlator", b"")), _trace(headers.get(b"traceparent", b""))
        request_id = _request_id(headers.get(b"x-request-id", correlator))
        scope["request_id"] = request_id.decode()
        note_request(scope["request_id"], trace.decode())

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_ids(message, request_id, correlator=correlator, trace=trace)
                _log(scope, message["status"])
            await send(message)

        await self._app(scope, self._limited(receive), send_with_id)

    def _limited(self, receive: Receive) -> Receive:
        seen = 0

        async def receive_limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise TooLargeError(
                    f"the body is larger than {self._limit} bytes; send less", f"请求体超过 {self._limit} 字节"
                )
            return message

        return receive_limited


def _request_id(sent: bytes) -> bytes:
    return sent if _SOUND_ID.fullmatch(sent) else new_request_id().encode()


def _trace(sent: bytes) -> bytes:
    return sent if sent and _SOUND_TRACE.fullmatch(sent) else b""


def _correlator(sent: bytes) -> bytes:
    return sent if sent and _SOUND_CORRELATOR.fullmatch(sent) else b""


def _add_ids(message: Message, request_id: bytes, *, correlator: bytes, trace: bytes) -> None:
    names = {name.lower() for name, _ in message["headers"]}
    if b"x-request-id" not in names:
        message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
    if correlator:
        message["headers"] = [*message["headers"], (b"x-correlator", correlator)]
    if trace:
        message["headers"] = [*message["headers"], (b"traceparent", trace)]


def _log(scope: Scope, status: int) -> None:
    if status >= _LOGGED_FROM:
        # The route, not the path: a path may carry an id.
        route = getattr(scope.get("route"), "path", "")
        log.warning("answered", method=scope["method"], route=route, status=status)
