"""Turn a page into an answer: template, language, headers."""

import hashlib
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from fraudguard.serve.console.translate import LANGUAGES, gettext
from fraudguard.wording import word

__all__ = ["STATIC", "language", "page", "see_other"]

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
_YEAR_S: Final = 31_536_000


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  # any view
    """Return a rendered page in the reader's language."""
    lang = language(request)
    shared = {"request_path": request.url.path, "other_language": _other_language(request, lang), "lang": lang}
    settings = request.app.state.parts.settings
    text = _environment(lang).get_template(template).render(demo=settings.demo, **shared, **values)
    response = HTMLResponse(text, status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang, max_age=_YEAR_S, path="/console", httponly=True, samesite="strict")
    return response


def see_other(path: str) -> Response:
    """Return a redirect after a form."""
    return RedirectResponse(path, 303)


def language(request: Request) -> str:
    """Return the reader's language: asked for, remembered, or the operator's."""
    default: str = request.app.state.parts.settings.lang
    wanted = (request.query_params.get("lang"), request.cookies.get("lang"), default)
    return next(lang for lang in wanted if lang in LANGUAGES)


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
        "style_version": hashlib.sha256((STATIC / "console.css").read_bytes()).hexdigest()[:12],
    }
    return environment


def _other_language(request: Request, lang: str) -> str:
    other = "en" if lang == "zh" else "zh"
    url = request.url.include_query_params(lang=other)
    return f"{url.path}?{url.query}"
