"""The contract of each table: its columns, their types, and the rules of a row."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fraudguard.column import Column, Event, columns_of
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.tables import reasons
from fraudguard.tables.cells import marked, parse
from fraudguard.tables.fault import Fault, file_error, masked, near, reject, row_error
from fraudguard.tables.raw import RawTable
from fraudguard.tables.schema import UNIQUE_ID
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from fraudguard.wording import Bilingual

__all__ = ["conform", "first_repeats", "refuse_missing"]

_LISTED_MAX: Final = 12


def conform(raw: RawTable, event_type: type[Event]) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the table with every column in its type and every rule of its rows kept.

    Parameters
    ----------
    raw : RawTable
        Columns under our names.
    event_type : type of Event
        What a row is.

    Returns
    -------
    pyarrow.Table
        Same rows in the same order, columns in the order of the event type.

    Raises
    ------
    DataError
        If a column is missing or unknown, or a row breaks the contract.
    """
    columns = columns_of(event_type)
    refuse_missing(raw, columns)
    _refuse_unknown(raw, columns)
    present = [column for column in columns if column.name in raw.table.column_names]
    table = pa.table({column.name: parse(raw, column) for column in present})
    _check_rows(raw, table, event_type)
    return table


def _refuse_unknown(raw: RawTable, columns: tuple[Column, ...]) -> None:
    known = [column.name for column in columns]
    strange = [name for name in raw.table.column_names if name not in known]
    if not strange:
        return
    missing = [name for name in known if name not in raw.table.column_names]
    guess = near(strange[0], missing)
    names = ", ".join(masked(raw.origins.get(name, name)) for name in strange[:_LISTED_MAX])
    wish_zh, wish_en = (f"是不是 {guess[0]}？", f"Did you mean {guess[0]}? ") if guess else ("", "")
    raise file_error(
        raw.path,
        Bilingual(f"不认识的列 {names}（自第 1 行）", f"unknown column {names} (from row 1)"),
        Bilingual(
            f"{wish_zh}请去掉该列，或用映射文件对应到我们的列。",
            f"{wish_en}Take the column out, or map it with a mapping file.",
        ),
    )


def refuse_missing(raw: RawTable, columns: tuple[Column, ...]) -> None:
    """Raise a `DataError` if a required column is missing, with the headers that are near it."""
    found = raw.table.column_names
    missing = next((column for column in columns if column.required and column.name not in found), None)
    if missing is not None:
        _refuse_missing(raw, missing, [name for name in found if name not in {column.name for column in columns}])


def _refuse_missing(raw: RawTable, missing: Column, strange: list[str]) -> NoReturn:
    guess = _nearest_header(missing, strange)
    listed = ", ".join(masked(name) for name in raw.table.column_names[:_LISTED_MAX])
    like_zh, like_en = (f"；相近的列：{', '.join(guess)}", f"; near it: {', '.join(guess)}") if guess else ("", "")
    theirs_zh, theirs_en = (guess[0], guess[0]) if guess else ("你的列名", "YOUR_COLUMN")
    raise file_error(
        raw.path,
        Bilingual(
            f"第 1 行起缺少必填列 {missing.name}（{missing.zh}）；现有列：{listed}{like_zh}",
            f"required column {missing.name} ({missing.en}) is missing from row 1 on; there are: {listed}{like_en}",
        ),
        Bilingual(
            f"导入时可用 --column {missing.name}={theirs_zh}。",
            f"When importing, give --column {missing.name}={theirs_en}.",
        ),
    )


def _nearest_header(column: Column, found: list[str]) -> list[str]:
    headers = [name for name in found if masked(name) == name]  # a file without a header shows data here
    like = [*near(column.name, headers), *near(column.zh, headers), *near(column.en, headers)]
    return list(dict.fromkeys(like))


def _check_rows(raw: RawTable, table: Any, event_type: type[Event]) -> None:  # noqa: ANN401  # pyarrow has no types
    columns = {column.name: column for column in columns_of(event_type)}
    for name, check in _CELL_RULES.get(event_type, ()):
        if name in table.column_names:
            check(raw, columns[name], table[name])
    for rule in _ROW_RULES.get(event_type, ()):
        rule(raw, table)
    unique = UNIQUE_ID.get(event_type)
    if unique:
        reject(raw, columns[unique], bad=first_repeats(table[unique]), fault=reasons.DUPLICATE)


def first_repeats(ids: Any) -> NDArray[np.bool_]:  # noqa: ANN401  # pyarrow has no types
    """Return a mask of the rows whose id stands in an earlier row.

    Parameters
    ----------
    ids : pyarrow.ChunkedArray
        Text.

    Returns
    -------
    ndarray of bool, shape (n_rows,)
        The first of equal ids is not marked.
    """
    if pc.count_distinct(ids).as_py() == len(ids):
        return np.zeros(len(ids), dtype=np.bool_)
    repeated: NDArray[np.bool_] = ids.to_pandas().duplicated().to_numpy(dtype=np.bool_)
    return repeated


def _not_negative(raw: RawTable, column: Column, values: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    reject(raw, column, bad=marked(pc.less(values, 0)), fault=reasons.NEGATIVE)


def _amount(raw: RawTable, column: Column, values: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    _not_negative(raw, column, values)
    reject(raw, column, bad=marked(pc.greater(values, AMOUNT_MAX_FEN)), fault=reasons.ABOVE_MAX)


def _share(raw: RawTable, column: Column, values: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    outside = pc.or_(pc.less(values, 0.0), pc.greater(values, 1.0))
    reject(raw, column, bad=marked(outside), fault=reasons.OUTSIDE_ONE)


def _filled(table: Any, name: str) -> NDArray[np.bool_]:  # noqa: ANN401  # pyarrow has no types
    if name not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.bool_)
    return marked(pc.is_valid(table[name]))


def _somebody(raw: RawTable, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    nobody = ~(_filled(table, "account_id") | _filled(table, "holder_token"))
    _refuse_pair(raw, ("account_id", "holder_token"), bad=nobody, fault=reasons.NOBODY_NAMED)


def _one_subject(raw: RawTable, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    bad = _filled(table, "transfer_id") == _filled(table, "account_id")
    _refuse_pair(raw, ("transfer_id", "account_id"), bad=bad, fault=reasons.NO_SINGLE_SUBJECT)


def _refuse_pair(raw: RawTable, names: tuple[str, str], *, bad: NDArray[np.bool_], fault: Fault) -> None:
    if bad.any():
        first, second = raw.label(names[0]), raw.label(names[1])
        place = Bilingual(f"{first.zh}、{second.zh}", f"{first.en}, {second.en}")
        raise row_error(raw, place, bad=bad, fault=fault)


_CellRule = Callable[[RawTable, Column, Any], None]
_RowRule = Callable[[RawTable, Any], None]

_CELL_RULES: Final[dict[type[Event], tuple[tuple[str, _CellRule], ...]]] = {
    Transfer: (("amount_fen", _amount),),
    Signal: (("confidence", _share),),
    Finding: (("loss_fen", _not_negative),),
}
_ROW_RULES: Final[dict[type[Event], tuple[_RowRule, ...]]] = {
    Signal: (_somebody,),
    Finding: (_one_subject,),
}
