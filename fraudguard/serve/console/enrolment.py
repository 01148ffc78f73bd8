"""Set up the second factor: show the secret once, take the first code, hand out recovery codes."""

import asyncio
from typing import Final

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import DataError
from fraudguard.serve.console.guard import posted, session_token, signed_in
from fraudguard.serve.console.render import language, page
from fraudguard.serve.officer import CurrentOfficer, Desk
from fraudguard.serve.totp import enrolment_address, spelled

__all__ = ["confirm_factor", "show_factor"]

_ISSUER: Final = "fraudguard"


async def show_factor(request: Request) -> Response:
    """Show the secret as text and as a picture for the app."""
    officer = await signed_in(request, is_arriving=True)
    return await _enrolment_page(request, officer)


async def confirm_factor(request: Request) -> Response:
    """Turn the second factor on when the app's code fits, and show the recovery codes once."""
    officer = await signed_in(request, is_arriving=True)
    form = await posted(request, session_token(request))
    desk: Desk = request.app.state.parts.desk
    try:
        codes = await asyncio.to_thread(desk.second_factor.confirm, officer.name, str(form.get("code", "")))
    except DataError as error:
        return await _enrolment_page(request, officer, error=error.text(language(request)))
    await asyncio.to_thread(desk.note, officer.name, "second_factor_on")
    return page(request, "recovery.html", officer=officer, codes=codes)


async def _enrolment_page(request: Request, officer: CurrentOfficer, *, error: str = "") -> Response:
    desk: Desk = request.app.state.parts.desk
    if await asyncio.to_thread(desk.second_factor.is_on, officer.name):
        return page(request, "factor.html", officer=officer, is_on=True, error="", picture="", secret="")
    secret = await asyncio.to_thread(desk.second_factor.begin, officer.name)
    address = enrolment_address(secret, name=officer.name, issuer=_ISSUER)
    return page(
        request,
        "factor.html",
        status=422 if error else 200,
        officer=officer,
        is_on=False,
        error=error,
        secret=spelled(secret),
        picture=_picture(address),
    )


def _picture(address: str) -> Markup:
    code = segno.make(address, error="m")
    # Drawn by a library from an address that we made; it holds no markup of a caller.
    return Markup(code.svg_inline(scale=4, border=3, dark="#000", light="#fff", omitsize=False))  # noqa: S704
