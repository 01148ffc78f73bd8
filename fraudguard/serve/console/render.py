"""Turn a page into an answer: template, language, style, headers."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fraudguard.column import to_ms
from fraudguard.serve.console.show import local_time
from fraudguard.serve.console.translate import LANGUAGES, gettext
from fraudguard.wording import word

__all__ = ["STATIC", "is_fragment", "language", "lead_to", "page", "page_number", "see_other"]

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
_YEAR_S: Final = 31_536_000
_STYLES: Final = ("light", "dark")
_IDLE_WARNING_S: Final = 60


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  # any view
    """Return a rendered page in the reader's language and style."""
    lang, style, now = language(request), _style(request), request.app.state.parts.clock.now()
    shared = {
        "request_path": request.url.path,
        "here": partial(_here, request),
        "layout": "fragment.html" if is_fragment(request) else "base.html",
        "lang": lang,
        "style": style,
        "now": local_time(now),
        "now_ms": to_ms(now),
        "idle_s": request.app.state.parts.settings.session_idle_s - _IDLE_WARNING_S,
    }
    settings = request.app.state.parts.settings
    text = _environment(lang).get_template(template).render(demo=settings.demo, **shared, **values)
    response = HTMLResponse(text, status)
    for name, known in (("lang", LANGUAGES), ("style", _STYLES)):
        value = request.query_params.get(name)
        if value in known:
            response.set_cookie(name, value, max_age=_YEAR_S, path="/console", httponly=True, samesite="strict")
    return response


def see_other(path: str) -> Response:
    """Return a redirect after a form."""
    return RedirectResponse(path, 303)


def lead_to(request: Request, path: str) -> Response:
    """Return a redirect after a form, also when a script sent it in place of the browser."""
    return Response(status_code=204, headers={"HX-Redirect": path}) if is_fragment(request) else see_other(path)


def is_fragment(request: Request) -> bool:
    """Return whether a script asks for a part of a page, to put it into the one that is shown."""
    return request.headers.get("HX-Request-Type") == "partial"


def language(request: Request) -> str:
    """Return the reader's language: asked for, remembered, or the operator's."""
    default: str = request.app.state.parts.settings.lang
    wanted = (request.query_params.get("lang"), request.cookies.get("lang"), default)
    return next(lang for lang in wanted if lang in LANGUAGES)


def page_number(text: str) -> int:
    """Return the number of a page as an address says it; 1 when it says something else."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def _style(request: Request) -> str:
    wanted = (request.query_params.get("style"), request.cookies.get("style"))
    return next((style for style in wanted if style in _STYLES), "")


@cache
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": partial(gettext, lang),
        "word": lambda kind, code: word(kind, code, lang),
        "asset": _asset,
    }
    return environment


@cache
def _asset(name: str) -> str:
    # A browser keeps it for a year; other content has another address.
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/console/static/{name}?v={version}"


def _here(request: Request, **changed: str) -> str:
    url = request.url if request.method == "GET" else _came_from(request)
    url = url.include_query_params(**changed)
    return f"{url.path}?{url.query}"


def _came_from(request: Request) -> URL:
    # The answer to a form stands under an address that only takes forms.
    url = URL(request.headers.get("referer", ""))
    return url if url.netloc == request.url.netloc and url.path.startswith("/console/") else URL("/console/")
