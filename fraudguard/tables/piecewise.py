"""Writing a dataset folder a piece at a time, so that it may be larger than memory."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fraudguard.column import from_ms
from fraudguard.errors import DataError
from fraudguard.tables.dataset import DATASET_FILE, DatasetMeta, meta_to_json
from fraudguard.tables.folder import claim, whole_folder
from fraudguard.tables.schema import TABLES
from fraudguard.tables.write import checked

__all__ = ["PieceWriter", "dataset_in_pieces"]

_COMPRESSION: Final = "zstd"
_TRUTH: Final = "truth"


class PieceWriter:
    """Appends rows to the tables of a folder; each piece becomes a row group.

    Parameters
    ----------
    folder : Path
        An empty folder.
    open_files : ExitStack
        Closes the files when the folder is whole.
    """

    def __init__(self, folder: Path, open_files: ExitStack) -> None:
        self._folder = folder
        self._open_files = open_files
        self._files: dict[str, Any] = {}
        self._rows = dict.fromkeys(TABLES, 0)
        self._first_ms: int | None = None
        self._last_ms = 0

    def append(self, name: str, frame: pd.DataFrame) -> None:
        """Check rows and put them behind those already written.

        Parameters
        ----------
        name : str
            One of the tables of a dataset.
        frame : DataFrame
            The same columns in every piece; transfers follow in log order. Without rows nothing happens.

        Raises
        ------
        DataError
            If the rows break the contract of the table.
        """
        if not len(frame):
            return
        table = checked(frame, TABLES[name], name)
        if name == "transfers":
            self._extend_period(table)
        self._write(name, table)
        self._rows[name] += table.num_rows

    def append_truth(self, frame: pd.DataFrame) -> None:
        """Put rows behind the truth file, as they are."""
        self._write(_TRUTH, pa.Table.from_pandas(frame, preserve_index=False))

    def told(self, meta: DatasetMeta) -> DatasetMeta:
        """Return the meta with the period and counts of what was written.

        Parameters
        ----------
        meta : DatasetMeta
            The rest.

        Returns
        -------
        DatasetMeta
            For dataset.json.

        Raises
        ------
        DataError
            If no transfer was written.
        """
        if self._first_ms is None:
            raise DataError(
                "transfers: no rows; a dataset needs at least one", "transfers：没有任何行；数据集至少要有一笔转账"
            )
        return replace(
            meta, period_from=from_ms(self._first_ms), period_until=from_ms(self._last_ms), counts=dict(self._rows)
        )

    def _extend_period(self, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
        ends = pc.min_max(table["event_time"].cast(pa.int64())).as_py()
        if self._first_ms is not None and ends["min"] < self._last_ms:
            raise DataError("transfers: a piece begins before the last one ends", "transfers：后一段早于前一段的末尾")
        self._first_ms = ends["min"] if self._first_ms is None else self._first_ms
        self._last_ms = ends["max"]

    def _write(self, name: str, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
        bare = table.replace_schema_metadata(None)
        if name not in self._files:
            file = pq.ParquetWriter(self._folder / f"{name}.parquet", bare.schema, compression=_COMPRESSION)
            self._files[name] = self._open_files.enter_context(file)
        self._files[name].write_table(bare)


@contextmanager
def dataset_in_pieces(out: Path, *, meta: DatasetMeta, overwrite: bool = False) -> Iterator[PieceWriter]:
    """Give a writer; the folder appears, whole, when the block ends well, and not at all otherwise.

    Parameters
    ----------
    out : Path
        The folder to be made.
    meta : DatasetMeta
        Period and counts in it are replaced by those of the data.
    overwrite : bool
        Whether an existing dataset folder may be replaced.

    Yields
    ------
    PieceWriter
        For the tables.

    Raises
    ------
    ConflictError
        If `out` exists and may not be replaced.
    DataError
        If a piece breaks its contract, or no transfer was written.
    """
    claim(out, overwrite=overwrite, marker=DATASET_FILE)
    with whole_folder(out) as folder:
        with ExitStack() as open_files:
            writer = PieceWriter(folder, open_files)
            yield writer
        (folder / DATASET_FILE).write_text(meta_to_json(writer.told(meta)), encoding="utf-8")
