"""What every route does first: know the caller, read the body."""

import asyncio
import re
from typing import Any, Final

from pydantic import ValidationError
from starlette.requests import Request

from fraudguard.serve.api.problems import FieldError, InvalidRequestError, MalformedError, MediaTypeError, body_error
from fraudguard.serve.api.reader import READERS
from fraudguard.serve.api.shape import DEADLINE_MAX_MS, Shape
from fraudguard.serve.auth import Caller, KeyRing, Scope
from fraudguard.serve.mode import Mode
from fraudguard.serve.quota import Quotas

__all__ = ["authorised", "deadline_of", "idempotency_key", "media_type_of", "mode_of", "read_body"]

_KEY_MAX: Final = 255
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?([^\",;\s]*)", re.IGNORECASE)


async def authorised(request: Request, ring: KeyRing, scope: Scope) -> Caller:
    """Return who calls; raises UnauthenticatedError, PermissionDeniedError or TooManyError."""
    token = _token(request)
    if token and ring.is_stale_for(token):
        await asyncio.to_thread(ring.refresh)  # the key may have been made a moment ago
    caller = ring.caller(token)
    caller.require(scope)
    if caller.quota is not None:
        quotas: Quotas = request.app.state.parts.quotas
        quotas.take(caller.prefix, caller.quota)
    return caller


async def read_body(request: Request, shape: Shape) -> dict[str, Any]:
    """Return the columns that the checked body of a request fills in.

    Raises
    ------
    MediaTypeError
        If it is not sent as JSON.
    MalformedError
        If it is not JSON.
    InvalidRequestError
        If a field does not fit.
    """  # noqa: DOC501  # body_error gives one of the two
    if media_type_of(request) != "application/json":
        raise MediaTypeError("send Content-Type: application/json", "请发送 Content-Type: application/json")
    try:
        return READERS[shape].read(await request.body())
    except ValidationError as error:
        raise body_error(error) from None  # one of the two above


def media_type_of(request: Request) -> str:
    """Return what a body is said to be, without parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def mode_of(request: Request) -> Mode | None:
    """Return the mode that stands behind the question mark, None when none does.

    Raises
    ------
    InvalidRequestError
        If it is no such word.
    """
    sent = request.query_params.get("mode")
    if sent is None:
        return None
    if sent not in set(Mode):
        known = ", ".join(Mode)
        raise InvalidRequestError([FieldError(pointer="?mode", detail=f"Send one of {known}", code="mode")])
    return Mode(sent)


def idempotency_key(request: Request) -> str | None:
    """Return the Idempotency-Key header, None when not sent.

    Raises
    ------
    MalformedError
        If it is empty, too long or not printable ASCII.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not (0 < len(key) <= _KEY_MAX and key.isascii() and key.isprintable()):
        raise MalformedError(
            "Idempotency-Key has 1 to 255 printable ASCII characters", "Idempotency-Key 须为 1 到 255 个 ASCII 可见字符"
        )
    return key


def deadline_of(request: Request, sent_ms: int | None) -> int | None:
    """Return how long the caller waits, milliseconds: by its body, or by `Prefer: wait=` in seconds, the shorter of both.

    Raises
    ------
    MalformedError
        If the header says wait and not how long.
    """
    header = request.headers.get("prefer")
    asked = None if header is None else _WAIT.search(header)
    if asked is None:
        return sent_ms
    try:
        waits_ms = round(1_000 * float(asked[1]))
    except ValueError:
        waits_ms = 0
    if not 1 <= waits_ms <= DEADLINE_MAX_MS:
        raise MalformedError(
            f"Prefer: wait= takes seconds from 0.001 to {DEADLINE_MAX_MS // 1_000}",
            f"Prefer: wait= 的取值为 0.001 到 {DEADLINE_MAX_MS // 1_000} 秒",
        )
    return waits_ms if sent_ms is None else min(waits_ms, sent_ms)


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.headers.get("x-api-key", "").strip()
