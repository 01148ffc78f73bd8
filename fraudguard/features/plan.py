"""What a catalog becomes: columns, the program that fills them, a fingerprint.

The kernel works on rows of *slots*, one float64 each. The first are the features, in column order; behind them come the
numbers that features are made from and that are no feature themselves.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import columns_of
from fraudguard.features import codes
from fraudguard.features.aggregate import Flag, Reducer
from fraudguard.features.known import NETWORK, SOURCE_OF, TTL_MS, Observed
from fraudguard.features.term import Operator, Term
from fraudguard.features.view import Entity, Side
from fraudguard.signal import SignalSource, SignalType
from fraudguard.transfer import Transfer
from fraudguard.wording import Bilingual

__all__ = [
    "COPY",
    "FLAGS",
    "OBSERVATIONS",
    "OPERATORS",
    "REDUCERS",
    "SEMANTICS",
    "STORES",
    "VIEWS",
    "FeatureColumn",
    "FeaturePlan",
    "Needs",
    "StorePlan",
    "codes_of",
    "fingerprint_of",
]

SEMANTICS: Final = 3
"""Version of the window rule and of the observations; part of the fingerprint."""

VIEWS: Final = (
    (Entity.PAYER, Side.OUT),
    (Entity.PAYER, Side.IN),
    (Entity.PAYEE, Side.IN),
    (Entity.PAYEE, Side.OUT),
    (Entity.PAIR, None),
    (Entity.DEVICE, None),
    (Entity.HOLDER, Side.OUT),
    (Entity.HOLDER, Side.IN),
)
"""The pasts a reading may look at; the place in this tuple is the kernel's code."""

STORES: Final = ("out", "into", "pair", "device", "holder_out", "holder_into")
"""Where pasts are kept: payer and payee look at the same accounts."""

REDUCERS: Final = tuple(Reducer)
"""The place in this tuple is the kernel's code."""

OPERATORS: Final = tuple(Operator)
"""The place in this tuple is the kernel's code."""

COPY: Final = codes.OP_COPY
"""The kernel's code for a feature that is declared twice under two names."""

FLAGS: Final = tuple(Flag)
"""The place in this tuple is the kernel's bit."""

OBSERVATIONS: Final = tuple(Observed)
"""The place in this tuple is the kernel's code."""


class Needs:
    """What the events of a store must hold; bits of the kernel."""

    SPREAD: Final = codes.NEEDS_SPREAD
    SHARES: Final = codes.NEEDS_SHARES
    MAX: Final = codes.NEEDS_MAX
    MIN: Final = codes.NEEDS_MIN
    DISTINCT: Final = codes.NEEDS_DISTINCT
    UNREAD: Final = codes.NEEDS_UNREAD


