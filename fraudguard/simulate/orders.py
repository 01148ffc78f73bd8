"""Orders: what people mean to pay, before the ledger says what they can.

An order is one row of a structured array. Its amount is fixed, or a share of
something: of the balance at that moment (sweeps, drains), or of what another
order paid, its parent (refunds, mules passing money on, a loan sent on).
With a share, `amount_fen` above zero is the most it may be. An order whose
parent did not pay is not paid either.
"""

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from fraudguard.simulate.streams import IntArray

__all__ = ["CHOOSE", "LIFE", "NONE", "ORDER", "Orders", "Profile", "Role", "join", "not_before", "numbered", "orders"]

Orders = npt.NDArray[np.void]

ORDER: Final = np.dtype([
    ("time_ms", "i8"),
    ("payer", "i4"),
    ("payee", "i4"),
    ("amount_fen", "i8"),
    ("share", "f8"),
    ("unit_fen", "i4"),
    ("event_type", "i1"),
    ("channel", "i1"),
    ("profile", "i1"),
    ("role", "i1"),
    ("hop", "i1"),
    ("scenario", "i1"),
    ("case", "i4"),
    ("episode", "i8"),
    ("serial", "i8"),
    ("parent", "i8"),
])

CHOOSE: Final = -1
"""Channel not said: the customer picks one, by the same chance for everybody."""

LIFE: Final = -1
"""Scenario of ordinary life."""

NONE: Final = -1
"""No case, no episode, no serial, no parent."""

_DEFAULTS: Final = {
    "unit_fen": 1, "channel": CHOOSE, "scenario": LIFE, "episode": NONE, "case": NONE, "serial": NONE, "parent": NONE,
}  # fmt: skip


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
    CHATTING = 4
    SCREEN_SHARE = 5
    POLICE = 6
    REFUND = 7
    CREDIT = 8
    INVESTING = 9
    SECOND_PHONE = 10


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


def numbered(rows: Orders, first: int) -> Orders:
    """Give orders serials from a first number on, in place, so that others can name them as parents."""
    rows["serial"] = first + np.arange(len(rows))
    return rows


def join(parts: list[Orders]) -> Orders:
    """Put orders of several makers behind each other."""
    return np.concatenate(parts) if parts else np.zeros(0, ORDER)


def not_before(rows: Orders, start_ms: int, *, by: IntArray, step_ms: int) -> Orders:
    """Shift whole groups of orders later, by steps of `step_ms`, until none is before `start_ms`.

    Parameters
    ----------
    rows : structured ndarray
        Orders; their times are changed in place.
    start_ms : int
        First moment allowed.
    by : ndarray of int64
        Group of each order, 0 or above.
    step_ms : int
        A whole day keeps the hour of the day.

    Returns
    -------
    structured ndarray
        The same rows.
    """
    if not len(rows):
        return rows
    first_ms = np.full(int(by.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first_ms, by, rows["time_ms"])
    late_by = np.maximum(start_ms - first_ms, 0)
    rows["time_ms"] += (-(-late_by // step_ms) * step_ms)[by]
    return rows
