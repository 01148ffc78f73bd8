"""What the process says of itself: JSON lines on stderr, each with the request it belongs to, none with personal data.

The message of an exception may carry what a caller sent. So a line names kinds and places in the code, never messages.
"""

import asyncio
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from contextvars import ContextVar
from typing import Any, Final

import structlog

__all__ = ["configure_log", "log", "note_request", "places_of", "tell_of_loop"]

log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger("fraudguard")
"""The log of the service: one JSON object a line on stderr."""

_DEEPEST: Final = 8

_request: Final[ContextVar[tuple[str, str]]] = ContextVar("request", default=("", ""))


def note_request(request_id: str, traceparent: str) -> None:
    """Name the request that the lines of this task, and of what it starts, belong to.

    Parameters
    ----------
    request_id : str
        As answered.
    traceparent : str
        The W3C trace context as sent, empty without a sound one.
    """
    _request.set((request_id, traceparent))


def places_of(error: BaseException) -> Sequence[str]:
    """Return where in the code an exception comes from, without a word of its message.

    Parameters
    ----------
    error : BaseException
        Raised.

    Returns
    -------
    sequence of str
        ``function:line`` with the module before it, the innermost last; eight at most.
    """
    frames = list(traceback.walk_tb(error.__traceback__))[-_DEEPEST:]
    return [f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}:{line}" for frame, line in frames]


def tell_of_loop(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Tell of an error that nobody waited for; what the loop would print holds messages and arguments.

    Parameters
    ----------
    _loop : AbstractEventLoop
        The one it happened in.
    context : mapping
        As the loop gives it.
    """
    error = context.get("exception")
    told = {} if error is None else {"kind": type(error).__name__, "places": places_of(error)}
    log.error("unexpected in the event loop", **told)


def configure_log(level: str = "info") -> None:
    """Make the log of this process, uvicorn's too, JSON lines on stderr, from a level of gravity on.

    Parameters
    ----------
    level : str
        ``debug``, ``info``, ``warning`` or ``error``.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    stamped = structlog.processors.TimeStamper(fmt="iso", utc=True)
    written = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[structlog.processors.add_log_level, stamped, _add_request, written],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    chain: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, stamped, _add_request, _without_message]
    stream = logging.StreamHandler()
    stream.setFormatter(structlog.stdlib.ProcessorFormatter(processor=written, foreign_pre_chain=chain))
    logging.basicConfig(handlers=[stream], level=least, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it speaks at each look at the migrations


def _add_request(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    request_id, traceparent = _request.get()
    if request_id:
        line["request_id"] = request_id
    if traceparent:
        line["traceparent"] = traceparent
    return line


def _without_message(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    raised = line.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["kind"], line["places"] = type(error).__name__, places_of(error)
    return line
