"""Writing a dataset folder: checked first, then whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fraudguard.column import Event, from_ms
from fraudguard.errors import DataError
from fraudguard.tables.conform import conform
from fraudguard.tables.dataset import DATASET_FILE, DatasetMeta, meta_to_json
from fraudguard.tables.folder import claim, whole_folder
from fraudguard.tables.raw import RawTable
from fraudguard.tables.read import refuse_no_rows
from fraudguard.tables.schema import TABLES, to_arrow

__all__ = ["checked", "told_by", "write_dataset", "write_tables"]

_COMPRESSION: Final = "zstd"


def write_dataset(  # noqa: PLR0913  # one argument a table
    out: str | Path,
    *,
    transfers: pd.DataFrame,
    accounts: pd.DataFrame | None = None,
    signals: pd.DataFrame | None = None,
    findings: pd.DataFrame | None = None,
    truth: pd.DataFrame | None = None,
    meta: DatasetMeta,
    overwrite: bool = False,
) -> None:
    """Check the tables and write them as a dataset folder, whole or not at all.

    Parameters
    ----------
    out : str or Path
        The folder to be made; folders above it are made too.
    transfers : DataFrame
        In log order, at least one row.
    accounts, signals, findings : DataFrame, optional
        No file is written for a table that is not given or has no rows.
    truth : DataFrame, optional
        What a simulator knows; `read_dataset` never reads it.
    meta : DatasetMeta
        Period and counts in it are replaced by those of the data.
    overwrite : bool
        Whether an existing dataset folder may be replaced.

    Raises
    ------
    ConflictError
        If `out` exists and may not be replaced.
    DataError
        If a table breaks its contract.
    """
    target = Path(out)
    claim(target, overwrite=overwrite, marker=DATASET_FILE)
    frames = {"transfers": transfers, "accounts": accounts, "signals": signals, "findings": findings}
    tables = {
        name: checked(frame, TABLES[name], name)
        for name, frame in frames.items()
        if frame is not None and (name == "transfers" or len(frame))
    }
    write_tables(target, tables, meta=meta, truth=truth)


def checked(frame: pd.DataFrame, event_type: type[Event], name: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return a frame as a checked Arrow table.

    Parameters
    ----------
    frame : DataFrame
        Columns under our names.
    event_type : type of Event
        What a row is.
    name : str
        How messages call the frame.

    Returns
    -------
    pyarrow.Table
        Types as on disk.

    Raises
    ------
    DataError
        If a column or a row breaks the contract.
    """
    arrays = {column: to_arrow(frame, column) for column in frame.columns}
    mixed = next((column for column, array in arrays.items() if array is None), None)
    if mixed is not None:
        raise DataError(
            f"{name}: column {mixed}, from row 1: the cells are of several types. Give the column one type.",
            f"{name}：列 {mixed} 第 1 行起类型不一。请把该列统一为一种类型。",
        )
    raw = RawTable(path=Path(name), table=pa.table(arrays))
    if event_type is TABLES["transfers"]:
        refuse_no_rows(raw)
    return conform(raw, event_type)


def write_tables(
    out: Path, tables: Mapping[str, Any], *, meta: DatasetMeta, truth: pd.DataFrame | None = None
) -> DatasetMeta:
    """Write checked Arrow tables as a dataset folder; `claim` comes before.

    Parameters
    ----------
    out : Path
        The folder to be made.
    tables : mapping of str to pyarrow.Table
        Table name to rows; `transfers` must be there.
    meta : DatasetMeta
        Period and counts in it are replaced by those of the data.
    truth : DataFrame, optional
        Written as it is.

    Returns
    -------
    DatasetMeta
        As written.
    """
    told = told_by(tables, meta)
    with whole_folder(out) as folder:
        for name, table in tables.items():
            pq.write_table(table.replace_schema_metadata(None), folder / f"{name}.parquet", compression=_COMPRESSION)
        if truth is not None:
            bare = pa.Table.from_pandas(truth, preserve_index=False).replace_schema_metadata(None)
            pq.write_table(bare, folder / "truth.parquet", compression=_COMPRESSION)
        (folder / DATASET_FILE).write_text(meta_to_json(told), encoding="utf-8")
    return told


def told_by(tables: Mapping[str, Any], meta: DatasetMeta) -> DatasetMeta:
    """Return the meta with the period and counts of the data."""
    period = pc.min_max(tables["transfers"]["event_time"].cast(pa.int64())).as_py()
    counts = {name: tables[name].num_rows if name in tables else 0 for name in TABLES}
    return replace(meta, period_from=from_ms(period["min"]), period_until=from_ms(period["max"]), counts=counts)
