"""The console as one application: its routes, and what it shows when something is wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from fraudguard.clock import Clock
from fraudguard.errors import (
    ConflictError,
    FraudguardError,
    NotFoundError,
    NotReadyError,
    PermissionDeniedError,
    UnauthenticatedError,
)
from fraudguard.serve.casework import Casework
from fraudguard.serve.console.case_acts import change_hold, record_attempt
from fraudguard.serve.console.cases import (
    add_note,
    claim_case,
    find_case,
    give_back,
    hold_on,
    record_finding,
    reveal,
    show_case,
    show_sheet,
    take_over,
)
from fraudguard.serve.console.conflict import show_conflict
from fraudguard.serve.console.enrolment import confirm_factor, show_factor
from fraudguard.serve.console.guard import Headers, PasswordExpiredError, UnfinishedError
from fraudguard.serve.console.login import (
    change_password,
    lead_home,
    show_login,
    show_password,
    sign_in,
    sign_out,
    stay,
)
from fraudguard.serve.console.queue import (
    assign_cases,
    claim_next,
    forget_view,
    save_view,
    show_keys,
    show_news,
    show_queue,
)
from fraudguard.serve.console.render import STATIC, is_fragment, language, page, see_other
from fraudguard.serve.console.stop_acts import decide_stop, draft_stop, export_stop, feed_back_stop, withdraw_stop
from fraudguard.serve.console.trail import show_trail
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.holds import HoldService
from fraudguard.serve.journal import log, places_of
from fraudguard.serve.officer import Desk
from fraudguard.serve.review import ReviewService
from fraudguard.serve.settings import Settings
from fraudguard.serve.stop_service import StopService
from fraudguard.serve.store import Store

__all__ = ["ConsoleParts", "build_console"]

_PAGES: Final[Mapping[type[FraudguardError], tuple[int, str]]] = {
    PermissionDeniedError: (403, marked("您无权执行此操作")),
    NotFoundError: (404, marked("页面不存在")),
    UnauthenticatedError: (401, marked("登录已过期")),
    NotReadyError: (503, marked("服务暂不可用")),
    FraudguardError: (422, marked("内容有误")),
}


_LED: Final[Mapping[type[Exception], str]] = {
    PasswordExpiredError: "/console/password",
    UnfinishedError: "/console/second-factor",
}
_QUEUE: Final = (
    Route("/queue", show_queue, methods=["GET"]),
    Route("/queue/news", show_news, methods=["GET"]),
    Route("/queue/next", claim_next, methods=["POST"]),
    Route("/queue/assign", assign_cases, methods=["POST"]),
    Route("/queue/views", save_view, methods=["POST"]),
    Route("/queue/views/forget", forget_view, methods=["POST"]),
)
_CASE: Final = (
    Route("/transfers/{transfer_id:path}", find_case, methods=["GET"]),
    Route("/cases/{case_id}", show_case, methods=["GET"]),
    Route("/cases/{case_id}/sheet", show_sheet, methods=["GET"]),
    Route("/cases/{case_id}/claim", claim_case, methods=["POST"]),
    Route("/cases/{case_id}/give-back", give_back, methods=["POST"]),
    Route("/cases/{case_id}/hold", hold_on, methods=["POST"]),
    Route("/cases/{case_id}/take-over", take_over, methods=["POST"]),
    Route("/cases/{case_id}/notes", add_note, methods=["POST"]),
    Route("/cases/{case_id}/reveal", reveal, methods=["POST"]),
    Route("/cases/{case_id}/attempts", record_attempt, methods=["POST"]),
    Route("/cases/{case_id}/holds", change_hold, methods=["POST"]),
    Route("/cases/{case_id}/stop", draft_stop, methods=["POST"]),
    Route("/cases/{case_id}/stop/withdraw", withdraw_stop, methods=["POST"]),
    Route("/cases/{case_id}/stop/decision", decide_stop, methods=["POST"]),
    Route("/cases/{case_id}/stop/feedback", feed_back_stop, methods=["POST"]),
    Route("/cases/{case_id}/stop.json", export_stop, methods=["GET"]),
    Route("/cases/{case_id}/findings", record_finding, methods=["POST"]),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleParts:
    """What the pages are made of."""

    desk: Desk
    review: ReviewService
    casework: Casework
    holds: HoldService
    stops: StopService
    store: Store
    clock: Clock
    settings: Settings
    units: Mapping[str, str]
    log_in_turn: asyncio.Lock = field(default_factory=asyncio.Lock)


def build_console(parts: ConsoleParts) -> Starlette:
    """Return the application to mount under ``/console``.

    Parameters
    ----------
    parts : ConsoleParts
        What it calls.

    Returns
    -------
    Starlette
        Takes session cookies only, never API keys.
    """
    console = Starlette(
        routes=[
            Route("/", lead_home, methods=["GET"]),
            Route("/stay", stay, methods=["GET"]),
            Route("/login", show_login, methods=["GET"]),
            Route("/login", sign_in, methods=["POST"]),
            Route("/logout", sign_out, methods=["POST"]),
            Route("/password", show_password, methods=["GET"]),
            Route("/password", change_password, methods=["POST"]),
            Route("/second-factor", show_factor, methods=["GET"]),
            Route("/second-factor", confirm_factor, methods=["POST"]),
            Route("/trail", show_trail, methods=["GET"]),
            Route("/keys", show_keys, methods=["GET"]),
            *_QUEUE,
            *_CASE,
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={FraudguardError: _explain, HTTPException: _not_routed, Exception: _unexpected},
    )
    console.state.parts = parts
    return console


async def _explain(request: Request, error: Exception) -> Response:
    if isinstance(error, ConflictError):
        return show_conflict(request, error)
    if isinstance(error, PermissionDeniedError):
        await _note_refusal(request)
    leads_to = _LED.get(type(error)) or (_log_in(request) if isinstance(error, UnauthenticatedError) else "")
    if leads_to and not is_fragment(request):
        return see_other(leads_to)
    kind = next(kind for kind in type(error).__mro__ if kind in _PAGES)
    status, title = _PAGES[kind]
    detail = error.text(language(request)) if isinstance(error, FraudguardError) else ""
    return _message(request, status, title=title, detail=detail)


def _log_in(request: Request) -> str:
    return f"/console/login?next={quote(request.url.path if request.method == 'GET' else '/console/')}"


async def _note_refusal(request: Request) -> None:
    officer, desk = getattr(request.state, "officer", None), request.app.state.parts.desk
    if officer is not None:
        await asyncio.to_thread(desk.note, officer.name, "refused", subject=request.url.path, detail=request.method)


async def _not_routed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _message(request, status, title=marked("页面不存在"), detail="")


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", kind=type(error).__name__, places=places_of(error))
    return _message(request, 500, title=marked("系统错误"), detail=str(request.scope.get("request_id", "")))


def _message(request: Request, status: int, *, title: str, detail: str) -> Response:
    officer = getattr(request.state, "officer", None)
    heading = gettext(language(request), title)
    return page(request, "message.html", status=status, officer=officer, heading=heading, detail=detail, code=status)
