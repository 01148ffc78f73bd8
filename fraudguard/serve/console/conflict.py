"""What somebody reads whose act came too late: who holds the case, what they typed, what they may do now."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from fraudguard.errors import ConflictError
from fraudguard.serve.casework import ChangedError, LimitError, LostError, TakenError
from fraudguard.serve.console.queue_rows import short_time
from fraudguard.serve.console.render import language, page
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.rights import Act

__all__ = ["show_conflict"]

_HEADINGS: Final = {
    TakenError: marked("该案件已被他人领取"),
    LostError: marked("您的处置权已到期"),
    ChangedError: marked("案件已更新"),
    LimitError: marked("手上的案件已满"),
}
_TYPED: Final = ("note", "reason", "loss", "feedback", "basis")
_TYPED_MAX: Final = 4_000


def show_conflict(request: Request, error: ConflictError) -> Response:
    """Return the page, or the panel over a page, that explains a conflict.

    Parameters
    ----------
    request : Request
        Whose form came too late.
    error : ConflictError
        Why.

    Returns
    -------
    Response
        Status 409, with what was typed, to be copied.
    """
    lang, officer = language(request), getattr(request.state, "officer", None)
    case = getattr(error, "case", None)
    form = getattr(request.state, "form", {})
    typed = [str(form.get(name, ""))[:_TYPED_MAX] for name in _TYPED]
    return page(
        request,
        "conflict.html",
        status=409,
        officer=officer,
        heading=gettext(lang, _HEADINGS.get(type(error), marked("内容已有变化"))),
        detail=error.text(lang),
        case=case,
        until=short_time(case.held_until_ms) if case is not None and case.holder else "",
        typed=[text for text in typed if text.strip()],
        held=getattr(error, "held", ()),
        csrf=officer.csrf if officer is not None and officer.may(Act.CLAIM) else "",
    )
