"""Reading CSV: every cell as text, and a clear word when a file is not what it says."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from fraudguard.errors import DataError, DefinitionError
from fraudguard.tables.fault import file_error
from fraudguard.tables.raw import FileFormat, RawTable
from fraudguard.wording import Bilingual

__all__ = ["read_csv"]

_GZIP_MAGIC: Final = b"\x1f\x8b"
_FIELD_MAX: Final = 2**27
_BROKEN: Final = (pa.ArrowException, EOFError, OSError, ValueError, zlib.error, csv.Error)
_EXPORT_AGAIN: Final = Bilingual("请重新导出或下载该文件。", "Export or download the file again.")


def read_csv(path: Path, file_format: FileFormat) -> RawTable:
    """Read a CSV file, plain or gzipped, with every column as text.

    Parameters
    ----------
    path : Path
        An existing file.
    file_format : FileFormat
        Encoding, delimiter, and words for an empty cell.

    Returns
    -------
    RawTable
        Rows in the order of the file; empty lines are left out.

    Raises
    ------
    DataError
        If the file is empty, damaged, in another encoding, or a row has too many or too few cells.
    DefinitionError
        If the encoding is not known.
    """
    return RawTable(path=path, table=_read(path, file_format), line_of=partial(_line_of, path, file_format))


def _read(path: Path, file_format: FileFormat) -> Any:  # noqa: ANN401  # pyarrow has no types
    try:
        return _parse(path, file_format, _header(path, file_format))
    except PermissionError:
        raise
    except LookupError as error:
        raise _unknown_encoding(file_format.encoding) from error
    except _BROKEN as error:
        raise _explain(path, file_format, error) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        zipped = plain.read(2) == _GZIP_MAGIC
        plain.seek(0)
        if not zipped:
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as stream:
            yield stream  # type: ignore[misc]  # a GzipFile is a binary stream


@contextmanager
def _lines(path: Path, file_format: FileFormat) -> Iterator[Any]:
    encoding = "utf-8-sig" if _is_utf8(file_format) else file_format.encoding
    csv.field_size_limit(_FIELD_MAX)
    with _opened(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        yield csv.reader(text, delimiter=file_format.delimiter)


def _is_utf8(file_format: FileFormat) -> bool:
    return file_format.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}


def _header(path: Path, file_format: FileFormat) -> list[str]:
    with _lines(path, file_format) as lines:
        header: list[str] = next((row for row in lines if row), [])
    if not header:
        raise file_error(
            path,
            Bilingual("文件是空的", "the file is empty"),
            Bilingual(
                "第一行应是列名，其后每行一条记录。", "The first line names the columns, then one record a line."
            ),
        )
    _refuse_twice(path, header)
    return header


def _refuse_twice(path: Path, header: list[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1 or not name.strip()})
    if twice:
        name = twice[0].strip()
        raise file_error(
            path,
            Bilingual(f"列名“{name}”重复或为空", f'the column name "{name}" stands twice or is empty'),
            Bilingual("请给每列一个不同的名字。", "Give each column a name of its own."),
        )


def _parse(path: Path, file_format: FileFormat, header: list[str]) -> Any:  # noqa: ANN401  # pyarrow has no types
    with _opened(path) as stream:
        return pa_csv.read_csv(
            stream,
            read_options=pa_csv.ReadOptions(encoding="utf8" if _is_utf8(file_format) else file_format.encoding),
            parse_options=_parse_options(file_format),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.large_string()),
                null_values=["", *file_format.null_values],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )


def _parse_options(file_format: FileFormat, handler: Any = None) -> Any:  # noqa: ANN401  # pyarrow has no types
    return pa_csv.ParseOptions(
        delimiter=file_format.delimiter, newlines_in_values=True, invalid_row_handler=handler, ignore_empty_lines=True
    )


def _unknown_encoding(encoding: str) -> DefinitionError:
    return DefinitionError(
        f'no such encoding: "{encoding}"; write utf-8 or gb18030', f"没有这种编码：“{encoding}”；请写 utf-8 或 gb18030"
    )


def _explain(path: Path, file_format: FileFormat, error: BaseException) -> DataError:
    # pyarrow's own message quotes the row, which may hold personal data: it is never passed on.
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        damaged = Bilingual("gzip 压缩内容不完整或已损坏", "the gzip data are cut short or damaged")
        return file_error(path, damaged, _EXPORT_AGAIN)
    line = _undecodable_line(path, file_format.encoding)
    other = "gb18030" if _is_utf8(file_format) else "utf-8"
    if line:
        return file_error(
            path,
            Bilingual(
                f"第 {line} 行不是 {file_format.encoding} 编码", f"line {line} is not {file_format.encoding} text"
            ),
            Bilingual(
                f"请用 --encoding 指明编码，例如 {other}；若不是文本，请重新导出。",
                f"Name the encoding with --encoding, for example {other}; if this is no text at all, export it again.",
            ),
        )
    return _ragged(path, file_format)


def _undecodable_line(path: Path, encoding: str) -> int | None:
    number, decoder = 0, codecs.getincrementaldecoder(encoding)()
    try:
        with _opened(path) as stream:
            for number, line in enumerate(stream, start=1):  # noqa: B007  # the line it stopped at is the answer
                decoder.decode(line)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return number
    return None


def _ragged(path: Path, file_format: FileFormat) -> DataError:
    widths: list[tuple[int, int]] = []
    with suppress(csv.Error), _lines(path, file_format) as lines:
        widths.extend((lines.line_num, len(cells)) for cells in lines if cells)
    wanted = widths[0][1] if widths else 0
    odd = [(row, line, width) for row, (line, width) in enumerate(widths) if width != wanted]
    if not odd:
        return file_error(
            path,
            Bilingual("读不成 CSV 表格", "the file cannot be read as CSV"),
            Bilingual("请检查引号、分隔符与编码。", "Look at quotes, delimiter and encoding."),
        )
    return _ragged_error(path, odd, wanted)


def _ragged_error(path: Path, odd: list[tuple[int, int, int]], wanted: int) -> DataError:
    (row, line, width), count = odd[0], len(odd)
    return file_error(
        path,
        Bilingual(
            f"第 {row} 行（文件第 {line} 行）有 {width} 格，表头有 {wanted} 列；共 {count} 行如此",
            f"row {row} (line {line}) has {width} cells where the header has {wanted} columns; such rows: {count}",
        ),
        Bilingual(
            "含分隔符的文字要加引号；也请检查分隔符。",
            "Put text that holds the delimiter in quotes; check the delimiter too.",
        ),
    )


def _line_of(path: Path, file_format: FileFormat, row: int) -> int | None:
    with suppress(*_BROKEN), _lines(path, file_format) as lines:
        filled = (int(lines.line_num) for cells in lines if cells)
        return next(islice(filled, row + 1, None), None)  # the header is the first filled line
    return None
