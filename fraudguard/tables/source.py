"""Opening a table file: Parquet, CSV or gzipped CSV, told by name and by first bytes."""

import re
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from fraudguard.errors import NotFoundError, PermissionDeniedError
from fraudguard.tables.csv_file import read_csv
from fraudguard.tables.fault import file_error, masked
from fraudguard.tables.raw import FileFormat, RawTable
from fraudguard.wording import Bilingual

__all__ = ["open_table"]

_PARQUET_MAGIC: Final = b"PAR1"
_PANDAS_INDEX: Final = re.compile(r"__index_level_\d+__")  # row numbers of a frame, not data
_CSV_ENDINGS: Final = (".csv", ".csv.gz", ".txt", ".txt.gz")
_DEFAULT: Final = FileFormat()


def open_table(path: Path, file_format: FileFormat = _DEFAULT) -> RawTable:
    """Read a table file without checking its columns.

    Parameters
    ----------
    path : Path
        ``.parquet``, ``.csv``, ``.csv.gz`` (or ``.txt``, ``.txt.gz``).
    file_format : FileFormat
        How a CSV is written.

    Returns
    -------
    RawTable
        At least one column; perhaps no row.

    Raises
    ------
    NotFoundError
        If there is no such file.
    PermissionDeniedError
        If the file may not be read.
    DataError
        If the file is empty, damaged, or of another kind.
    """
    try:
        return _open(path, file_format)
    except PermissionError as error:
        raise PermissionDeniedError(
            f"{path} may not be read by this user. Change its permissions.",
            f"{path} 不允许当前用户读取。请修改文件权限。",
        ) from error


def _open(path: Path, file_format: FileFormat) -> RawTable:
    if path.is_dir():
        raise NotFoundError(
            f"{path} is a folder, not a file. Name the file of transfers in it.",
            f"{path} 是文件夹，不是文件。请写出其中转账文件的路径。",
        )
    if not path.is_file():
        raise NotFoundError(f"{path}: no such file. Check the path.", f"{path}：没有这个文件。请检查路径。")
    if path.stat().st_size == 0:
        raise file_error(
            path,
            Bilingual("文件是空的（0 字节）", "the file is empty (0 bytes)"),
            Bilingual("请重新导出或下载该文件。", "Export or download the file again."),
        )
    with path.open("rb") as stream:
        is_parquet = stream.read(4) == _PARQUET_MAGIC
    if is_parquet or path.suffix.lower() in {".parquet", ".pq"}:
        return _read_parquet(path)
    if path.name.lower().endswith(_CSV_ENDINGS):
        return read_csv(path, file_format)
    raise file_error(
        path,
        Bilingual("不认识这种文件", "this kind of file is not known"),
        Bilingual("可读 .parquet、.csv、.csv.gz。", "Readable are .parquet, .csv and .csv.gz."),
    )


def _read_parquet(path: Path) -> RawTable:
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            raise
        raise file_error(
            path,
            Bilingual("不是完整的 Parquet 文件", "this is not a whole Parquet file"),
            Bilingual("请重新导出或下载该文件。", "Export or download the file again."),
        ) from None
    _refuse_twice(path, table)
    index = [name for name in table.column_names if _PANDAS_INDEX.fullmatch(name)]
    return RawTable(path=path, table=table.drop_columns(index))


def _refuse_twice(path: Path, table: Any) -> None:  # noqa: ANN401  # pyarrow has no types
    names = table.column_names
    twice = [name for name in names if names.count(name) > 1]
    if twice or not names:
        name = masked(twice[0]) if twice else ""
        raise file_error(
            path,
            Bilingual(f"没有列，或列名“{name}”重复", f'there is no column, or the name "{name}" stands twice'),
            Bilingual("请给每列一个不同的名字。", "Give each column a name of its own."),
        )
