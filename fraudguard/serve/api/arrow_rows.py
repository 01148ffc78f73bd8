"""From an Arrow stream to transfers: the columns are those of a dataset's table of transfers.

A row is checked quickly by the same rules as a request; what does not pass goes the careful way, as the JSON it could have been, so that its faults are named in the same
words.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from fraudguard.column import Column, columns_of
from fraudguard.serve.api.arrow_messages import message_size
from fraudguard.serve.api.problems import FieldError, InvalidRequestError, MalformedError, body_error
from fraudguard.serve.api.reader import READERS, kind_of
from fraudguard.serve.api.shape import TRANSFER, UNKNOWN, is_within_range, paths_of
from fraudguard.serve.batch import Line
from fraudguard.transfer import Transfer

__all__ = ["ArrowRows"]

_AT_ONCE: Final = 128
_LONGEST_WORD_BYTES: Final = 8_000
"""A longer word of a dictionary, named by every row, would fill memory when it is written out."""

_UNREADABLE: Final = (pa.ArrowException, struct.error, OSError, ValueError, OverflowError)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS: Final = {column.name: column for column in columns_of(Transfer) if column.pointer}
_PLACES: Final = {name: (group, leaf) for name, group, leaf in paths_of(Transfer)}
_MOMENTS: Final = tuple(name for name, column in _COLUMNS.items() if column.type is datetime)
_encoder: Final = msgspec.json.Encoder()


def _field(column: Column) -> tuple[Any, ...]:
    kind = datetime if column.type is datetime else kind_of(column)
    return (column.name, kind) if column.required else (column.name, kind | None, None)


_Row: Final[Any] = msgspec.defstruct("TransferRow", [_field(column) for column in _COLUMNS.values()], kw_only=True)


class ArrowRows:
    """The rows of a stream.

    Parameters
    ----------
    body : bytes
        The stream.

    Raises
    ------
    MalformedError
        If it is none, or a compressed one.
    InvalidRequestError
        If a column is not one of a transfer, or not of a kind that can be read.
    """

    def __init__(self, body: bytes) -> None:
        try:
            self.count = _count(body)
            self._reader = pa.ipc.open_stream(body)
            faults = list(_faults(self._reader.schema))
        except _UNREADABLE as error:
            raise _malformed() from error
        if faults:
            raise InvalidRequestError(faults)

    def lines(self) -> Iterator[Line]:
        """Yield the rows; one that cannot be read at all is the last."""
        number = 0
        try:
            for batch in self._reader:
                for begin in range(0, len(batch), _AT_ONCE):
                    part = batch.slice(begin, _AT_ONCE)
                    part.validate(full=True)  # before anything is read: offsets may lead anywhere
                    yield from (Line(number + place, row) for place, row in enumerate(_transfers(part), 1))
                    number += len(part)
        except _UNREADABLE:
            yield Line(number + 1, _malformed())


def _count(body: bytes) -> int:
    rows = 0
    for message in pa.ipc.MessageReader.open_stream(pa.BufferReader(body)):
        size = message_size(message.metadata.to_pybytes())
        if size.is_compressed:
            raise MalformedError(
                "the Arrow stream is compressed; write it without compression", "Arrow 流经过压缩；请不压缩写出"
            )
        rows += size.rows
    return rows


def _malformed() -> MalformedError:
    return MalformedError(
        "the body is not an Arrow stream that can be read; write it with pyarrow.ipc.new_stream",
        "请求体不是可读的 Arrow 流；请用 pyarrow.ipc.new_stream 写出",
    )


def _faults(schema: pa.Schema) -> Iterator[FieldError]:
    for field in schema:
        yield from _faults_of(field)
    for name, column in _COLUMNS.items():
        if column.required and name not in schema.names:
            yield FieldError(pointer=f"#/{name}", detail="The column is missing", code="missing")
    if len(set(schema.names)) < len(schema.names):
        yield FieldError(pointer="#", detail="Two columns have one name", code="twice")


def _faults_of(field: pa.Field) -> Iterator[FieldError]:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if field.name not in _COLUMNS:
        detail = "No such column; the columns are those of transfers.parquet"
        yield FieldError(pointer=f"#/{field.name}", detail=detail, code="extra_forbidden")
    elif pa.types.is_timestamp(kind) and kind.tz is None:
        detail = "The column has no zone; give its type one, such as UTC"
        yield FieldError(pointer=f"#/{field.name}", detail=detail, code="time_zone")
    elif not any(is_kind(kind) for is_kind in _READ):
        yield FieldError(pointer=f"#/{field.name}", detail=f"A column of {kind} is not read", code="column_type")


_READ: Final = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_boolean,
    pa.types.is_timestamp,
    pa.types.is_null,
    lambda kind: pa.types.is_list(kind) and pa.types.is_string(kind.value_type),
)


def _transfers(part: pa.RecordBatch) -> Iterator[Transfer | Exception]:
    names = part.schema.names
    columns = [_cells(column) for column in part.columns]
    for cells in zip(*columns, strict=True):
        yield _transfer({name: cell for name, cell in zip(names, cells, strict=True) if cell is not None})


def _cells(column: pa.Array) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        longest = pc.max(pc.binary_length(column.dictionary)).as_py() if _is_text(column.dictionary) else 0
        if (longest or 0) > _LONGEST_WORD_BYTES:
            raise pa.ArrowInvalid("a word is too long")
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return _moments(column)
    cells: list[Any] = column.to_pylist()
    return cells


def _is_text(column: pa.Array) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _moments(column: pa.Array) -> list[datetime | None]:
    # Whole microseconds first: the library's own way to Python's moments takes ten times as long.
    counts = pc.cast(column, pa.timestamp("us", column.type.tz), safe=column.type.unit != "ns").cast(pa.int64())
    return [None if one is None else _EPOCH + timedelta(microseconds=one) for one in counts.to_pylist()]


def _transfer(cells: dict[str, Any]) -> Transfer | Exception:
    known = {name: cell for name, cell in cells.items() if cell != UNKNOWN or _COLUMNS[name].required}
    try:
        row = msgspec.convert(known, _Row)
        if all(is_within_range(moment) for name in _MOMENTS if (moment := known.get(name)) is not None):
            return Transfer(**{name: getattr(row, name) for name in known})
    except msgspec.ValidationError:
        pass
    return _carefully(cells)


def _carefully(cells: dict[str, Any]) -> Transfer | Exception:
    body: dict[str, Any] = {}
    for name, cell in cells.items():
        group, leaf = _PLACES[name]
        (body if group is None else body.setdefault(group, {}))[leaf] = cell
    try:
        return Transfer(**READERS[TRANSFER].read(_encoder.encode(body)))
    except ValidationError as error:
        return body_error(error)
    except Exception as error:  # noqa: BLE001  # it is this row's, and the others go on
        return error
