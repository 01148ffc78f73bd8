"""Turning the cells of one column into values of its type, or naming the first that cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fraudguard.column import Column
from fraudguard.errors import DataError
from fraudguard.tables import reasons
from fraudguard.tables.fault import Fault, file_error, near, reject
from fraudguard.tables.raw import RawTable
from fraudguard.tables.schema import arrow_type
from fraudguard.wording import Bilingual

__all__ = ["OFFSET", "Cells", "as_text", "marked", "parse", "plain", "whole_numbers"]

_MS_PER_UNIT: Final = {"s": 1_000, "ms": 1}
_UNITS_PER_MS: Final = {"us": 1_000, "ns": 1_000_000}
_EARLIEST_MS: Final = -2_208_988_800_000  # 1900-01-01
_LATEST_MS: Final = 253_402_300_799_999  # the last millisecond of 9999: what a datetime can carry
OFFSET: Final = r"\d[T ]\d{2}(:?\d{2}){0,2}([.,]\d+)?\s*([Zz]|[+-]\d{2}(:?\d{2})?)$"
_UNKNOWN: Final = "unknown"  # the same as absent, and not the same as false


@dataclass(frozen=True, slots=True)
class Cells:
    """One column on its way from the file to its type.

    Parameters
    ----------
    raw : RawTable
        The file, for messages.
    column : Column
        The contract.
    array : pyarrow.ChunkedArray
        The cells as they are so far, in the row order of the file.
    """

    raw: RawTable
    column: Column
    array: Any

    def reject(self, bad: Any, fault: Fault) -> None:  # noqa: ANN401  # an Arrow or a numpy mask
        """Raise a `DataError` for the marked rows, if there are any."""
        reject(self.raw, self.column, bad=marked(bad), fault=fault)

    def wrong_type(self) -> DataError:
        """Return the error of a column whose type fits no cell of ours."""
        label, wanted = self.raw.label(self.column.name), arrow_type(self.column)
        return file_error(
            self.raw.path,
            Bilingual(
                f"列 {label.zh} 第 1 行起类型不对：是 {self.array.type}，应为 {wanted}",
                f"column {label.en}, from row 1: wrong type {self.array.type}, it must be {wanted}",
            ),
            Bilingual("请转换该列的类型。", "Convert the column."),
        )


def marked(bad: Any) -> NDArray[np.bool_]:  # noqa: ANN401  # an Arrow or a numpy mask
    """Return a mask as numpy, null as not marked."""
    if isinstance(bad, np.ndarray):
        return bad
    return np.asarray(pc.fill_null(bad, fill_value=False), dtype=np.bool_)


def plain(array: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return an array with its encodings undone: dictionary, string view, decimal, all-null."""
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_string_view(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        return array.cast(pa.large_string())
    return array


def as_text(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the cells as text without spaces around it; whole numbers may become text, nothing else may."""
    if pa.types.is_integer(cells.array.type):
        return cells.array.cast(pa.large_string())
    if not pa.types.is_large_string(cells.array.type):
        raise cells.wrong_type()
    text = pc.utf8_trim_whitespace(cells.array)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, text.type), text)


def _word(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    text, allowed = as_text(cells), [word.value for word in cells.column.type]  # type: ignore[attr-defined]  # a StrEnum
    if _UNKNOWN not in allowed:
        text = pc.if_else(pc.equal(text, _UNKNOWN), pa.scalar(None, text.type), text)
    strange = sorted(set(pc.unique(text).to_pylist()) - {*allowed, None})
    if strange:
        first = text.filter(pc.is_in(text, pa.array(strange, text.type)))[0].as_py()
        cells.reject(pc.is_in(text, pa.array(strange, text.type)), reasons.unknown_word(allowed, near(first, allowed)))
    return text


def whole_numbers(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the cells as int64; a fraction, a word and a number too large are refused."""
    array = cells.array
    if pa.types.is_integer(array.type):
        if array.type == pa.uint64():
            cells.reject(pc.greater(array, pa.scalar(2**63 - 1, pa.uint64())), reasons.TOO_LARGE)
        return array.cast(pa.int64())
    if pa.types.is_floating(array.type):
        return _whole_from_float(cells)
    return _whole_from_text(cells)


def _whole_from_float(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = cells.array.cast(pa.float64())
    if not cells.column.required:  # pandas writes an absent integer as NaN
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    cells.reject(pc.invert(pc.is_finite(array)), reasons.NOT_FINITE)
    cells.reject(pc.not_equal(pc.floor(array), array), reasons.FRACTIONAL)
    cells.reject(pc.greater(pc.abs(array), 2.0**53), reasons.TOO_LARGE)
    return array.cast(pa.int64())


def _whole_from_text(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    text = as_text(cells)
    good = pc.match_substring_regex(text, r"^[+-]?\d{1,18}(\.0*)?$")
    if marked(pc.invert(good)).any():
        cells.reject(pc.match_substring_regex(text, r"(?i)^[+-]?(nan|inf(inity)?)$"), reasons.NOT_FINITE)
        cells.reject(pc.match_substring_regex(text, r"^[+-]?\d*\.\d+$|^[+-]?\d+\.$"), reasons.FRACTIONAL)
        cells.reject(pc.match_substring_regex(text, r"^[+-]?\d{19,}$"), reasons.TOO_LARGE)
        cells.reject(pc.invert(good), reasons.NOT_A_NUMBER)
    digits = pc.replace_substring_regex(text, pattern=r"^\+|\..*$", replacement="")
    return digits.cast(pa.int64())


def _decimal(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = cells.array
    if pa.types.is_large_string(array.type):
        text = as_text(cells)
        good = pc.match_substring_regex(text, r"(?i)^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$|^[+-]?(nan|inf(inity)?)$")
        cells.reject(pc.invert(good), reasons.NOT_A_NUMBER)
        array = pa.chunked_array([pa.array(pd.to_numeric(text.to_pandas()), pa.float64(), from_pandas=False)])
        array = pc.if_else(pc.is_null(text), pa.scalar(None, array.type), array)
    elif pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
        array = array.cast(pa.float64(), safe=False)
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    else:
        raise cells.wrong_type()
    cells.reject(pc.invert(pc.is_finite(array)), reasons.NOT_FINITE)
    return array


def _flag(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    if pa.types.is_boolean(cells.array.type):
        return cells.array
    text = pc.utf8_lower(as_text(cells))
    cells.reject(pc.invert(pc.match_substring_regex(text, "^(true|false|1|0|unknown)$")), reasons.NOT_A_FLAG)
    true = pc.is_in(text, pa.array(["true", "1"], text.type))
    unknown = pc.or_(pc.is_null(text), pc.fill_null(pc.equal(text, _UNKNOWN), fill_value=True))
    return pc.if_else(unknown, pa.scalar(None, pa.bool_()), true)


def _moment(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = cells.array
    if pa.types.is_timestamp(array.type):
        if array.type.tz is None:
            cells.reject(pc.is_valid(array), reasons.NAIVE)
        array = array.cast(pa.timestamp(array.type.unit, tz="UTC"))
    elif pa.types.is_large_string(array.type):
        array = _moment_from_text(cells)
    else:
        raise cells.wrong_type()
    return _in_ms(cells, array)


def _moment_from_text(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    text = as_text(cells)
    parsed = pd.to_datetime(text.to_pandas(), format="ISO8601", utc=True, errors="coerce")
    unread = parsed.isna().to_numpy() & ~marked(pc.is_null(text))
    cells.reject(unread, reasons.NOT_A_TIME)
    cells.reject(pc.invert(pc.match_substring_regex(text, OFFSET)), reasons.NAIVE)
    return pa.chunked_array([pa.array(parsed, from_pandas=True)])


def _in_ms(cells: Cells, array: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    unit, count = array.type.unit, array.cast(pa.int64())
    per_unit = _MS_PER_UNIT.get(unit)
    if per_unit:
        out = pc.or_(pc.less(count, _EARLIEST_MS // per_unit), pc.greater(count, _LATEST_MS // per_unit))
        cells.reject(out, reasons.OUT_OF_CALENDAR)
        count = pc.multiply(count, per_unit)
    else:
        values = np.asarray(count.fill_null(0)) // _UNITS_PER_MS[unit]  # rounds down, before 1970 too
        count = pc.if_else(pc.is_null(count), pa.scalar(None, pa.int64()), pa.array(values))
        cells.reject(pc.or_(pc.less(count, _EARLIEST_MS), pc.greater(count, _LATEST_MS)), reasons.OUT_OF_CALENDAR)
    return count.cast(pa.timestamp("ms", tz="UTC"))


def _day(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = cells.array
    if pa.types.is_date(array.type):
        return array.cast(pa.date32())
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.date32(), safe=False)
    text = as_text(cells)
    good = pc.match_substring_regex(text, r"^\d{4}-\d{2}-\d{2}$|^\d{8}$")
    dashed = pc.replace_substring_regex(text, pattern=r"^(\d{4})(\d{2})(\d{2})$", replacement=r"\1-\2-\3")
    parsed = pd.to_datetime(dashed.to_pandas(), format="%Y-%m-%d", errors="coerce")
    cells.reject(parsed.isna().to_numpy() & ~marked(pc.is_null(text)) | marked(pc.invert(good)), reasons.NOT_A_DATE)
    return pa.chunked_array([pa.array(parsed, from_pandas=True)]).cast(pa.date32(), safe=False)


def _codes(cells: Cells) -> Any:  # noqa: ANN401  # pyarrow has no types
    kind = cells.array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        try:
            return cells.array.cast(pa.list_(pa.large_string()))
        except pa.ArrowException:
            raise cells.wrong_type() from None
    return pc.split_pattern(as_text(cells), "|").cast(pa.list_(pa.large_string()))


_PARSERS: Final[dict[type, Callable[[Cells], Any]]] = {
    str: as_text,
    int: whole_numbers,
    float: _decimal,
    bool: _flag,
    datetime: _moment,
    date: _day,
    tuple: _codes,
}


def parse(raw: RawTable, column: Column) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the cells of one column in its own type.

    Parameters
    ----------
    raw : RawTable
        Must hold the column.
    column : Column
        The contract.

    Returns
    -------
    pyarrow.ChunkedArray
        Type as `arrow_type` says, no null in a required column.

    Raises
    ------
    DataError
        If a cell cannot be read as the column's type, or a required one is empty.
    """
    cells = Cells(raw, column, plain(raw.table[column.name]))
    parser = _word if column.is_enum else _PARSERS[column.type]
    values = parser(cells)
    if column.required:
        cells.reject(pc.is_null(values), reasons.EMPTY)
    return values
