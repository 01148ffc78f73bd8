"""Payment messages as a table: ISO 20022 ``pacs.008`` and CNAPS2 ``hvps.111``.

`hvps.111` is a `pacs.008` tree under a namespace of its own, so one reader
takes both. Files come from outside, so they are parsed by defusedxml with
document types forbidden: no entity is ever expanded, nothing is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import pyarrow as pa
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from fraudguard.errors import DataError, NotFoundError
from fraudguard.ingest.transactions import COLUMNS, transaction_row
from fraudguard.tables.fault import masked
from fraudguard.tables.raw import RawTable

__all__ = ["MESSAGE_BYTES_MAX", "is_message_source", "open_messages"]

MESSAGE_BYTES_MAX: Final = 512 * 1024 * 1024
"""Largest file read: more than any clearing system sends in one message, less than a machine's memory."""

_DEPTH_MAX: Final = 32
"""A pacs.008 is fourteen levels deep; a file that goes on nesting is not one."""

_NAMESPACES: Final = re.compile(
    r"urn:(iso:std:iso:20022:tech:xsd:pacs\.008\.001\.\d{2}|cnaps:std:hvps:2010:tech:xsd:hvps\.111\.001\.\d{2})"
)
_TRANSACTION: Final = "CdtTrfTxInf"
_HEADER: Final = "GrpHdr"
_DOCUMENT: Final = "Document"


@dataclass(slots=True)
class _Reading:
    """Where the reader is: how deep, what the header said, how many transactions there were."""

    path: Path
    depth: int = 0
    document: bool = False
    transactions: int = 0
    header: dict[str, str] = field(default_factory=dict)


def is_message_source(source: Path) -> bool:
    """Return whether a source is a message: a file that begins as XML, or a folder with ``.xml`` files.

    Parameters
    ----------
    source : Path
        File or folder; one that is not there is none.

    Returns
    -------
    bool
        By content, whatever the file is called; an ending of ``.xml`` is enough too.
    """
    if source.is_dir():
        return any(source.glob("*.xml"))
    if not source.is_file():
        return False
    with source.open("rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    return source.suffix.lower() == ".xml" or start.startswith(b"<")


def open_messages(source: Path, *, bytes_max: int = MESSAGE_BYTES_MAX) -> RawTable:
    """Read the credit transfers of a message, or of all messages of a folder.

    Parameters
    ----------
    source : Path
        An ``.xml`` file, or a folder; its files are read by name.
    bytes_max : int
        Largest file taken.

    Returns
    -------
    RawTable
        Text under our names, one row a ``CdtTrfTxInf``; names of people are not read.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DataError
        If a file is too large, not well-formed, has a document type or entities, is another message, or a
        transaction lacks what a transfer needs. The message names file, transaction, element and mend.
    """
    paths = sorted(source.glob("*.xml")) if source.is_dir() else [source]
    if not paths or not paths[0].is_file():
        raise NotFoundError(f"{source}: no such file. Check the path.", f"{source}：没有这个文件。请检查路径。")
    rows = [row for path in paths for row in _rows(path, bytes_max)]
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.large_string()) for name in COLUMNS})
    told = [name for name in COLUMNS if table[name].null_count < table.num_rows or table.num_rows == 0]
    return RawTable(path=source, table=table.select(told))


def _rows(path: Path, bytes_max: int) -> Iterator[dict[str, str]]:
    size = path.stat().st_size
    if size > bytes_max:
        raise DataError(
            f"{path}: {size} bytes, more than the {bytes_max} that are read. Split the message.",
            f"{path}：{size} 字节，超过可读的 {bytes_max} 字节。请拆分报文。",
        )
    reading = _Reading(path)
    try:
        yield from _parsed(reading)
    except DefusedXmlException as error:
        raise _refused(path, "it has a document type or entities", "含有文档类型声明或实体") from error
    except (ParseError, UnicodeError, LookupError, ValueError) as error:
        raise _refused(path, f"it is not well-formed XML ({masked(str(error))})", "不是格式完好的 XML") from error
    if not reading.transactions:
        raise _refused(path, "it has no CdtTrfTxInf", "没有 CdtTrfTxInf")


def _refused(path: Path, en: str, zh: str) -> DataError:
    return DataError(
        f"{path}: {en}, so it is not read. Export the pacs.008 or hvps.111 message again.",
        f"{path}：{zh}，因此不读取。请重新导出 pacs.008 或 hvps.111 报文。",
    )


def _parsed(reading: _Reading) -> Iterator[dict[str, str]]:
    """Go through a file element by element; what has been read is dropped, so memory does not grow with it."""
    with reading.path.open("rb") as stream:
        parents: list[Element] = []
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                _enter(reading, element)
                parents.append(element)
                continue
            parents.pop()
            reading.depth -= 1
            yield from _leave(reading, element)
            if _local(element) in {_TRANSACTION, _HEADER} and parents:
                parents[-1].remove(element)


def _enter(reading: _Reading, element: Element) -> None:
    reading.depth += 1
    if reading.depth > _DEPTH_MAX:
        raise _refused(reading.path, f"it nests deeper than {_DEPTH_MAX} levels", f"嵌套超过 {_DEPTH_MAX} 层")
    if _local(element) == _DOCUMENT and not reading.document:
        namespace = element.tag[1:].split("}")[0] if element.tag.startswith("{") else ""
        if not _NAMESPACES.fullmatch(namespace):
            raise _refused(
                reading.path, f"its namespace is {masked(namespace) or 'missing'}, not that of pacs.008 or hvps.111",
                f"命名空间为 {masked(namespace) or '空'}，不是 pacs.008 或 hvps.111",
            )  # fmt: skip
        reading.document = True


def _leave(reading: _Reading, element: Element) -> Iterator[dict[str, str]]:
    name = _local(element)
    if name == _HEADER and reading.document:
        reading.header = {_local(child): (child.text or "").strip() for child in element}
    elif name == _TRANSACTION and reading.document:
        reading.transactions += 1
        yield transaction_row(element, reading.header, place=f"{reading.path}: CdtTrfTxInf {reading.transactions}")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
