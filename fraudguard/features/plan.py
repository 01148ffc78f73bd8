"""Compile a catalog into a plan: column order, kernel program, fingerprint.

The kernel works on *slots*, one float64 each. First come the readings, then
the fields of the transfer, then constants, then one slot per operation; a
feature is the value of one slot at the end.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import columns_of
from fraudguard.errors import DefinitionError
from fraudguard.features.aggregate import Reducer
from fraudguard.features.catalog import Catalog
from fraudguard.features.expression import Expression, Field
from fraudguard.features.term import Constant, Operation, Operator, Term
from fraudguard.features.view import Entity, FeatureView, Reading, Side
from fraudguard.features.window import Window, days
from fraudguard.transfer import Transfer
from fraudguard.wording import Bilingual

__all__ = ["OPERATORS", "REDUCERS", "SEMANTICS", "VIEWS", "FeatureColumn", "FeaturePlan", "codes_of", "compile_plan"]

SEMANTICS: Final = 1
"""Version of the window rule; part of the fingerprint."""

VIEWS: Final = (
    (Entity.PAYER, Side.OUT),
    (Entity.PAYER, Side.IN),
    (Entity.PAYEE, Side.IN),
    (Entity.PAYEE, Side.OUT),
    (Entity.PAIR, None),
)
"""The pasts a reading may look at; the place in this tuple is the kernel's code."""

REDUCERS: Final = tuple(Reducer)
"""The place in this tuple is the kernel's code."""

OPERATORS: Final = tuple(Operator)
"""The place in this tuple is the kernel's code."""

