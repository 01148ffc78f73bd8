"""The columns of each table as Arrow types on disk and pandas types in memory.

Both are made from `columns_of`: a field is written down in its event type and
nowhere else.
"""

from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

__all__ = ["TABLES", "UNIQUE_ID", "arrow_type", "empty_frame", "full_frame", "to_arrow", "to_frame"]

TABLES: Final[dict[str, type[Event]]] = {
    "transfers": Transfer,
    "accounts": Account,
    "signals": Signal,
    "findings": Finding,
}
"""Table name (and file stem) to what a row of it is."""

UNIQUE_ID: Final[dict[type[Event], str]] = {
    Transfer: "transfer_id",
    Signal: "signal_id",
    Finding: "finding_id",
}
"""The column whose values may not repeat; an account has several rows."""

_TEXT: Final = pd.StringDtype("pyarrow", na_value=np.nan)

_ARROW_TYPES: Final[dict[type, Any]] = {
    str: pa.large_string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("ms", tz="UTC"),
    date: pa.date32(),
    tuple: pa.list_(pa.large_string()),
}


def arrow_type(column: Column) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the type of a column on disk.

    Parameters
    ----------
    column : Column
        From `columns_of`.

    Returns
    -------
    pyarrow.DataType
        Text for a closed list of words.
    """
    return _ARROW_TYPES[str if column.is_enum else column.type]


def empty_frame(event_type: type[Event]) -> pd.DataFrame:
    """Return a frame with all columns of a table and no rows.

    Parameters
    ----------
    event_type : type of Event
        What a row is.

    Returns
    -------
    DataFrame
        Types as after reading a file.
    """
    columns = columns_of(event_type)
    empty = pa.table({column.name: pa.array([], arrow_type(column)) for column in columns})
    return to_frame(empty, event_type)


def to_frame(table: Any, event_type: type[Event]) -> pd.DataFrame:  # noqa: ANN401  # pyarrow has no types
    """Return a checked Arrow table as pandas.

    Parameters
    ----------
    table : pyarrow.Table
        Types as `arrow_type` says.
    event_type : type of Event
        What a row is.

    Returns
    -------
    DataFrame
        Text ``str``, moments ``datetime64[ms, UTC]``, required integers
        ``int64``, other integers ``Int64``, flags ``boolean``, dates
        ``datetime64[s]``; columns in the order of the event type.
    """
    present = set(table.column_names)
    columns = [column for column in columns_of(event_type) if column.name in present]
    return pd.DataFrame({column.name: _series(table[column.name], column) for column in columns})


def full_frame(table: Any, event_type: type[Event]) -> pd.DataFrame:  # noqa: ANN401  # pyarrow has no types
    """Return a checked Arrow table as `Dataset` holds it.

    Parameters
    ----------
    table : pyarrow.Table
        Types as `arrow_type` says.
    event_type : type of Event
        What a row is.

    Returns
    -------
    DataFrame
        Transfers with the columns they have; other events with all columns.
    """
    frame = to_frame(table, event_type)
    if event_type is Transfer:
        return frame
    empty = empty_frame(event_type)
    missing = {name: empty[name].reindex(frame.index) for name in empty.columns if name not in frame.columns}
    return frame.assign(**missing)[list(empty.columns)]


def _series(array: Any, column: Column) -> "pd.Series[Any]":  # noqa: ANN401  # pyarrow has no types
    if column.type is date:
        return array.cast(pa.timestamp("s")).to_pandas()  # type: ignore[no-any-return]  # pyarrow has no types
    if column.type is tuple:
        cells = [None if cell is None else tuple(cell) for cell in array.to_pylist()]
        return pd.Series(cells, dtype=object)
    # Said in full: without rows, or with nulls only, pandas would fall back to `object`.
    nullable: dict[Any, Any] = {pa.bool_(): pd.BooleanDtype(), pa.large_string(): _TEXT}
    if not column.required:
        nullable[pa.int64()] = pd.Int64Dtype()
    return array.to_pandas(types_mapper=nullable.get)  # type: ignore[no-any-return]  # pyarrow has no types


def to_arrow(frame: pd.DataFrame, name: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return one column of a frame as Arrow, whatever it holds.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    name : str
        One of its columns.

    Returns
    -------
    pyarrow.ChunkedArray or None
        Nothing when the cells are of several kinds.
    """
    try:
        array = pa.array(frame[name], from_pandas=True)
    except (pa.ArrowException, TypeError, OverflowError):
        return None
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
