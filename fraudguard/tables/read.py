"""Reading transfers and dataset folders; rows stay in the order of the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, Protocol

import pandas as pd
import pyarrow as pa

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.tables.conform import conform
from fraudguard.tables.dataset import DATASET_FILE, Dataset, DatasetMeta, meta_from_json
from fraudguard.tables.fault import file_error, masked, near
from fraudguard.tables.raw import FileFormat, RawTable
from fraudguard.tables.schema import TABLES, empty_frame, full_frame, to_frame
from fraudguard.tables.source import open_table
from fraudguard.transfer import Transfer
from fraudguard.wording import Bilingual

__all__ = ["Reshaper", "read_dataset", "read_transfers", "refuse_absent", "refuse_no_rows", "rename_columns"]


class Reshaper(Protocol):
    """What turns the columns of a foreign file into ours; `fraudguard.ingest.Mapping` is one."""

    @property
    def file(self) -> FileFormat:
        """How the file is written."""
        ...

    def reshape(self, raw: RawTable) -> RawTable:
        """Return the transfers under our names, not yet checked."""
        ...


def read_transfers(path: str | Path, mapping: Reshaper | Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read and check transfers from a Parquet, CSV or gzipped CSV file.

    Parameters
    ----------
    path : str or Path
        ``.parquet``, ``.csv`` or ``.csv.gz``.
    mapping : Reshaper or mapping of str to str, optional
        What turns foreign columns into ours: a `fraudguard.ingest.Mapping`, or
        simply our column to the file's column.

    Returns
    -------
    DataFrame
        One row a transfer, in the order of the file; types as in the schema.

    Raises
    ------
    DataError
        If the file or a row breaks the contract; the message names the file,
        the column, the first bad row and the mend.
    NotFoundError
        If there is no such file.
    DefinitionError
        If the mapping names a column that we do not have.
    """
    where = Path(path)
    if mapping is None or isinstance(mapping, Mapping):
        raw = rename_columns(open_table(where), mapping or {})
    else:
        raw = mapping.reshape(open_table(where, mapping.file))
    refuse_no_rows(raw)
    return to_frame(conform(raw, Transfer), Transfer)


def read_dataset(path: str | Path) -> Dataset:
    """Read and check a dataset folder; nothing is sorted.

    Parameters
    ----------
    path : str or Path
        A folder with `transfers.parquet` and `dataset.json`, perhaps with
        `accounts.parquet`, `signals.parquet` and `findings.parquet`.

    Returns
    -------
    Dataset
        A table without a file has no rows. The truth of a simulation is not read.

    Raises
    ------
    DataError
        If a table breaks its contract, or is not the one dataset.json counts.
    NotFoundError
        If there is no such folder, or a file is missing in it.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder. Check the path.", f"{folder}：没有这个文件夹。请检查路径。")
    meta = meta_from_json(folder / DATASET_FILE)
    frames = {name: _read_table(folder, name, meta) for name in TABLES}
    # What reading needed is as much again as the tables, and would stay with the process.
    pa.default_memory_pool().release_unused()
    return Dataset(folder, meta, frames["transfers"], frames["accounts"], frames["signals"], frames["findings"])


def refuse_no_rows(raw: RawTable) -> None:
    """Raise a `DataError` if a file of transfers has columns and no rows."""
    if raw.table.num_rows == 0:
        _refuse_no_rows(raw.path)


def _refuse_no_rows(path: Path) -> NoReturn:
    raise file_error(
        path,
        Bilingual("没有数据行（0 行）", "there are no rows (0 rows)"),
        Bilingual("请检查导出的时间范围。", "Check the period that was exported."),
    )


def rename_columns(raw: RawTable, columns: Mapping[str, str]) -> RawTable:
    """Return the table with the file's columns under our names.

    Parameters
    ----------
    raw : RawTable
        As opened.
    columns : mapping of str to str
        Our column to the file's column.

    Returns
    -------
    RawTable
        Columns that are not named keep their names.

    Raises
    ------
    DefinitionError
        If the file has no such column.
    """
    refuse_absent(raw, columns)
    found = raw.table.column_names
    new = {theirs: ours for ours, theirs in columns.items()}
    table = raw.table.rename_columns([new.get(name, name) for name in found])
    return RawTable(path=raw.path, table=table, origins={**raw.origins, **columns}, line_of=raw.line_of)


def refuse_absent(raw: RawTable, columns: Mapping[str, str]) -> None:
    """Check that the file has every column that is given for one of ours.

    Raises
    ------
    DefinitionError
        If it has not; asks "did you mean" when a column is near.
    """
    absent = next(((ours, theirs) for ours, theirs in columns.items() if theirs not in raw.table.column_names), None)
    if absent is None:
        return
    ours, theirs = absent
    found = [masked(name) for name in raw.table.column_names]
    guess = near(theirs, found)
    hint_en, hint_zh = (f" Did you mean {guess[0]}?", f"是不是 {guess[0]}？") if guess else ("", "")
    listed = ", ".join(found[:12])
    raise DefinitionError(
        f'{raw.path}: no column "{theirs}", which the mapping gives for {ours}; there are: {listed}.{hint_en}',
        f"{raw.path}：没有映射给 {ours} 的列“{theirs}”；现有列：{listed}。{hint_zh}",
    )


def _read_table(folder: Path, name: str, meta: DatasetMeta) -> pd.DataFrame:
    event_type, path = TABLES[name], folder / f"{name}.parquet"
    if name != "transfers" and not path.exists():
        _compare_count(path, meta.counts.get(name, 0), 0)
        return empty_frame(event_type)
    raw = open_table(path)
    if name == "transfers":
        refuse_no_rows(raw)
    frame = full_frame(conform(raw, event_type), event_type)
    _compare_count(path, meta.counts.get(name, len(frame)), len(frame))
    return frame


def _compare_count(path: Path, said: int, found: int) -> None:
    if said != found:
        raise file_error(
            path,
            Bilingual(
                f"有 {found} 行，而 {DATASET_FILE} 记为 {said} 行",
                f"it has {found} rows where {DATASET_FILE} counts {said}",
            ),
            Bilingual("文件夹被改动或不完整；请重新导入。", "The folder was changed or is not whole; import it again."),
        )
