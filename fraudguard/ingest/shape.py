"""Which column of a file becomes which of ours, and the turning of the cells."""

from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from fraudguard.column import Column, columns_of
from fraudguard.errors import DataError
from fraudguard.ingest.moment import moments
from fraudguard.ingest.money import to_fen
from fraudguard.ingest.parts import AmountPart, EventTimePart, ExtraPart
from fraudguard.tables.cells import Cells, as_text, plain
from fraudguard.tables.conform import refuse_missing
from fraudguard.tables.fault import masked
from fraudguard.tables.raw import RawTable
from fraudguard.tables.read import refuse_absent
from fraudguard.transfer import Transfer

__all__ = ["Shape", "reshape"]

_COLUMNS: Final[dict[str, Column]] = {column.name: column for column in columns_of(Transfer)}
_LISTED_MAX: Final = 12


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the columns of a file go.

    Parameters
    ----------
    sources : mapping of str to tuple of str
        Our column to those of the file it is made from.
    dropped : tuple of str
        Columns of the file that are left out.
    """

    sources: Mapped[str, tuple[str, ...]]
    dropped: tuple[str, ...]

    @classmethod
    def of(
        cls, raw: RawTable, given: Mapped[str, tuple[str, ...]], *, label: str | None, extra: ExtraPart, ordered: bool
    ) -> "Shape":
        """Return the shape of a file: what is given, then what is named as ours, then what is left over."""
        wanted = {f"[columns] {ours}": name for ours, names in given.items() for name in names}
        refuse_absent(raw, wanted if label is None else {**wanted, "[labels] column": label})
        used = {name for names in given.values() for name in names} | {label, *extra.drop}
        found = raw.table.column_names
        same = {name: (name,) for name in found if name in _COLUMNS and name not in used and name not in given}
        _refuse_missing(raw, {**given, **same}, ordered=ordered)
        left = [name for name in found if name not in used and name not in same]
        if left and extra.policy == "error":
            _refuse_unmapped(raw, left)
        return cls({**given, **same}, tuple(name for name in found if name in extra.drop or name in left))


def _refuse_missing(raw: RawTable, sources: Mapped[str, tuple[str, ...]], *, ordered: bool) -> None:
    ours = {names[0]: name for name, names in sources.items()}
    named = raw.table.rename_columns([ours.get(name, name) for name in raw.table.column_names])
    needed = [column for column in _COLUMNS.values() if not (ordered and column.name == "event_time")]
    refuse_missing(raw.with_table(named), tuple(needed))


def _refuse_unmapped(raw: RawTable, left: list[str]) -> NoReturn:
    listed = ", ".join(masked(name) for name in left[:_LISTED_MAX])
    raise DataError(
        f"{raw.path}: nothing says what to do with column {listed} (from row 1). Give it to one of ours under [columns] or "
        '--column, or leave it out: [extra] drop = ["…"] or policy = "drop".',
        f"{raw.path}：没有说明如何处理列 {listed}（自第 1 行）。请在 [columns] 或 --column 中对应到我们的列，"
        '或舍去：[extra] drop = ["…"]，或 policy = "drop"。',
    )


def reshape(
    raw: RawTable,
    shape: Shape,
    *,
    values: Mapped[str, Mapped[str, str]],
    event_time: EventTimePart,
    amount: AmountPart,
) -> RawTable:
    """Return the rows of a file under our columns, not yet checked.

    Parameters
    ----------
    raw : RawTable
        As opened.
    shape : Shape
        Where its columns go.
    values : mapping
        For a column of ours, the file's word to our word.
    event_time : EventTimePart
        How times are written.
    amount : AmountPart
        How money is written.

    Returns
    -------
    RawTable
        Same rows in the same order.

    Raises
    ------
    DataError
        If an amount or a time cannot be turned.
    """
    named = _named(raw, shape, event_time)
    turned = {name: _turned(named, name, event_time=event_time, amount=amount) for name in named.table.column_names}
    for name, words in values.items():
        if name in turned:
            turned[name] = _translated(Cells(named, _COLUMNS[name], turned[name]), words)
    return named.with_table(pa.table(turned))


def _named(raw: RawTable, shape: Shape, event_time: EventTimePart) -> RawTable:
    arrays = {ours: _joined(raw, names) for ours, names in shape.sources.items()}
    if event_time.kind == "order" and "event_time" not in arrays:
        arrays["event_time"] = pa.chunked_array([pa.array(range(raw.table.num_rows), pa.int64())])
    origins = {ours: " + ".join(names) for ours, names in shape.sources.items()}
    return RawTable(path=raw.path, table=pa.table(arrays), origins=origins, line_of=raw.line_of)


def _joined(raw: RawTable, names: tuple[str, ...]) -> Any:  # noqa: ANN401  # pyarrow has no types
    arrays = [plain(raw.table[name]) for name in names]
    if len(arrays) == 1:
        return arrays[0]
    return pc.binary_join_element_wise(
        *(array.cast(pa.large_string()) for array in arrays), pa.scalar(" ", pa.large_string())
    )


def _turned(raw: RawTable, name: str, *, event_time: EventTimePart, amount: AmountPart) -> Any:  # noqa: ANN401  # pyarrow has no types
    cells = Cells(raw, _COLUMNS[name], raw.table[name])
    if name == "event_time":
        return moments(cells, event_time)
    if cells.column.unit == "fen" and amount.unit == "yuan":
        return to_fen(cells, round_to_fen=amount.round)
    return cells.array


def _translated(cells: Cells, words: Mapped[str, str]) -> Any:  # noqa: ANN401  # pyarrow has no types
    coded = as_text(cells).combine_chunks().dictionary_encode()
    ours = [words.get(word, word) for word in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(ours, pa.large_string()).take(coded.indices)])
