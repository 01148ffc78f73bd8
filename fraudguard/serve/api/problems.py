"""Errors over the wire: RFC 9457, and the one table from exceptions to status codes."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import (
    ArtifactError,
    ConflictError,
    DataError,
    DefinitionError,
    FraudguardError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    ReusedIdError,
    UnauthenticatedError,
)
from fraudguard.serve.fence import OverloadedError
from fraudguard.serve.journal import log, places_of
from fraudguard.serve.quota import TooManyError
from fraudguard.serve.scoring import ReusedKeyError
from fraudguard.serve.telemetry import Telemetry

__all__ = [
    "PROBLEMS",
    "FieldError",
    "InvalidRequestError",
    "MalformedError",
    "MediaTypeError",
    "MethodError",
    "Problem",
    "TooLargeError",
    "body_error",
    "problem_body",
    "problem_response",
]

MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field; never its value."""

    pointer: str
    detail: str
    code: str


class MalformedError(DataError):
    """The request cannot be read."""


class TooLargeError(DataError):
    """The body is too large."""


class MediaTypeError(DataError):
    """The body is not JSON."""


class MethodError(DataError):
    """The path has no such method."""


class InvalidRequestError(DataError):
    """The request can be read and does not fit."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(
            f"{len(errors)} field(s) do not fit; see errors", f"有 {len(errors)} 个字段不符合要求，详见 errors"
        )
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A kind of error: its status, and the code a program may rely on."""

    status: HTTPStatus
    code: str
    title: str


UNEXPECTED: Final = Problem(
    status=HTTPStatus.INTERNAL_SERVER_ERROR, code="unexpected", title="Something that should not happen"
)
PROBLEMS: Final[Mapping[type[Exception], Problem]] = {
    MalformedError: Problem(status=HTTPStatus.BAD_REQUEST, code="malformed", title="The request cannot be read"),
    UnauthenticatedError: Problem(
        status=HTTPStatus.UNAUTHORIZED, code="unauthenticated", title="A valid API key is needed"
    ),
    PermissionDeniedError: Problem(status=HTTPStatus.FORBIDDEN, code="forbidden", title="The API key may not do this"),
    NotFoundError: Problem(status=HTTPStatus.NOT_FOUND, code="not_found", title="There is no such thing"),
    MethodError: Problem(
        status=HTTPStatus.METHOD_NOT_ALLOWED, code="method_not_allowed", title="The path has no such method"
    ),
    ReusedIdError: Problem(status=HTTPStatus.CONFLICT, code="id_reused", title="The id was used with another content"),
    ConflictError: Problem(status=HTTPStatus.CONFLICT, code="conflict", title="It does not fit the present state"),
    TooLargeError: Problem(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code="too_large", title="The body is too large"),
    MediaTypeError: Problem(
        status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code="unsupported_media_type", title="The body must be JSON"
    ),
    ReusedKeyError: Problem(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        code="idempotency_key_reused",
        title="The Idempotency-Key was used with another request",
    ),
    DataError: Problem(status=HTTPStatus.UNPROCESSABLE_ENTITY, code="invalid", title="The request does not fit"),
    TooManyError: Problem(
        status=HTTPStatus.TOO_MANY_REQUESTS, code="too_many_requests", title="The API key asks more than it may"
    ),
    OverloadedError: Problem(
        status=HTTPStatus.SERVICE_UNAVAILABLE, code="overloaded", title="The service answers as many as it can"
    ),
    NotReadyError: Problem(status=HTTPStatus.SERVICE_UNAVAILABLE, code="not_ready", title="The service is not ready"),
    ArtifactError: Problem(status=HTTPStatus.SERVICE_UNAVAILABLE, code="model_damaged", title="The model cannot score"),
    DefinitionError: Problem(
        status=HTTPStatus.INTERNAL_SERVER_ERROR, code="misconfigured", title="The service is set up wrong"
    ),
    Exception: UNEXPECTED,
}
"""The only place where an exception meets a status; a subclass may stand beside its parent."""


def _field_errors(error: ValidationError) -> Sequence[FieldError]:
    """Return the errors of a model, without the values sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [FieldError(pointer=_pointer(one["loc"]), detail=one["msg"], code=one["type"]) for one in found]


def problem_body(request: Request, error: Exception) -> dict[str, Any]:
    """Return what is said of an error, and count it; of one that nobody raised on purpose nothing is said."""
    problem = next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)
    detail = error.text(_language(request)) if isinstance(error, FraudguardError) else ""
    if problem is UNEXPECTED:
        log.error("unexpected", kind=type(error).__name__, places=places_of(error))
        detail = "Tell the operator this request_id."
    _count(request, problem.code)
    errors = error.errors if isinstance(error, InvalidRequestError) else ()
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail,
        "instance": request.url.path,
        "code": problem.code,
        "request_id": _request_id(request),
        "errors": [{"pointer": one.pointer, "detail": one.detail, "code": one.code} for one in errors],
        **_fallback(request, problem.status),
    }


def _fallback(request: Request, status: HTTPStatus) -> dict[str, Any]:
    """Return what was declared for a transfer that could not be judged; only for one that was read."""
    told = request.scope.get("fallback")
    unjudged = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status is HTTPStatus.TOO_MANY_REQUESTS
    return {"fallback": {"intervention": told}} if told is not None and unjudged else {}


def body_error(error: ValidationError) -> DataError:
    """Return what is wrong with a body that a model does not take, as MalformedError or InvalidRequestError."""
    if any(one["type"] == "json_invalid" for one in error.errors()):
        return MalformedError("the body is not valid JSON", "请求体不是有效的 JSON")
    return InvalidRequestError(_field_errors(error))


async def problem_response(request: Request, error: Exception) -> Response:
    """Return the answer to an error."""
    body = problem_body(request, error)
    headers = {"x-request-id": body["request_id"], **_headers(HTTPStatus(body["status"]), error)}
    return Response(json.dumps(body, ensure_ascii=False).encode(), body["status"], headers, MEDIA_TYPE)


def _headers(status: HTTPStatus, error: Exception) -> dict[str, str]:
    if isinstance(error, TooManyError):
        quota = error.quota
        policy = {"RateLimit-Policy": f'"key";q={quota.burst};w={math.ceil(quota.burst / quota.rate_per_s)}'}
        return {"Retry-After": str(error.wait_s), "RateLimit": f'"key";r=0;t={error.wait_s}', **policy}
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": 'Bearer realm="fraudguard"'}
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": _RETRY_AFTER_S}
        case _:
            return {}


def _count(request: Request, code: str) -> None:
    telemetry: Telemetry = request.app.state.telemetry
    telemetry.count_problem(code)


def _request_id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


def _language(request: Request) -> str:
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"


def _pointer(location: Sequence[str | int]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "#" + "".join(f"/{part}" for part in parts)
