"""What others compute the same with, each by its fastest way that was found.

Each takes the log as a table of its own kind and ends with one float64 matrix
in log order, because that is what a model is trained on. polars and pandas
are asked twice: by group, as their manuals say, and "packed". Packed is a
trick: account and time in one integer, accounts further apart than any window,
so that one rolling pass needs no groups.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from log import START_MS, Integers, Log
from work import Call, Matrix, Side, Work

__all__ = ["duckdb_range", "pandas_groupby", "pandas_packed", "polars_grouped", "polars_packed"]

_STRIDE: Final = 2**34
"""Milliseconds between the times of two accounts when packed: 198 days, more than the log and any window."""


def polars_grouped(log: Log, work: Work) -> Call:
    """Prepare `rolling(group_by=...).agg()`: a pass per side and window, all reducers at once."""
    frame = _polars_frame(log).with_columns(pl.col("time").cast(pl.Datetime("ms")))
    return partial(_polars_matrix, frame, work, packed=False)


def polars_packed(log: Log, work: Work) -> Call:
    """Prepare the same without groups, on the packed integer."""
    return partial(_polars_matrix, _polars_frame(log), work, packed=True)


def _polars_frame(log: Log) -> pl.DataFrame:
    columns = {"payer": log.payers, "payee": log.payees, "amount": log.amounts_fen, "time": log.times_ms}
    return pl.DataFrame({"row": np.arange(len(log), dtype=np.uint32), **columns})


def _polars_matrix(frame: pl.DataFrame, work: Work, *, packed: bool) -> Matrix:
    matrix = _empty(len(frame), work)
    for side in work.sides:
        ordered = _polars_packed(frame, side) if packed else frame.sort(side.key, "time")
        rows, asked = ordered["row"].to_numpy(), _polars_asked(side)
        for window, span in zip(work.windows, _polars_spans(work, side, packed=packed), strict=True):
            rolled = ordered.rolling(**span, closed="left").agg(asked)
            for reducer in side.reducers:
                matrix[rows, work.column(side, reducer, window)] = rolled[reducer].to_numpy()
    return matrix


def _polars_packed(frame: pl.DataFrame, side: Side) -> pl.DataFrame:
    return frame.with_columns(packed=pl.col(side.key) * _STRIDE + (pl.col("time") - START_MS)).sort("packed")


def _polars_asked(side: Side) -> list[pl.Expr]:
    amount = pl.col("amount")
    known = {
        "count": pl.len(),
        "sum": amount.sum(),
        "max": amount.max(),
        "mean": amount.mean(),
        "distinct": pl.col(side.other).n_unique(),
    }
    return [known[reducer].alias(reducer) for reducer in side.reducers]


def _polars_spans(work: Work, side: Side, *, packed: bool) -> list[dict[str, str]]:
    if packed:
        return [{"index_column": "packed", "period": f"{length_ms}i"} for length_ms in work.windows_ms]
    return [{"index_column": "time", "period": window, "group_by": side.key} for window in work.windows]


def duckdb_range(log: Log, work: Work) -> Call:
    """Prepare one query per side, with a RANGE window per length that ends a millisecond before the transfer.

    On one packed integer it took twenty times as long, with sums of integers a tenth longer.
    """
    columns = {"payer": log.payers, "payee": log.payees, "amount": log.amounts_fen.astype(float), "time": log.times_ms}
    table = pa.table({"row": np.arange(len(log)), **columns})
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("log", table)
    return partial(_duckdb_matrix, connection, len(log), work)


def _duckdb_matrix(connection: duckdb.DuckDBPyConnection, n_rows: int, work: Work) -> Matrix:
    matrix = _empty(n_rows, work)
    for side in work.sides:
        table = connection.sql(_duckdb_query(side, work)).to_arrow_table()
        rows = table.column("row").to_numpy()
        for place in range(len(side.reducers) * len(work.windows)):
            matrix[rows, work.first_column(side) + place] = table.column(place + 1).to_numpy()
    return matrix


def _duckdb_query(side: Side, work: Work) -> str:
    known = {
        "count": "count(*)",
        "sum": "sum(amount)",
        "max": "max(amount)",
        "mean": "avg(amount)",
        "distinct": f"count(DISTINCT {side.other})",
    }
    asked = [f"{known[reducer]} OVER w{window}" for reducer in side.reducers for window in work.windows]
    named = [
        f"w{window} AS (PARTITION BY {side.key} ORDER BY time RANGE BETWEEN {length_ms} PRECEDING AND 1 PRECEDING)"
        for window, length_ms in zip(work.windows, work.windows_ms, strict=True)
    ]
    return f"SELECT row, {', '.join(asked)} FROM log WINDOW {', '.join(named)}"  # noqa: S608  # all of it is ours


def pandas_groupby(log: Log, work: Work) -> Call:
    """Prepare `groupby().rolling()`: a pass per column; `agg` of several takes as long."""
    frame = pd.DataFrame({
        "payer": log.payers,
        "payee": log.payees,
        "amount": log.amounts_fen.astype(float),
        "time": log.times_ms.view("datetime64[ms]"),
    })
    return partial(_pandas_matrix, frame, work)


def _pandas_matrix(frame: pd.DataFrame, work: Work) -> Matrix:
    matrix = _empty(len(frame), work)
    for side in work.sides:
        ordered = frame.sort_values([side.key, "time"], kind="stable")
        rows, amounts = ordered.index.to_numpy(), ordered.set_index("time").groupby(side.key)["amount"]
        for reducer, window, column in _columns(side, work):
            rolled = amounts.rolling(pd.Timedelta(window), closed="left")
            matrix[rows, column] = getattr(rolled, reducer)().to_numpy()
    return matrix


def pandas_packed(log: Log, work: Work) -> Call:
    """Prepare `rolling()` without groups, on the packed integer taken for a time."""
    return partial(_pandas_packed_matrix, log, work)


def _pandas_packed_matrix(log: Log, work: Work) -> Matrix:
    matrix = _empty(len(log), work)
    for side, keys in zip(work.sides, (log.payers, log.payees), strict=True):
        rows, amounts = _pandas_packed(log, keys)
        for reducer, window, column in _columns(side, work):
            rolled = amounts.rolling(pd.Timedelta(window), closed="left")
            matrix[rows, column] = getattr(rolled, reducer)().to_numpy()
    return matrix


def _pandas_packed(log: Log, keys: Integers) -> tuple[Integers, pd.Series]:
    packed = keys * _STRIDE + (log.times_ms - START_MS)
    rows = np.argsort(packed, kind="stable")
    times = pd.DatetimeIndex(packed[rows].view("datetime64[ms]"))
    return rows, pd.Series(log.amounts_fen[rows].astype(float), index=times)


def _columns(side: Side, work: Work) -> Iterator[tuple[str, str, int]]:
    for reducer in side.reducers:
        for window in work.windows:
            yield reducer, window, work.column(side, reducer, window)


def _empty(n_rows: int, work: Work) -> Matrix:
    """Return room for the features, a column after the other: these engines write columns."""
    return np.empty((len(work.reducers), n_rows)).T
