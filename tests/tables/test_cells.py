"""Cells of every type, in every form a file may have them in."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fraudguard.account import Account
from fraudguard.column import Column, columns_of
from fraudguard.errors import DataError
from fraudguard.signal import Signal
from fraudguard.tables.cells import parse
from fraudguard.tables.raw import RawTable
from fraudguard.transfer import Transfer

_COLUMNS = {column.name: column for event in (Account, Signal, Transfer) for column in columns_of(event)}


def _parsed(name: str, array: Any) -> list[Any]:  # noqa: ANN401  # pyarrow has no types
    column: Column = _COLUMNS[name]
    cells: list[Any] = parse(RawTable(path=Path("a.csv"), table=pa.table({name: array})), column).to_pylist()
    return cells


@pytest.mark.parametrize(
    ("name", "array", "expected"),
    [
        ("confidence", pa.array(["0.5", "1", None, ".25"]), [0.5, 1.0, None, 0.25]),
        ("confidence", pa.array([1, None]), [1.0, None]),
        ("confidence", pa.array([0.5, float("nan")]), [0.5, None]),
        ("opened_at", pa.array(["2026-01-02", "20260102", None]), [date(2026, 1, 2), date(2026, 1, 2), None]),
        ("opened_at", pa.array([date(9999, 12, 31)]), [date(9999, 12, 31)]),
        ("opened_at", pa.array([1_767_312_000_000], pa.timestamp("ms")), [date(2026, 1, 2)]),
        ("auth_attempts", pa.array(["3", "+4", "5.0", None]), [3, 4, 5, None]),
        ("auth_attempts", pa.array([3.0, float("nan")]), [3, None]),
        ("auth_attempts", pa.array([3], pa.uint64()), [3]),
        ("active_call", pa.array(["True", "0", "unknown", None]), [True, False, None, None]),
        ("active_call", pa.array([1, 0], pa.int8()), [True, False]),
        ("teller_observation", pa.array(["coached|on_phone", None]), [["coached", "on_phone"], None]),
        ("teller_observation", pa.array([["coached"], []]), [["coached"], []]),
        ("device_os", pa.array([" ios ", "  "]), ["ios", None]),
        ("device_os", pa.array([None, None]), [None, None]),
        ("device_os", pa.array(["ios"]).dictionary_encode(), ["ios"]),
        ("transfer_id", pa.array([7, 8]), ["7", "8"]),
    ],
)
def test_forms_of_a_cell(name: str, array: Any, expected: list[Any]) -> None:  # noqa: ANN401  # pyarrow has no types
    """A cell is read from text, from a number and from its own type alike."""
    assert _parsed(name, array) == expected


@pytest.mark.parametrize(
    ("name", "array", "word"),
    [
        ("confidence", pa.array(["half"]), "not a number"),
        ("confidence", pa.array(["inf"]), "finite"),
        ("confidence", pa.array([True]), "wrong type bool"),
        ("opened_at", pa.array(["2026-02-30"]), "not a date"),
        ("opened_at", pa.array(["2026/02/03"]), "not a date"),
        ("auth_attempts", pa.array([2**63], pa.uint64()), "too large"),
        ("auth_attempts", pa.array([2.0**60]), "too large"),
        ("teller_observation", pa.array([[["nested"]]]), "wrong type list"),
        ("device_os", pa.array([{"name": "ios"}]), "wrong type struct"),
    ],
)
def test_what_is_no_cell(name: str, array: Any, word: str) -> None:  # noqa: ANN401  # pyarrow has no types
    """What cannot be the column's type is refused with the reason."""
    with pytest.raises(DataError, match=word):
        _parsed(name, array)
