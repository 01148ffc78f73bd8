"""Pages: a cursor that says after which place the next one begins, and nothing else."""

import base64
import binascii
from typing import Final

from starlette.requests import Request

from fraudguard.serve.api.problems import FieldError, InvalidRequestError

__all__ = ["LIMIT_MAX", "cursor_of", "limit_of", "place_after"]

LIMIT_MAX: Final = 200
_LIMIT: Final = 50
_PREFIX: Final = b"p"


def cursor_of(place: int) -> str:
    """Return the cursor of the page after a place."""
    return base64.urlsafe_b64encode(_PREFIX + str(place).encode()).decode().rstrip("=")


def place_after(request: Request) -> int | None:
    """Return the place that the cursor of a request says; None for the first page.

    Raises
    ------
    InvalidRequestError
        If it is no cursor of ours.
    """
    sent = request.query_params.get("after")
    if sent is None:
        return None
    place = _place(sent)
    if place is None:
        raise InvalidRequestError([_fault("after", "Send the next_cursor of a page, as it was given")])
    return place


def _place(sent: str) -> int | None:
    try:
        text = base64.b64decode(sent + "=" * (-len(sent) % 4), altchars=b"-_", validate=True)
        if text.startswith(_PREFIX) and text[1:].isdigit() and len(text) < 20:  # the digits of a place
            return int(text[1:])
    except (binascii.Error, ValueError):
        return None
    return None


def limit_of(request: Request) -> int:
    """Return how many entries a page is to have, 50 unless told.

    Raises
    ------
    InvalidRequestError
        If it is no number within 1 and 200.
    """
    sent = request.query_params.get("limit", str(_LIMIT))
    if not (sent.isascii() and sent.isdigit() and 1 <= int(sent[:9]) <= LIMIT_MAX):
        raise InvalidRequestError([_fault("limit", f"Send a number within 1 and {LIMIT_MAX}")])
    return int(sent)


def _fault(name: str, detail: str) -> FieldError:
    return FieldError(pointer=f"?{name}", detail=detail, code=f"{name}_format")
