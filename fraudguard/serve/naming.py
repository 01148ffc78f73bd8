"""Opaque ids: a prefix, the moment, and chance; they sort by time.

An id is no secret, so its chance comes from a generator of this process, seeded by the system: asking the system each time gives up
the interpreter's lock, and a busy service waits to get it back.
"""

import os
import random
from datetime import datetime
from typing import Final

from fraudguard.column import to_ms

__all__ = ["new_id", "new_request_id"]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_CHANCE_BITS: Final = 80
_SHIFTS: Final = tuple(range(120, -1, -10))
"""Of the 13 pairs of letters of an id."""

_chance: Final = random.Random()  # noqa: S311  # see above
os.register_at_fork(after_in_child=_chance.seed)


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
    number = (to_ms(at) << _CHANCE_BITS) | _chance.getrandbits(_CHANCE_BITS)
    return prefix + "_" + "".join([_PAIRS[(number >> shift) & 1023] for shift in _SHIFTS])


def new_request_id() -> str:
    """Return a new id of a request: sixteen hexadecimal digits."""
    return f"{_chance.getrandbits(64):016x}"
