"""What both clients know of their connection: headers, time-outs, and what an answer is worth."""

from importlib.metadata import version
from typing import Any, Final, Literal, TypeVar

import httpx2

from fraudguard.client.calls import Call
from fraudguard.client.failures import ApiError, NoAnswerError, failure_of

__all__ = ["judge_answer", "lost", "request_of", "sent_always"]

Result = TypeVar("Result")
_CONNECT_S: Final = 2.0


def sent_always(key: str, lang: Literal["zh", "en"]) -> dict[str, str]:
    """Return the headers that go with every request."""
    agent = f"fraudguard-client/{version('fraudguard')}"
    return {"Authorization": f"Bearer {key}", "Accept-Language": lang, "User-Agent": agent}


def request_of(call: Call[Any], url: str, *, headers: dict[str, str], timeout_s: float) -> dict[str, Any]:
    """Return what the library is asked to send."""
    wait_s = call.timeout_s or timeout_s
    return {
        "method": call.method,
        "url": url + call.path,
        "content": call.content,
        "headers": {**headers, **call.headers},
        "params": dict(call.params),
        "timeout": httpx2.Timeout(wait_s, connect=min(_CONNECT_S, wait_s)),
    }


def judge_answer(call: Call[Result], response: httpx2.Response) -> Result | ApiError:
    """Return what an answer says, or the error it stands for."""
    if response.status_code in call.good:
        return call.read(response.status_code, response.content)
    headers = response.headers
    return failure_of(
        response.status_code,
        response.content,
        retry_after=headers.get("retry-after"),
        request_id=headers.get("x-request-id", ""),
    )


def lost(error: httpx2.TransportError) -> ApiError:
    """Return the error that stands for no answer."""
    return NoAnswerError(type(error).__name__)
