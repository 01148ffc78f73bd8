"""Orders: what people mean to pay, before the ledger says what they can.

An order is one row of a structured array. Its amount is fixed, or a share
of the balance at that moment (sweeps, drains, mules passing money on), and
in that case `amount_fen` above zero is the most it may be.
"""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["CHOOSE", "LIFE", "ORDER", "Orders", "Profile", "Role", "join", "orders"]

Orders = npt.NDArray[np.void]

ORDER: Final = np.dtype([
    ("time_ms", "i8"),
    ("payer", "i8"),
    ("payee", "i8"),
    ("amount_fen", "i8"),
    ("share", "f8"),
    ("unit_fen", "i8"),
    ("event_type", "i1"),
    ("channel", "i1"),
    ("profile", "i1"),
    ("role", "i1"),
    ("hop", "i1"),
    ("scenario", "i1"),
    ("episode", "i8"),
    ("case", "i8"),
])

CHOOSE: Final = -1
"""Channel not said: the customer picks one, by the same chance for everybody."""

LIFE: Final = -1
"""Scenario of ordinary life."""

_DEFAULTS: Final = {"unit_fen": 1, "channel": CHOOSE, "scenario": LIFE, "episode": -1, "case": -1}


class Role(IntEnum):
    """What a transfer is in truth."""

    ORDINARY = 0
    VICTIM = 1
    MULE = 2


class Profile(IntEnum):
    """What the phone is doing while its owner pays."""

    ROUTINE = 0
    HELPED = 1
    SUPPORT = 2
    URGENT = 3
    BRUSHING = 4
    SCREEN_SHARE = 5
    POLICE = 6


def orders(time_ms: npt.ArrayLike, payer: npt.ArrayLike, payee: npt.ArrayLike, **columns: npt.ArrayLike) -> Orders:
    """Build orders from columns; a column not given has its default.

    Parameters
    ----------
    time_ms, payer, payee : array_like of int
        When, from which account number, to which.
    **columns : array_like
        Other fields of `ORDER`; scalars are repeated.

    Returns
    -------
    structured ndarray
        One row an order.
    """
    moments = np.asarray(time_ms, dtype=np.int64)
    rows = np.zeros(len(moments), ORDER)
    for name, value in (_DEFAULTS | {"time_ms": moments, "payer": payer, "payee": payee} | columns).items():
        rows[name] = value
    return rows


def join(parts: list[Orders]) -> Orders:
    """Put orders of several makers behind each other."""
    return np.concatenate(parts) if parts else np.zeros(0, ORDER)
