"""Who may see a page: security headers, session cookie, form token."""

import asyncio
import secrets
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fraudguard.errors import FraudguardError, PermissionDeniedError
from fraudguard.serve.officer import CurrentOfficer, Desk
from fraudguard.serve.rights import Act

__all__ = [
    "Headers",
    "PasswordExpiredError",
    "UnfinishedError",
    "forget_cookie",
    "form_cookie",
    "posted",
    "session_token",
    "set_form_cookie",
    "set_session_cookie",
    "signed_in",
]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=()",
}
_FORM_COOKIE: Final = "fraudguard-form"


class PasswordExpiredError(FraudguardError):
    """A one-time password must be changed before anything else."""


class UnfinishedError(FraudguardError):
    """A second factor must be set up before anything else."""


class Headers:
    """Add the security headers to every page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                is_static = "/static/" in scope["path"] and message["status"] < 400
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_static else "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def signed_in(
    request: Request, *, act: Act | None = None, is_arriving: bool = False, is_watching: bool = False
) -> CurrentOfficer:
    """Return the officer of a request.

    Parameters
    ----------
    request : Request
        With a session cookie.
    act : Act, optional
        What they want to do; refused unless their role may.
    is_arriving : bool
        Whether the page belongs to what comes before all else: the password of one's own, the second factor.
    is_watching : bool
        Whether a script asks by itself, which is no sign that anybody is there.

    Raises
    ------
    PasswordExpiredError
        If a one-time password must be changed first.
    UnfinishedError
        If a second factor must be set up first.
    """
    officer = await asyncio.to_thread(_desk(request).current, session_token(request), is_watching=is_watching)
    request.state.officer = officer
    if officer.must_change_password and not is_arriving:
        raise PasswordExpiredError("choose a password of your own first", "请先修改一次性密码")
    if officer.must_enrol and not is_arriving:
        raise UnfinishedError("set up the second factor first", "请先启用动态口令")
    if act is not None:
        officer.require(act)
    return officer


async def posted(request: Request, token: str) -> FormData:
    """Return a form that came from our own page.

    Raises
    ------
    PermissionDeniedError
        If it came from another site, or its token does not fit.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise PermissionDeniedError("the form came from another site", "表单来自其他站点")
    form = await request.form()
    request.state.form = form
    _desk(request).require_form_token(token, str(form.get("form_token", "")))
    return form


def session_token(request: Request) -> str:
    """Return the session cookie, empty when there is none."""
    return request.cookies.get(_session_cookie(request), "")


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Hand over a session."""
    secure = request.url.scheme == "https"
    response.set_cookie(_session_cookie(request), token, path="/", secure=secure, httponly=True, samesite="strict")


def forget_cookie(request: Request, response: Response) -> None:
    """Take a session back."""
    secure = request.url.scheme == "https"
    response.delete_cookie(_session_cookie(request), path="/", secure=secure, httponly=True, samesite="strict")


def form_cookie(request: Request) -> str:
    """Return what ties the log-in form to this browser; new when there is none."""
    return request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(32)


def set_form_cookie(request: Request, response: Response, value: str) -> None:
    """Tie the log-in form to this browser."""
    secure = request.url.scheme == "https"
    response.set_cookie(_FORM_COOKIE, value, path="/console", secure=secure, httponly=True, samesite="strict")


def _session_cookie(request: Request) -> str:
    # The prefix makes a browser refuse the cookie from anywhere but this host, over HTTPS only.
    return "__Host-fraudguard" if request.url.scheme == "https" else "fraudguard"


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.parts.desk
    return desk
