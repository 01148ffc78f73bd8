"""Sign in, sign out, change the password."""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import DataError, UnauthenticatedError
from fraudguard.serve.console.guard import (
    forget_cookie,
    form_cookie,
    posted,
    session_token,
    set_form_cookie,
    set_session_cookie,
    signed_in,
)
from fraudguard.serve.console.render import language, page, see_other
from fraudguard.serve.console.show import local_time
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.officer import CurrentOfficer, Desk, LockedError
from fraudguard.serve.rights import Act

__all__ = ["change_password", "lead_home", "show_login", "show_password", "sign_in", "sign_out", "stay"]

_HOME: Final = "/console/"


async def lead_home(request: Request) -> Response:
    """Lead to the page where a role's work is."""
    officer = await signed_in(request)
    return see_other("/console/queue" if officer.may(Act.SEE_QUEUE) else "/console/trail")


async def stay(request: Request) -> Response:
    """Keep the session of somebody who reads for long."""
    await signed_in(request, is_arriving=True)
    return Response(status_code=204)


async def show_login(request: Request) -> Response:
    """Show the log-in form."""
    return _login_page(request)


async def sign_in(request: Request) -> Response:
    """Start a session, or say that name or password are wrong."""
    form = await posted(request, form_cookie(request))
    name, password, code = (str(form.get(field, "")) for field in ("name", "password", "code"))
    name = name.strip()
    try:
        # One at a time: guesses sent together must not pass the lock-out, nor take the threads that scoring needs.
        async with request.app.state.parts.log_in_turn:
            token = await asyncio.to_thread(_desk(request).sign_in, name, password, code)
    except LockedError as error:
        text = gettext(language(request), marked("失败次数过多，账号锁定至"))
        return _login_page(request, error=f"{text} {local_time(error.until)}", name=name, status=429)
    except UnauthenticatedError:
        return _login_page(
            request, error=gettext(language(request), marked("用户名、密码或动态口令错误")), name=name, status=401
        )
    response = see_other(_safe_path(str(form.get("next", ""))))
    set_session_cookie(request, response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End the session."""
    officer = await signed_in(request, is_arriving=True)
    await posted(request, session_token(request))
    await asyncio.to_thread(_desk(request).sign_out, session_token(request), officer.name)
    response = see_other("/console/login")
    forget_cookie(request, response)
    return response


async def show_password(request: Request) -> Response:
    """Show the form that changes the password."""
    officer = await signed_in(request, is_arriving=True)
    return _password_page(request, officer)


async def change_password(request: Request) -> Response:
    """Change the password; all sessions of the officer end."""
    officer = await signed_in(request, is_arriving=True)
    form = await posted(request, session_token(request))
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))
    try:
        _require_equal(new, again)
        await asyncio.to_thread(_desk(request).change_password, officer.name, old, new)
    except (DataError, UnauthenticatedError) as error:
        return _password_page(request, officer, error=error.text(language(request)))
    response = see_other("/console/login?notice=changed")
    forget_cookie(request, response)
    return response


def _password_page(request: Request, officer: CurrentOfficer, *, error: str = "") -> Response:
    is_on = _desk(request).second_factor.is_on(officer.name)
    return page(request, "password.html", status=422 if error else 200, officer=officer, error=error, has_factor=is_on)


def _login_page(request: Request, *, error: str = "", name: str = "", status: int = 200) -> Response:
    cookie = form_cookie(request)
    settings = request.app.state.parts.settings
    response = page(
        request,
        "login.html",
        status=status,
        officer=None,
        error=error,
        name=name,
        changed=request.query_params.get("notice") == "changed",
        form_token=_desk(request).form_token(cookie),
        next_path=_safe_path(request.query_params.get("next", "")),
        failures=settings.lockout_failures,
        lock_minutes=settings.lockout_s // 60,
        idle_minutes=settings.session_idle_s // 60,
    )
    set_form_cookie(request, response, cookie)
    return response


def _require_equal(new: str, again: str) -> None:
    if new != again:
        raise DataError("the two new passwords differ", "两次输入的新密码不一致")


def _safe_path(path: str) -> str:
    return path if path.startswith("/console/") and not set("\\\r\n") & set(path) else _HOME


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.parts.desk
    return desk
