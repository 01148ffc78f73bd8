"""Batch: replay a log of transfers into a table of features."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.column import Column, columns_of
from fraudguard.errors import ConflictError
from fraudguard.features.catalog import CATALOG, Catalog
from fraudguard.features.kernel import replay_rows
from fraudguard.features.plan import FeaturePlan, compile_plan
from fraudguard.features.program import load_program, new_state
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset
from fraudguard.transfer import Transfer

__all__ = ["replay"]

_STRETCH: Final = 50_000
"""Rows per call of the kernel, and per part of a partitioned Parquet folder."""


def replay(
    log: Dataset | pd.DataFrame,
    *,
    catalog: Catalog | None = None,
    out: Path | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Return the features of every transfer of a log, each as of its own moment.

    Parameters
    ----------
    log : Dataset or DataFrame
        Transfers in log order, as `fraudguard.read_dataset` or
        `fraudguard.read_transfers` gives them; never sorted here.
    catalog : Catalog or None
        What to compute; None for the one that ships.
    out : Path or None
        A folder that does not exist yet; when given, the features are written
        there as ``part-00000.parquet``, … and the table returned is empty.
    progress : Progress
        Told how many transfers are done.

    Returns
    -------
    DataFrame of float64, shape (n_transfers, n_features)
        Indexed by ``transfer_id``; row *i* uses transfers before *i* only.

    Raises
    ------
    ConflictError
        If `out` exists.

    Examples
    --------
    >>> import pandas as pd
    >>> transfers = pd.DataFrame({
    ...     "transfer_id": ["t0", "t1"],
    ...     "event_time": pd.to_datetime(["2026-01-01T00:00Z", "2026-01-01T00:05Z"]),
    ...     "payer_account_id": ["a", "a"],
    ...     "payee_account_id": ["b", "c"],
    ...     "amount_fen": [500, 700],
    ... })
    >>> replay(transfers)["payer_out_amount_fen_sum_10m"].tolist()
    [0.0, 500.0]
    """
    transfers = log.transfers if isinstance(log, Dataset) else log
    plan = compile_plan(catalog or CATALOG)
    parts = _parts(transfers, plan, progress)
    if out is not None:
        return _write_parts(parts, transfers, plan=plan, out=out)
    matrix = np.empty((len(transfers), len(plan.columns)), dtype=np.float64)
    for start, part in parts:
        matrix[start : start + len(part)] = part
    return _frame(transfers, matrix, plan)


def _frame(transfers: pd.DataFrame, matrix: NDArray[np.float64], plan: FeaturePlan) -> pd.DataFrame:
    index = pd.Index(transfers["transfer_id"], name="transfer_id")
    return pd.DataFrame(matrix, index=index, columns=list(plan.names), copy=False)


def _parts(transfers: pd.DataFrame, plan: FeaturePlan, progress: Progress) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Replay the log stretch by stretch; each comes with the row it starts at."""
    entities, n_accounts, n_pairs = _entities(transfers)
    times_ms, amounts_fen = _times_ms(transfers["event_time"]), _integers(transfers["amount_fen"])
    fields = _fields(transfers, plan)
    state, program = new_state(plan), load_program(plan)
    state.reserve(n_accounts, n_pairs)
    for start in range(0, len(transfers), _STRETCH):
        rows = slice(start, min(start + _STRETCH, len(transfers)))
        part = np.empty((rows.stop - start, len(plan.columns)), dtype=np.float64)
        # Views of Python ints, not of numpy's: run uncompiled, the kernel must wrap modulo 2**64 without a warning.
        integers = (entities[rows].data, times_ms[rows].data, amounts_fen[rows].data)
        replay_rows(state, program, *integers, fields[rows], part)
        yield start, part
        progress(rows.stop, len(transfers))


def _write_parts(
    parts: Iterator[tuple[int, NDArray[np.float64]]], transfers: pd.DataFrame, *, plan: FeaturePlan, out: Path
) -> pd.DataFrame:
    if out.exists():
        raise ConflictError(f"{out} exists; name a folder that does not", f"{out} 已存在；请换一个尚不存在的文件夹")
    unfinished = out.with_name(f".{out.name}.unfinished")
    unfinished.mkdir(parents=True)
    try:
        for number, (start, part) in enumerate(parts):
            frame = _frame(transfers.iloc[start : start + len(part)], part, plan)
            frame.to_parquet(unfinished / f"part-{number:05}.parquet")
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _frame(transfers.iloc[:0], np.empty((0, len(plan.columns))), plan)


def _entities(transfers: pd.DataFrame) -> tuple[NDArray[np.int64], int, int]:
    """Return a number from 0 for each account and pair; which one an entity gets changes no feature."""
    sides = pd.concat([transfers["payer_account_id"], transfers["payee_account_id"]], ignore_index=True)
    codes, accounts = pd.factorize(sides)
    payer, payee = codes[: len(transfers)].astype(np.int64), codes[len(transfers) :].astype(np.int64)
    pair, pairs = pd.factorize(payer * len(accounts) + payee)
    return np.ascontiguousarray(np.column_stack([payer, payee, pair.astype(np.int64)])), len(accounts), len(pairs)


def _times_ms(moments: pd.Series) -> NDArray[np.int64]:
    zoneless = moments.dt.tz_convert(None).to_numpy(dtype="datetime64[ms]")
    return np.array(zoneless.astype(np.int64))


def _integers(values: pd.Series) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)  # a copy: pandas lends its own read-only


def _fields(transfers: pd.DataFrame, plan: FeaturePlan) -> NDArray[np.float64]:
    columns = {column.name: column for column in columns_of(Transfer)}
    fields = np.full((len(transfers), len(plan.field_names)), np.nan)
    for place, name in enumerate(plan.field_names):
        if name in transfers:
            fields[:, place] = _numbers(transfers[name], columns[name])
    return fields


def _numbers(values: pd.Series, column: Column) -> NDArray[np.float64]:
    """Return a field as numbers; `fraudguard.features.online` does the same to one value."""
    if issubclass(column.type, StrEnum):
        places = {str(word): float(place) for place, word in enumerate(column.type)}
        return np.asarray(values.map(places), dtype=np.float64)
    if issubclass(column.type, datetime):
        return np.where(values.isna(), np.nan, _times_ms(values))
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))
