"""The trail, for those who watch over the desk."""

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fraudguard.serve.console.guard import signed_in
from fraudguard.serve.console.render import language, page, page_number
from fraudguard.serve.console.show import local_time
from fraudguard.serve.rights import Act
from fraudguard.serve.store.trail import Trail, TrailRow
from fraudguard.wording import word, words_of

__all__ = ["show_trail"]

_PAGE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    at: str
    officer: str
    act: str
    subject: str
    detail: str


async def show_trail(request: Request) -> Response:
    """Show who did what, the newest first."""
    viewer, lang = await signed_in(request, act=Act.SEE_TRAIL), language(request)
    name, act = request.query_params.get("officer", "").strip(), request.query_params.get("act", "")
    number = page_number(request.query_params.get("page", ""))
    rows = await asyncio.to_thread(
        _trail(request).newest, limit=_PAGE + 1, offset=(number - 1) * _PAGE, officer=name, act=act
    )
    return page(
        request,
        "trail.html",
        officer=viewer,
        lines=[_line(row, lang) for row in rows[:_PAGE]],
        acts=[(code, text.text(lang)) for code, text in words_of("trail").items()],
        name=name,
        act=act,
        number=number,
        has_next=len(rows) > _PAGE,
    )


def _line(row: TrailRow, lang: str) -> _Line:
    act = word("trail", row.act, lang)
    return _Line(at=local_time(row.at_ms), officer=row.officer, act=act, subject=row.subject, detail=row.detail)


def _trail(request: Request) -> Trail:
    trail: Trail = request.app.state.parts.store.trail
    return trail
