"""One-time codes of an authenticator app: RFC 6238 with SHA-1, six digits, thirty seconds.

These three are what every app understands; others would leave an officer without a code.
"""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import quote

__all__ = ["DIGITS", "STEP_S", "code_at", "enrolment_address", "matching_step", "new_secret", "spelled"]

STEP_S: Final = 30
DIGITS: Final = 6
_SECRET_BYTES: Final = 20
_DRIFT_STEPS: Final = 1


def new_secret() -> bytes:
    """Return a new random secret, as long as the hash."""
    return secrets.token_bytes(_SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """Return the code of one step of thirty seconds.

    Parameters
    ----------
    secret : bytes
        Shared with the app.
    step : int
        Whole steps since 1970.

    Returns
    -------
    str
        Six digits.

    Examples
    --------
    The first example of RFC 6238, shortened to six digits:

    >>> code_at(b"12345678901234567890", 59 // 30)
    '287082'
    """
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(secret: bytes, code: str, *, at: datetime, after: int = -1) -> int | None:
    """Return the step whose code this is, or None.

    Parameters
    ----------
    secret : bytes
        Shared with the app.
    code : str
        As typed.
    at : datetime
        Now; a clock may be thirty seconds off on either side.
    after : int
        The last step whose code was used: neither it nor an earlier one opens again.

    Returns
    -------
    int or None
        To be kept as the last one used.
    """
    now = int(at.timestamp()) // STEP_S
    steps = range(max(now - _DRIFT_STEPS, after + 1), now + _DRIFT_STEPS + 1)
    return next((step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), code.encode())), None)


def spelled(secret: bytes) -> str:
    """Return a secret as it is typed into an app, in groups of four.

    Examples
    --------
    >>> spelled(b"12345678901234567890")
    'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'
    """
    text = base64.b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def enrolment_address(secret: bytes, *, name: str, issuer: str) -> str:
    """Return the address that an app reads from a picture.

    Parameters
    ----------
    secret : bytes
        To share.
    name, issuer : str
        What the app shows.

    Returns
    -------
    str
        ``otpauth://…``.
    """
    text = base64.b32encode(secret).decode()
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={text}&issuer={quote(issuer)}"