@dataclass(frozen=True, slots=True)
class StorePlan:
    """What a store keeps.

    Parameters
    ----------
    windows_ms : tuple of int
        Ascending.
    needs : int
        Bits of `Needs`, or ``Needs.UNREAD``.
    """

    windows_ms: tuple[int, ...]
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureColumn:
    """One feature of a plan, with what people read about it.

    Parameters
    ----------
    name : str
        The feature's name; also its reason code.
    title, why : Bilingual
        What the number says; what behaviour it is meant to catch.
    unit : str
        ``fen``, ``s``, ``count``, ``ratio``, ``share``, ``flag``, ``hour`` or empty.
    group : str
        Features that say the same over other windows share a group.
    own_normal : tuple of (str, float) or None
        The payer's own normal is that feature's value times the factor.
    part : str
        Which part of the picture it tells: a word of `fraudguard.features.part.Part`.
    monotone : {-1, 0, 1}
        Whether suspicion may only rise (1) or only fall (-1) with it.
    kind : str
        Which closed list its numbers are places in (a table of ``words.toml``); empty for a number that is one.
    categories : tuple of str
        The words of that list.
    term : Term or None
        What it is made of.
    """

    name: str
    title: Bilingual
    why: Bilingual
    unit: str
    group: str
    own_normal: tuple[str, float] | None
    part: str
    monotone: int = 0
    kind: str = ""
    categories: tuple[str, ...] = ()
    term: Term | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FeaturePlan:
    """Columns in serving order, and the program that fills them.

    Parameters
    ----------
    columns : tuple of FeatureColumn
        Column *j* of every feature matrix is ``columns[j]``, and slot *j* of a row.
    stores : tuple of StorePlan
        In the order of `STORES`.
    readings : ndarray of int64, shape (n_windows_read, 13)
        Window of the store and slots of what is read over it, view by view; see `fraudguard.features.codes`.
    lifelong : ndarray of int64, shape (n_views, 4)
        Slots of what is read over all time.
    starts : ndarray of int64, shape (n_views + 1,)
        Where the readings of each view begin.
    observations : ndarray of int64, shape (n_observations, 5)
        Kind, of the payee, place in its list, source and slot.
    network_slots : ndarray of int64, shape (n_network,)
        Slot of each number of the neighbourhood, -1 for one not wanted.
    account_fields : tuple of str
        Fields of account rows that observations look at.
    field_names : tuple of str
        Fields of the transfer that are looked at.
    field_slots : ndarray of int64, shape (n_fields,)
        Their slots.
    constants : ndarray of float64, shape (n_constants,)
        Operand -1 - *k* of an operation is constant *k*.
    operations : ndarray of int64, shape (n_operations, 4)
        Operator, left and right operand and slot, in order.
    n_slots : int
        Length of a row.
    fingerprint : str
        Hash of all that a value depends on; a model and a service must agree on it.
    """

    columns: tuple[FeatureColumn, ...]
    stores: tuple[StorePlan, ...]
    readings: NDArray[np.int64]
    lifelong: NDArray[np.int64]
    starts: NDArray[np.int64]
    observations: NDArray[np.int64]
    network_slots: NDArray[np.int64]
    account_fields: tuple[str, ...]
    field_names: tuple[str, ...]
    field_slots: NDArray[np.int64]
    constants: NDArray[np.float64]
    operations: NDArray[np.int64]
    n_slots: int
    fingerprint: str

    @property
    def names(self) -> tuple[str, ...]:
        """Feature names in column order."""
        return tuple(column.name for column in self.columns)

    @property
    def longest_ms(self) -> int:
        """Length of the longest window of any view; 0 without one."""
        return max((windows[-1] for store in self.stores if (windows := store.windows_ms)), default=0)

    def reads(self, view: tuple[Entity, Side | None]) -> bool:
        """Tell whether any reading looks at a view."""
        place = VIEWS.index(view)
        return bool(self.starts[place] < self.starts[place + 1] or (self.lifelong[place] >= 0).any())

    @property
    def reads_network(self) -> bool:
        """Whether any number of the neighbourhood is wanted."""
        return bool((self.network_slots >= 0).any())


def codes_of(field_names: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each field with the words whose places in their list are its numbers.

    Parameters
    ----------
    field_names : iterable of str
        Fields of the transfer.

    Returns
    -------
    tuple of (str, tuple of str)
        No words for a field that is a number already.
    """
    types = {column.name: column.type for column in columns_of(Transfer)}
    return tuple((name, _words(types[name])) for name in field_names)


def _words(field_type: type) -> tuple[str, ...]:
    return tuple(str(word) for word in field_type) if issubclass(field_type, StrEnum) else ()


def fingerprint_of(plan: FeaturePlan) -> str:
    """Return the hash of all that a value of a plan depends on.

    Parameters
    ----------
    plan : FeaturePlan
        Its own fingerprint is not looked at.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    accounts = {column.name: _words(column.type) for column in columns_of(Account)}
    words = (
        SEMANTICS,
        plan.names,
        plan.stores,
        plan.n_slots,
        codes_of(plan.field_names),
        tuple((name, accounts[name]) for name in plan.account_fields),
        (VIEWS, REDUCERS, OPERATORS, FLAGS, OBSERVATIONS, tuple(NETWORK)),
        tuple((str(kind), str(SOURCE_OF[kind]), TTL_MS[kind]) for kind in SignalType),
        tuple(SignalSource),
    )
    digest = hashlib.sha256(repr(words).encode())
    arrays = (
        plan.readings,
        plan.lifelong,
        plan.starts,
        plan.observations,
        plan.network_slots,
        plan.field_slots,
        plan.operations,
    )
    for array in (*arrays, plan.constants):
        digest.update(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()[:16]
