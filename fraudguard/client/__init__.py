"""A client of the scoring service: blocking and asynchronous, with retries that never count a transfer twice.

Install it by ``pip install 'fraudguard[client]'``; `Client` and `AsyncClient` have the same methods.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from fraudguard.client.answers import (
    Assessment,
    BatchLine,
    Entry,
    Estimate,
    Fallback,
    FieldFault,
    Hold,
    LateAssessment,
    ListOut,
    Problem,
    Readiness,
    Reason,
    Text,
    TimingMs,
    Unjudged,
    Vector,
    Version,
    Versions,
)
from fraudguard.client.failures import (
    ApiError,
    KeyRefusedError,
    MissingError,
    NoAnswerError,
    RefusedError,
    ReusedError,
    ScopeError,
    StateError,
    UnavailableError,
)
from fraudguard.client.hold_answers import Appeal, HoldDetail, ListEntry
from fraudguard.client.retries import Retries
from fraudguard.client.webhook_answers import WebhookDelivery, WebhookEndpoint
from fraudguard.errors import DefinitionError

if TYPE_CHECKING:
    from fraudguard.client.awaiting import AsyncClient
    from fraudguard.client.blocking import Client

__all__ = [
    "ApiError",
    "Appeal",
    "Assessment",
    "AsyncClient",
    "BatchLine",
    "Client",
    "Entry",
    "Estimate",
    "Fallback",
    "FieldFault",
    "Hold",
    "HoldDetail",
    "KeyRefusedError",
    "LateAssessment",
    "ListEntry",
    "ListOut",
    "MissingError",
    "NoAnswerError",
    "Problem",
    "Readiness",
    "Reason",
    "RefusedError",
    "Retries",
    "ReusedError",
    "ScopeError",
    "StateError",
    "Text",
    "TimingMs",
    "UnavailableError",
    "Unjudged",
    "Vector",
    "Version",
    "Versions",
    "WebhookDelivery",
    "WebhookEndpoint",
]

_ROOM_OF: Final = {"AsyncClient": "awaiting", "Client": "blocking"}


def __getattr__(name: str) -> object:
    # Lazy (PEP 562): the words of answers are of use without the library that fetches them.
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "httpx2":
            raise
        raise DefinitionError(
            "the client needs httpx2; run: pip install 'fraudguard[client]'",
            "客户端需要 httpx2；请运行：pip install 'fraudguard[client]'",
        ) from error
