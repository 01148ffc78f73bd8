"""Pages: a cursor that says after which place the next one begins, and nothing else."""

import base64
import re
from typing import Final

from starlette.requests import Request

from fraudguard.serve.api.problems import FieldError, InvalidRequestError
from fraudguard.serve.api.shape import SHORT

__all__ = ["CURSOR", "CURSOR_LENGTH", "LIMIT_MAX", "cursor_of", "limit_of", "name_of", "place_after", "place_of"]

LIMIT_MAX: Final = 200
_LIMIT: Final = 50
_PREFIX: Final = b"p"
_TWO: Final = "(?:[MN][DTjz]|O[DT])[AEIMQUYcgk]"
_ONE: Final = "(?:[MN][AQgw]|O[AQ])"
CURSOR: Final = f"^cD[AEIMQUYcgk](?:[w-z0-5](?:{_TWO}[w-z0-5])*(?:{_ONE}|{_TWO})?)?$"
"""What a cursor looks like: the prefix and digits, in base 64; three digits are four letters."""

CURSOR_LENGTH: Final = 26
"""Of the prefix and 18 digits, the most that a place may have."""


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
    place = place_of(sent)
    if place is None:
        raise InvalidRequestError([_fault("after", "Send the next_cursor of a page, as it was given")])
    return place


def place_of(sent: str) -> int | None:
    """Return the place that a cursor says; None when it is no cursor of ours."""
    if len(sent) > CURSOR_LENGTH or not re.fullmatch(CURSOR, sent):
        return None
    return int(base64.b64decode(sent + "=" * (-len(sent) % 4), altchars=b"-_").removeprefix(_PREFIX))


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


def name_of(request: Request, asked: str) -> str | None:
    """Return the id that a list is to be about, None when it is about all.

    Raises
    ------
    InvalidRequestError
        If it cannot be one.
    """
    sent = request.query_params.get(asked)
    if sent is not None and not 0 < len(sent) <= SHORT:
        raise InvalidRequestError([_fault(asked, f"Send 1 to {SHORT} characters")])
    return sent


def _fault(name: str, detail: str) -> FieldError:
    return FieldError(pointer=f"?{name}", detail=detail, code=f"{name}_format")
