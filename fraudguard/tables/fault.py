"""How a bad cell or file is told: the file, the column, the first bad row, how many, and the mend."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import Column
from fraudguard.errors import DataError
from fraudguard.tables.raw import RawTable
from fraudguard.wording import Bilingual

__all__ = ["Fault", "file_error", "masked", "near", "reject", "row_error"]

_SHOWN_MAX: Final = 32
_LONG_NUMBER: Final = re.compile(r"\d{9,}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What can be wrong with a cell, and what mends it.

    Parameters
    ----------
    what : Bilingual
        Ends a sentence that begins with the place.
    mend : Bilingual
        One full sentence.
    """

    what: Bilingual
    mend: Bilingual


def masked(text: str, *, personal: bool = False) -> str:
    """Return a value as it may stand in a message.

    Parameters
    ----------
    text : str
        Any value found in a file.
    personal : bool
        Whether the column holds personal data; then only the ends are shown.

    Returns
    -------
    str
        Short, and without a run of nine or more digits.

    Examples
    --------
    >>> masked("6222021234567890")
    '62…90'
    >>> masked("li.wei", personal=True)
    'l…i'
    """
    if personal:
        return f"{text[:1]}…{text[-1:]}" if len(text) > 2 else "…"
    safe = _LONG_NUMBER.sub(lambda run: f"{run[0][:2]}…{run[0][-2:]}", text)
    return safe if len(safe) <= _SHOWN_MAX else f"{safe[:_SHOWN_MAX]}…"


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three of the known names that are spelt like `name`, the nearest first."""
    return get_close_matches(name, list(known), n=3, cutoff=0.55)


def file_error(path: Path, what: Bilingual, mend: Bilingual) -> DataError:
    """Return the error of a file as a whole."""
    return DataError(f"{path}: {what.en}. {mend.en}", f"{path}：{what.zh}。{mend.zh}")


def reject(raw: RawTable, column: Column, *, bad: NDArray[np.bool_], fault: Fault) -> None:
    """Raise a `DataError` for the marked cells of one column, if there are any; rows as in the file."""
    if bad.any():
        _reject(raw, column, bad=bad, fault=fault)


def _reject(raw: RawTable, column: Column, *, bad: NDArray[np.bool_], fault: Fault) -> NoReturn:
    shown = _shown(raw, column, int(np.argmax(bad)))
    what = Bilingual(f"{fault.what.zh}{shown.zh}", f"{fault.what.en}{shown.en}")
    raise row_error(raw, raw.label(column.name), bad=bad, fault=Fault(what, fault.mend))


def row_error(raw: RawTable, place: Bilingual, *, bad: NDArray[np.bool_], fault: Fault) -> DataError:
    """Return the error of the marked rows, at a place said in words (a column or several)."""
    first, count = int(np.argmax(bad)), int(np.count_nonzero(bad))
    line = raw.line_of(first)
    line_en, line_zh = (f" (line {line})", f"（文件第 {line} 行）") if line else ("", "")
    rows_en = "1 such row" if count == 1 else f"{count} such rows"
    return DataError(
        f"{raw.path}: column {place.en}, row {first + 1}{line_en}: {fault.what.en}; {rows_en}. {fault.mend.en}",
        f"{raw.path}：列 {place.zh} 第 {first + 1} 行{line_zh}：{fault.what.zh}；共 {count} 行如此。{fault.mend.zh}",
    )


def _shown(raw: RawTable, column: Column, row: int) -> Bilingual:
    if column.name not in raw.table.column_names:
        return Bilingual("", "")
    value = _value(raw, column.name, row)
    if value in {None, ""}:
        return Bilingual("", "")
    personal = column.pii == "C2" and not column.unit
    text = masked(str(value), personal=personal)
    return Bilingual(f"（此处为“{text}”）", f' (here "{text}")')


def _value(raw: RawTable, name: str, row: int) -> object:
    try:
        found = raw.table if raw.found is None or name not in raw.found.column_names else raw.found
        value: object = found[name][row].as_py()
    except (ValueError, OverflowError):  # a time that no calendar has
        return None
    return str(value) if value is not None else None
