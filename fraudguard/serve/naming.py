"""Opaque ids: a prefix, the moment, and chance; they sort by time."""

import secrets
from datetime import datetime
from typing import Final

from fraudguard.column import to_ms

__all__ = ["new_id"]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHANCE_BITS: Final = 80
_LETTERS: Final = 26


def new_id(prefix: str, at: datetime) -> str:
    """Return a new id, such as ``asm_01JGXQ…``.

    Parameters
    ----------
    prefix : str
        What it names.
    at : datetime
        The moment, aware.

    Returns
    -------
    str
        Prefix, underscore, 26 letters of Crockford's base 32.
    """
    number = (to_ms(at) << _CHANCE_BITS) | secrets.randbits(_CHANCE_BITS)
    letters = (_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LETTERS)))
    return f"{prefix}_{''.join(letters)}"
