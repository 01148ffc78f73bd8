"""Yuan become fen exactly."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.column import columns_of
from fraudguard.errors import DataError
from fraudguard.ingest.money import to_fen
from fraudguard.tables.cells import Cells, plain
from fraudguard.tables.raw import RawTable
from fraudguard.transfer import Transfer

_AMOUNT = next(column for column in columns_of(Transfer) if column.name == "amount_fen")
_BALANCE = next(column for column in columns_of(Transfer) if column.name == "payer_balance_before_fen")


def _fen(array: pa.Array, *, round_to_fen: bool = False, column: Any = _AMOUNT) -> list[int | None]:  # noqa: ANN401  # a Column
    table = pa.table({column.name: array})
    cells = Cells(RawTable(path=Path("a.csv"), table=table), column, plain(table[column.name]))
    amounts: list[int | None] = to_fen(cells, round_to_fen=round_to_fen).to_pylist()
    return amounts


@given(fen=st.integers(-(10**12), 10**12))
def test_two_decimals_are_exact(fen: int) -> None:
    """Any amount of two decimals comes out the same from text, from a float and from a decimal."""
    yuan = Decimal(fen) / 100

    text, number, exact = pa.array([f"{yuan:.2f}"]), pa.array([float(yuan)]), pa.array([yuan], pa.decimal128(20, 2))

    assert _fen(text) == _fen(number) == _fen(exact) == [fen]


@given(text=st.from_regex(r"\A-?[0-9]{1,12}(\.[0-9]{0,5})?\Z"))
def test_rounding_is_half_up(text: str) -> None:
    """With rounding, text is rounded to the nearest fen, halves away from zero."""
    expected = int((Decimal(text) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    assert _fen(pa.array([text]), round_to_fen=True) == [expected]


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (pa.array(["49,800.00", " 1,234,567 ", "+3", "0.10", "7."]), [4_980_000, 123_456_700, 300, 10, 700]),
        (pa.array([None, "1"]), [None, 100]),
        (pa.array([17.13 * 5]), [8565]),
        (pa.array([None, 2.5]), [None, 250]),
        (pa.array([3, None]), [300, None]),
        (pa.array(["1.1", "1.1"]).dictionary_encode(), [110, 110]),
    ],
)
def test_forms_of_an_amount(array: pa.Array, expected: list[int | None]) -> None:
    """Groups of thousands, signs, empty cells, float noise and encodings are all read."""
    assert _fen(array) == expected


def test_absent_balance_of_a_float_column() -> None:
    """NaN in an optional column is an absent cell."""
    assert _fen(pa.array([float("nan"), 1.0]), column=_BALANCE) == [None, 100]


@pytest.mark.parametrize(
    ("array", "word"),
    [
        (pa.array(["1.234"]), "two decimals"),
        (pa.array(["1.2304"]), "two decimals"),
        (pa.array([1.234]), "two decimals"),
        (pa.array([float("nan")]), "finite"),
        (pa.array([float("inf")]), "finite"),
        (pa.array(["NaN"]), "finite"),
        (pa.array(["1,23"]), "not a number"),
        (pa.array(["¥5"]), "not a number"),
        (pa.array(["1e3"]), "not a number"),
        (pa.array([1e16]), "too large"),
        (pa.array([10**16]), "too large"),
        (pa.array(["9" * 17]), "too large"),
        (pa.array([True]), "wrong type"),
    ],
)
def test_what_is_no_amount(array: pa.Array, word: str) -> None:
    """What cannot be an amount in yuan is refused, not guessed."""
    with pytest.raises(DataError, match=word):
        _fen(array)
