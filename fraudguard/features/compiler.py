"""Compile a catalog into a plan: slots for what it reads and makes, and the steps in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import columns_of
from fraudguard.errors import DefinitionError
from fraudguard.features import codes
from fraudguard.features.aggregate import Reducer
from fraudguard.features.catalog import Catalog
from fraudguard.features.expression import Expression, Field
from fraudguard.features.known import NETWORK, SOURCE_OF, Observation, Observed
from fraudguard.features.part import part_of
from fraudguard.features.plan import (
    COPY,
    FLAGS,
    OBSERVATIONS,
    OPERATORS,
    STORES,
    VIEWS,
    FeatureColumn,
    FeaturePlan,
    Needs,
    StorePlan,
    fingerprint_of,
)
from fraudguard.features.term import Constant, Operation, Term
from fraudguard.features.view import Entity, FeatureView, Reading
from fraudguard.features.window import days
from fraudguard.signal import SignalSource, SignalType
from fraudguard.transfer import Transfer

__all__ = ["compile_plan"]

_STORE_OF: Final = (0, 1, 1, 0, 2, 3, 4, 5)
_OWN_NORMAL: Final = days(30)
_MOST_WINDOWS: Final = 32
_WINDOWED: Final = {
    Reducer.COUNT: codes.READING_COUNT,
    Reducer.SUM: codes.READING_SUM,
    Reducer.MEAN: codes.READING_MEAN,
    Reducer.MAX: codes.READING_MAX,
    Reducer.MIN: codes.READING_MIN,
    Reducer.STD: codes.READING_STD,
    Reducer.DISTINCT: codes.READING_DISTINCT,
}
_LIFELONG: Final = {
    Reducer.SINCE_LAST: codes.LIFE_SINCE_LAST,
    Reducer.SINCE_FIRST: codes.LIFE_SINCE_FIRST,
    Reducer.PREVIOUS: codes.LIFE_PREVIOUS,
    Reducer.EVER: codes.LIFE_EVER,
}
_NEEDS_OF: Final = {
    Reducer.STD: Needs.SPREAD,
    Reducer.SHARE: Needs.SHARES,
    Reducer.MAX: Needs.MAX,
    Reducer.MIN: Needs.MIN,
    Reducer.DISTINCT: Needs.DISTINCT,
}


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
    terms = list(_terms(catalog))
    program = _Program(n_slots=len(terms))
    for column, term in enumerate(terms):
        program.place_output(column, term)
    for term in terms:
        program.visit(term)
    return program.plan(tuple(_columns(catalog)))


@dataclass(slots=True)
class _Program:
    """Slots as they are handed out; equal terms share one."""

    n_slots: int
    slots: dict[Term, int] = field(default_factory=dict)
    copies: list[tuple[int, Term]] = field(default_factory=list)
    leaves: list[Term] = field(default_factory=list)
    constants: dict[float, int] = field(default_factory=dict)
    operations: list[tuple[int, int, int, int]] = field(default_factory=list)
    visited: set[Term] = field(default_factory=set)

    def place_output(self, column: int, term: Term) -> None:
        """Give a feature the slot of its column."""
        if term in self.slots or isinstance(term, Constant):
            self.copies.append((column, term))
        else:
            self.slots[term] = column

    def visit(self, term: Term) -> int:
        """Return the operand of a term, giving a slot to it and to what it is made from.

        Raises
        ------
        DefinitionError
            If it is no kind of term the kernel knows.
        """
        if isinstance(term, Constant):
            return -1 - self.constants.setdefault(term.value, len(self.constants))
        if term in self.visited:
            return self.slots[term]
        if not isinstance(term, Operation | Reading | Field | Observation):
            raise DefinitionError(f"no term {term!r}; use fields, readings and numbers", f"没有这种项 {term!r}")
        operands = (self.visit(term.left), self.visit(term.right)) if isinstance(term, Operation) else None
        slot = self._slot(term)
        self.visited.add(term)
        if isinstance(term, Operation) and operands is not None:
            self.operations.append((OPERATORS.index(term.operator), *operands, slot))
        else:
            self.leaves.append(term)
        return slot

    def _slot(self, term: Term) -> int:
        if term not in self.slots:
            self.slots[term] = self.n_slots
            self.n_slots += 1
        return self.slots[term]

    def plan(self, columns: tuple[FeatureColumn, ...]) -> FeaturePlan:
        copies = [(COPY, operand := self.visit(term), operand, column) for column, term in self.copies]
        readings = [leaf for leaf in self.leaves if isinstance(leaf, Reading)]
        observed = [leaf for leaf in self.leaves if isinstance(leaf, Observation)]
        fields = [leaf for leaf in self.leaves if isinstance(leaf, Field)]
        rows, starts, lifelong, stores = self._readings(readings)
        kept = tuple(dict.fromkeys(leaf.name for leaf in observed if leaf.observed is Observed.ACCOUNT))
        plan = FeaturePlan(
            columns=columns,
            stores=stores,
            readings=rows,
            lifelong=lifelong,
            starts=starts,
            observations=_rows([self._observation(leaf, kept) for leaf in observed if not _is_network(leaf)], 5),
            network_slots=self._network_slots(observed),
            account_fields=kept,
            field_names=tuple(leaf.name for leaf in fields),
            field_slots=np.array([self.slots[leaf] for leaf in fields], dtype=np.int64),
            constants=np.array(list(self.constants), dtype=np.float64),
            operations=_rows([*self.operations, *copies], 4),
            n_slots=self.n_slots,
            fingerprint="",
        )
        return replace(plan, fingerprint=fingerprint_of(plan))

    def _readings(
        self, readings: list[Reading]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], tuple[StorePlan, ...]]:
        by_view: list[list[Reading]] = [[] for _ in VIEWS]
        for reading in readings:
            by_view[_view_of(reading)].append(reading)
        stores = tuple(_store_plan(number, by_view) for number in range(len(STORES)))
        rows, starts = [], [0]
        lifelong = np.full((len(VIEWS), codes.LIFE_WIDTH), -1, dtype=np.int64)
        for view, those in enumerate(by_view):
            rows += self._windows(those, stores[_STORE_OF[view]].windows_ms)
            starts.append(len(rows))
            for reading in those:
                if reading.window is None:
                    lifelong[view, _LIFELONG[reading.aggregate.reducer]] = self.slots[reading]
        return _rows(rows, codes.READING_WIDTH), np.array(starts, dtype=np.int64), lifelong, stores

    def _windows(self, readings: list[Reading], windows_ms: tuple[int, ...]) -> list[list[int]]:
        """Return a row of slots for each window that is read."""
        rows: dict[int, list[int]] = {}
        for reading in readings:
            if reading.window is not None:
                window = windows_ms.index(reading.window.length_ms)
                row = rows.setdefault(window, [window, *[-1] * (codes.READING_IS_RARE - 1), 0])
                place = _place_in_row(reading)
                row[place] = self.slots[reading]
                row[codes.READING_IS_RARE] |= int(place >= codes.READING_MIN)
        return [rows[window] for window in sorted(rows)]

    def _observation(self, leaf: Observation, kept: tuple[str, ...]) -> tuple[int, ...]:
        sources, signals = list(SignalSource), list(SignalType)
        place = source = 0
        if leaf.observed is Observed.ACCOUNT:
            place = kept.index(leaf.name)
        elif leaf.observed is Observed.COVERAGE:
            source = sources.index(SignalSource(leaf.name))
        else:
            kind = SignalType(leaf.name)
            place, source = signals.index(kind), sources.index(SOURCE_OF[kind])
        return OBSERVATIONS.index(leaf.observed), int(leaf.of_payee), place, source, self.slots[leaf]

    def _network_slots(self, observed: list[Observation]) -> NDArray[np.int64]:
        wanted = {leaf.name: self.slots[leaf] for leaf in observed if _is_network(leaf)}
        return np.array([wanted.get(name, -1) for name in NETWORK], dtype=np.int64)


def _is_network(leaf: Observation) -> bool:
    return leaf.observed is Observed.NETWORK


def _view_of(reading: Reading) -> int:
    view = (reading.entity, reading.side)
    if view not in VIEWS:
        raise DefinitionError(f"no past of {view}; there are {VIEWS}", f"没有 {view} 的历史；可用的有 {VIEWS}")
    return VIEWS.index(view)


def _store_plan(number: int, by_view: list[list[Reading]]) -> StorePlan:
    readings = [r for view, those in enumerate(by_view) if _STORE_OF[view] == number for r in those]
    windows_ms = sorted({reading.window.length_ms for reading in readings if reading.window})
    if len(windows_ms) > _MOST_WINDOWS:
        raise DefinitionError(
            f"{len(windows_ms)} different windows over one kind of entity; at most {_MOST_WINDOWS} are supported",
            f"同一类实体用了 {len(windows_ms)} 种窗口；最多 {_MOST_WINDOWS} 种",
        )
    if not readings:
        return StorePlan((), Needs.UNREAD)
    needs = 0
    for reading in readings:
        needs |= _NEEDS_OF.get(reading.aggregate.reducer, 0)
    return StorePlan(tuple(windows_ms), needs)


def _place_in_row(reading: Reading) -> int:
    flag = reading.aggregate.flag
    return _WINDOWED[reading.aggregate.reducer] if flag is None else codes.READING_SHARES + FLAGS.index(flag)


def _rows(rows: Iterable[Sequence[int]], width: int) -> NDArray[np.int64]:
    return np.array(list(rows), dtype=np.int64).reshape(-1, width)


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
    normal = None if item.normal is None else (item.normal.name, 1.0)
    kind, words = _coded(item.value)
    return FeatureColumn(
        name=item.name,
        title=item.title,
        why=item.why,
        unit=item.unit,
        group=item.name,
        own_normal=normal,
        part=part_of(item.value),
        monotone=item.monotone,
        kind=kind,
        categories=words,
        term=item.value,
    )


def _coded(value: Term) -> tuple[str, tuple[str, ...]]:
    """Return the name and the words of a closed list where a feature is such a field as it stands."""
    match value:
        case Field():
            columns = columns_of(Transfer)
        case Observation(Observed.ACCOUNT):
            columns = columns_of(Account)
        case _:
            return "", ()
    column = next(column for column in columns if column.name == value.name)
    return (column.name, tuple(str(word) for word in column.type)) if issubclass(column.type, StrEnum) else ("", ())


def _reading_column(view: FeatureView, reading: Reading) -> FeatureColumn:
    suffix = f"_{reading.window.suffix}" if reading.window else ""
    return FeatureColumn(
        name=reading.name,
        title=reading.title,
        why=view.why,
        unit=reading.aggregate.unit,
        group=reading.name.removesuffix(suffix),
        own_normal=_own_normal(view, reading),
        part=part_of(reading),
        term=reading,
    )


def _own_normal(view: FeatureView, reading: Reading) -> tuple[str, float] | None:
    """Return where the payer's own normal stands: the same number over 30 days, scaled if it adds up."""
    window = reading.window
    if reading.entity is not Entity.PAYER or window is None or window >= _OWN_NORMAL or _OWN_NORMAL not in view.windows:
        return None
    adds_up = reading.aggregate.reducer in {Reducer.COUNT, Reducer.SUM}
    factor = window.length_ms / _OWN_NORMAL.length_ms if adds_up else 1.0
    return Reading(reading.entity, reading.side, reading.aggregate, _OWN_NORMAL).name, factor
