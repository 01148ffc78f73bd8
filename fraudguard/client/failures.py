"""What can go wrong, as one tree that is also part of `fraudguard.errors`.

The tree::

    ApiError
    ├── RefusedError       400, 404 of a path, 405, 413, 415, 422: the request does not fit; do not send it again as it is
    │   └── ReusedError    409, 422: an id or a key was used with another content
    ├── KeyRefusedError    401: the API key opens nothing
    ├── ScopeError         403: the API key may not do this
    ├── MissingError       404: there is no such thing
    ├── StateError         409: it does not fit the present state
    └── UnavailableError   429, 5xx: not now; the same request may succeed later
        └── NoAnswerError  nothing came back in time
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from fraudguard.client.answers import FieldFault, Problem
from fraudguard.errors import (
    ConflictError,
    DataError,
    FraudguardError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    UnauthenticatedError,
)

__all__ = [
    "ApiError",
    "KeyRefusedError",
    "MissingError",
    "NoAnswerError",
    "RefusedError",
    "ReusedError",
    "ScopeError",
    "StateError",
    "UnavailableError",
    "failure_of",
]


class ApiError(FraudguardError):
    """The service did not do what was asked.

    Parameters
    ----------
    problem : Problem
        As the service told it; made up from the status when what came back was no problem.
    retry_after_s : float or None
        How long the service asks to wait.
    """

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        named = f", request {problem.request_id}" if problem.request_id else ""
        text = f"{problem.detail or problem.title} [{problem.code}{named}]"
        super().__init__(text, text)  # in the language that was asked for
        self.problem = problem
        self.retry_after_s = retry_after_s

    @property
    def code(self) -> str:
        """What a program relies on."""
        return self.problem.code

    @property
    def errors(self) -> tuple[FieldFault, ...]:
        """What is wrong, field by field."""
        return self.problem.errors


class RefusedError(ApiError, DataError):
    """The request does not fit; do not send it again as it is."""


class ReusedError(RefusedError):
    """An id or an idempotency key was used with another content; the first answer stands."""


class KeyRefusedError(ApiError, UnauthenticatedError):
    """The API key is missing, unknown, expired or revoked."""


class ScopeError(ApiError, PermissionDeniedError):
    """The API key may not do this."""


class MissingError(ApiError, NotFoundError):
    """There is no such thing."""


class StateError(ApiError, ConflictError):
    """The request does not fit the present state."""


class UnavailableError(ApiError, NotReadyError):
    """The service cannot answer now; the same request may succeed later."""


class NoAnswerError(UnavailableError):
    """Nothing came back in time; whether the service did what was asked is not known, and asking again is safe.

    Parameters
    ----------
    kind : str
        What the network said, in a word; never an address.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(
            _made_up("no_answer", title=f"no answer from the service ({kind}); asking again is safe", status=0)
        )
        self.zh = f"服务没有答复（{kind}）；再次请求是安全的"


_OF_CODE: Final[Mapping[str, type[ApiError]]] = {
    "unauthenticated": KeyRefusedError,
    "forbidden": ScopeError,
    "not_found": MissingError,
    "id_reused": ReusedError,
    "idempotency_key_reused": ReusedError,
    "conflict": StateError,
}
_OF_STATUS: Final[Mapping[int, type[ApiError]]] = {
    401: KeyRefusedError,
    403: ScopeError,
    404: MissingError,
    409: StateError,
    429: UnavailableError,
}
_decoder: Final = msgspec.json.Decoder(Problem)
_SERVER_ERRORS: Final = 500


def failure_of(status: int, content: bytes, *, retry_after: str | None = None, request_id: str = "") -> ApiError:
    """Return the error that an answer stands for.

    Parameters
    ----------
    status : int
        Of the answer.
    content : bytes
        Its body; a proxy's own page will do.
    retry_after : str or None
        The header of that name.
    request_id : str
        The header ``x-request-id``.

    Returns
    -------
    ApiError
        Of the kind that its code, or else its status, stands for.
    """
    problem = _problem(status, content, request_id)
    other = UnavailableError if status >= _SERVER_ERRORS else RefusedError
    kind = _OF_CODE.get(problem.code) or _OF_STATUS.get(status, other)
    return kind(problem, _seconds(retry_after))


def _problem(status: int, content: bytes, request_id: str) -> Problem:
    try:
        return _decoder.decode(content)
    except (msgspec.DecodeError, ValueError):
        return _made_up(f"http_{status}", title=f"HTTP {status}", status=status, request_id=request_id)


def _made_up(code: str, *, title: str, status: int, request_id: str = "") -> Problem:
    return Problem(
        type="about:blank",
        title=title,
        status=status,
        detail="",
        instance="",
        code=code,
        request_id=request_id,
        errors=(),
    )


def _seconds(text: str | None) -> float | None:
    # A date, which the header may also be, is of no use without trusting two clocks.
    return float(text) if text is not None and text.isascii() and text.isdigit() else None