_NO_WINDOW: Final = -1
_OWN_NORMAL: Final = days(30)


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
    """

    name: str
    title: Bilingual
    why: Bilingual
    unit: str
    group: str
    own_normal: tuple[str, float] | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FeaturePlan:
    """Columns in serving order, and the program that fills them.

    Parameters
    ----------
    columns : tuple of FeatureColumn
        Column *j* of every feature matrix is ``columns[j]``.
    windows_ms : ndarray of int64, shape (n_windows,)
        Ascending.
    readings : ndarray of int64, shape (n_readings, 3)
        View, reducer and window of slots 0, 1, ….
    field_names : tuple of str
        Fields of the transfer, in the slots after the readings.
    constants : ndarray of float64, shape (n_constants,)
        In the slots after the fields.
    operations : ndarray of int64, shape (n_operations, 3)
        Operator, left slot, right slot of the last slots.
    outputs : ndarray of int64, shape (n_features,)
        Slot of each column.
    fingerprint : str
        Hash of all that a value depends on; a model and a service must agree on it.
    """

    columns: tuple[FeatureColumn, ...]
    windows_ms: NDArray[np.int64]
    readings: NDArray[np.int64]
    field_names: tuple[str, ...]
    constants: NDArray[np.float64]
    operations: NDArray[np.int64]
    outputs: NDArray[np.int64]
    fingerprint: str

    @property
    def names(self) -> tuple[str, ...]:
        """Feature names in column order."""
        return tuple(column.name for column in self.columns)


def compile_plan(catalog: Catalog) -> FeaturePlan:
    """Return the plan of a catalog.

    Parameters
    ----------
    catalog : Catalog
        What to compute.

    Returns
    -------
    FeaturePlan
        Equal catalogs give equal fingerprints, on any machine.

    Raises
    ------
    DefinitionError
        If a reading is not one the kernel can do, such as money out of a pair.

    Examples
    --------
    >>> from fraudguard.features import CATALOG
    >>> compile_plan(CATALOG).names[0]
    'payer_out_transfers_count_10m'
    """
    program = _Program()
    slots = [program.slot(term) for term in _terms(catalog)]
    columns = tuple(_columns(catalog))
    return program.plan(columns, slots)


@dataclass(slots=True)
class _Program:
    """Slots as they are handed out; equal terms share one."""

    readings: dict[Reading, int] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    constants: dict[float, int] = field(default_factory=dict)
    operations: dict[Operation, int] = field(default_factory=dict)

    def slot(self, term: Term) -> tuple[int, int]:
        """Return (kind, place among its kind), giving a new place to a new term.

        Raises
        ------
        DefinitionError
            If it is no kind of term the kernel knows.
        """
        match term:
            case Reading():
                return 0, self.readings.setdefault(term, len(self.readings))
            case Field(name):
                return 1, self.fields.setdefault(name, len(self.fields))
            case Constant(value):
                return 2, self.constants.setdefault(value, len(self.constants))
            case Operation(_, left, right):
                self.slot(left)
                self.slot(right)
                return 3, self.operations.setdefault(term, len(self.operations))
            case _:
                raise DefinitionError(f"no term {term!r}; use fields, readings and numbers", f"没有这种项 {term!r}")

    def plan(self, columns: tuple[FeatureColumn, ...], slots: list[tuple[int, int]]) -> FeaturePlan:
        spans = sorted({reading.window for reading in self.readings if reading.window})
        plan = FeaturePlan(
            columns=columns,
            field_names=tuple(self.fields),
            windows_ms=np.array([span.length_ms for span in spans], dtype=np.int64),
            readings=_rows([_reading_code(reading, spans) for reading in self.readings]),
            constants=np.array(list(self.constants), dtype=np.float64),
            operations=_rows([self._operation_code(operation) for operation in self.operations]),
            outputs=np.array([self._place(slot) for slot in slots], dtype=np.int64),
            fingerprint="",
        )
        return replace(plan, fingerprint=_fingerprint(plan))

    def _operation_code(self, operation: Operation) -> tuple[int, int, int]:
        left, right = self._place(self.slot(operation.left)), self._place(self.slot(operation.right))
        return OPERATORS.index(operation.operator), left, right

    def _place(self, slot: tuple[int, int]) -> int:
        kind, place = slot
        before = (0, len(self.readings), len(self.fields), len(self.constants))
        return sum(before[: kind + 1]) + place


def _reading_code(reading: Reading, spans: list[Window]) -> tuple[int, int, int]:
    view = (reading.entity, reading.side)
    if view not in VIEWS:
        raise DefinitionError(f"no past of {view}; there are {VIEWS}", f"没有 {view} 的历史；可用的有 {VIEWS}")
    window = spans.index(reading.window) if reading.window else _NO_WINDOW
    return VIEWS.index(view), REDUCERS.index(reading.aggregate.reducer), window


def _rows(rows: list[tuple[int, int, int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


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


def _fingerprint(plan: FeaturePlan) -> str:
    words = (SEMANTICS, plan.names, codes_of(plan.field_names), VIEWS, REDUCERS, OPERATORS)
    digest = hashlib.sha256(repr(words).encode())
    for array in (plan.windows_ms, plan.readings, plan.constants, plan.operations, plan.outputs):
        digest.update(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
    return digest.hexdigest()[:16]


def _terms(catalog: Catalog) -> Iterable[Term]:
    for item in catalog.items:
        if isinstance(item, Expression):
            yield item.value
        else:
            yield from item.readings()


def _columns(catalog: Catalog) -> Iterable[FeatureColumn]:
    for item in catalog.items:
        if isinstance(item, Expression):
            yield _expression_column(item)
        else:
            yield from (_reading_column(item, reading) for reading in item.readings())


def _expression_column(item: Expression) -> FeatureColumn:
    normal = (item.normal.name, 1.0) if item.normal else None
    return FeatureColumn(
        name=item.name, title=item.title, why=item.why, unit=item.unit, group=item.name, own_normal=normal
    )


def _reading_column(view: FeatureView, reading: Reading) -> FeatureColumn:
    suffix = f"_{reading.window.suffix}" if reading.window else ""
    return FeatureColumn(
        name=reading.name,
        title=reading.title,
        why=view.why,
        unit=reading.aggregate.unit,
        group=reading.name.removesuffix(suffix),
        own_normal=_own_normal(view, reading),
    )


def _own_normal(view: FeatureView, reading: Reading) -> tuple[str, float] | None:
    """Return where the payer's own normal stands: the same number over 30 days, scaled if it adds up."""
    window = reading.window
    if reading.entity is not Entity.PAYER or window is None or window >= _OWN_NORMAL or _OWN_NORMAL not in view.windows:
        return None
    adds_up = reading.aggregate.reducer in {Reducer.COUNT, Reducer.SUM}
    factor = window.length_ms / _OWN_NORMAL.length_ms if adds_up else 1.0
    return Reading(reading.entity, reading.side, reading.aggregate, _OWN_NORMAL).name, factor
