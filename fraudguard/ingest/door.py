"""The data door: a foreign file in, a dataset folder out, sorted once."""

from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fraudguard.ingest.findings import findings_of
from fraudguard.ingest.mapping import Mapping
from fraudguard.ingest.messages import is_message_source, open_messages
from fraudguard.progress import Progress, silent
from fraudguard.tables.conform import conform
from fraudguard.tables.dataset import DATASET_FILE, Dataset, DatasetMeta
from fraudguard.tables.folder import claim
from fraudguard.tables.raw import RawTable
from fraudguard.tables.read import refuse_no_rows
from fraudguard.tables.schema import TABLES, empty_frame, full_frame
from fraudguard.tables.source import open_table
from fraudguard.tables.write import told_by, write_tables
from fraudguard.transfer import Transfer

__all__ = ["import_dataset", "log_order", "preview_import"]

_STEPS: Final = 5
_DIGITS_MAX: Final = 18  # of an id that fits an int64
_NO_LABELS_MATURITY_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class _Imported:
    tables: dict[str, Any]
    meta: DatasetMeta

    def dataset(self, path: Path | None) -> Dataset:
        frames = {name: full_frame(table, TABLES[name]) for name, table in self.tables.items()}
        rest = {name: empty_frame(TABLES[name]) for name in TABLES if name not in frames}
        full = {**frames, **rest}
        return Dataset(path, self.meta, full["transfers"], full["accounts"], full["signals"], full["findings"])


def import_dataset(
    source: str | Path,
    out: str | Path,
    *,
    mapping: Mapping | None = None,
    columns: Mapped[str, str] | None = None,
    overwrite: bool = False,
    progress: Progress = silent,
) -> Dataset:
    """Turn a bank's extract or a public set into a dataset folder.

    The rows are sorted once by (`event_time`, `transfer_id`), ids that are
    numbers by their number; this order is the log order from then on.

    Parameters
    ----------
    source : str or Path
        A Parquet, CSV or gzipped CSV file; a pacs.008 or hvps.111 message, or a folder of them.
    out : str or Path
        The folder to be made; on any failure there is none.
    mapping : Mapping, optional
        How the file's columns become ours; see `load_mapping`.
    columns : mapping of str to str, optional
        Our column to the file's column; goes before `mapping`.
    overwrite : bool
        Whether an existing dataset folder may be replaced.
    progress : Progress
        Told how many of the steps are done.

    Returns
    -------
    Dataset
        As written.

    Raises
    ------
    ConflictError
        If `out` exists and may not be replaced.
    DataError
        If the file or a row breaks the contract.
    DefinitionError
        If the mapping names what there is not.
    NotFoundError
        If there is no such file.
    """
    target = Path(out)
    claim(target, overwrite=overwrite, marker=DATASET_FILE)
    imported = _import(Path(source), _mapping(mapping, columns), progress)
    write_tables(target, imported.tables, meta=imported.meta)
    progress(_STEPS, _STEPS)
    return imported.dataset(target)


def preview_import(
    source: str | Path,
    *,
    mapping: Mapping | None = None,
    columns: Mapped[str, str] | None = None,
    progress: Progress = silent,
) -> Dataset:
    """Return what `import_dataset` would write, and write nothing.

    Parameters
    ----------
    source : str or Path
        A Parquet, CSV or gzipped CSV file; a pacs.008 or hvps.111 message, or a folder of them.
    mapping : Mapping, optional
        How the file's columns become ours.
    columns : mapping of str to str, optional
        Our column to the file's column; goes before `mapping`.
    progress : Progress
        Told how many of the steps are done.

    Returns
    -------
    Dataset
        Without a path.

    Raises
    ------
    DataError
        If the file or a row breaks the contract.
    DefinitionError
        If the mapping names what there is not.
    NotFoundError
        If there is no such file.
    """
    imported = _import(Path(source), _mapping(mapping, columns), progress)
    progress(_STEPS, _STEPS)
    return imported.dataset(None)


def _mapping(mapping: Mapping | None, columns: Mapped[str, str] | None) -> Mapping:
    return (mapping or Mapping()).with_columns(columns or {})


def _import(source: Path, mapping: Mapping, progress: Progress) -> _Imported:
    raw = open_messages(source) if is_message_source(source) else open_table(source, mapping.file)
    refuse_no_rows(raw)
    progress(1, _STEPS)
    transfers = conform(mapping.reshape(raw), Transfer)
    progress(2, _STEPS)
    tables = {"transfers": transfers}
    if mapping.labels is not None:
        tables["findings"] = findings_of(raw, transfers, mapping.labels)
    progress(3, _STEPS)
    tables = {name: _sorted(table) for name, table in tables.items()}
    progress(4, _STEPS)
    return _Imported(tables, told_by(tables, _meta(raw, mapping)))


def _meta(raw: RawTable, mapping: Mapping) -> DatasetMeta:
    told, labels = mapping.dataset, mapping.labels
    return DatasetMeta(
        name=told.name or raw.path.name.split(".")[0],
        source=told.source or raw.path.name,
        currency=told.currency,
        time_zone=told.time_zone,
        unreported="unknown" if labels is None else labels.unreported,
        maturity_days=_NO_LABELS_MATURITY_DAYS if labels is None else labels.days_to_maturity,
        dropped=mapping.shape(raw).dropped,
    )


def _sorted(table: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    order = log_order(table["event_time"], table["transfer_id"])
    return table if (np.diff(order) == 1).all() else table.take(pa.array(order))


def log_order(event_time: Any, transfer_id: Any) -> NDArray[np.int64]:  # noqa: ANN401  # pyarrow has no types
    """Return the rows in log order: by time, then id.

    Parameters
    ----------
    event_time : pyarrow.ChunkedArray of timestamp
        No null.
    transfer_id : pyarrow.ChunkedArray of text
        No two equal. When all are digits they are ordered as numbers, so that
        the tenth transfer of a second follows the ninth.

    Returns
    -------
    ndarray of int64, shape (n_transfers,)
        Row numbers.
    """
    times_ms = np.asarray(event_time.cast(pa.int64()))
    order: NDArray[np.int64] = np.lexsort((*_id_keys(transfer_id), times_ms)).astype(np.int64)
    return order


def _id_keys(ids: Any) -> tuple[NDArray[np.int64], ...]:  # noqa: ANN401  # pyarrow has no types
    if pc.all(pc.match_substring_regex(ids, rf"^\d{{1,{_DIGITS_MAX}}}$")).as_py():
        return np.asarray(pc.binary_length(ids), np.int64), np.asarray(ids.cast(pa.int64()))  # 7 before 07
    return (np.asarray(pc.rank(ids, tiebreaker="first"), np.int64),)
