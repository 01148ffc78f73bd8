"""Snapshots: the state of an engine in a file, as it stands in memory.

A file holds a header and the chunks of every arena, each section on a page of its own. Restored,
it is mapped copy-on-write: nothing is read before it is needed, and nothing is ever written back. Every
section and the header have their SHA-256; a file that is torn, changed, or made for other
features is refused before anything of it is used, and the state is then built from the log. A file is complete or not there: it is
written under another name, brought to disk, and renamed.
"""

import hashlib
import json
import mmap
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from fraudguard.errors import ArtifactError, NotFoundError
from fraudguard.features.engine import Engine

__all__ = ["read_snapshot", "write_snapshot"]

_MAGIC: Final = b"fraudguard features 1\n"
_PAGE: Final = 4_096
_LENGTH_BYTES: Final = 8
_DIGEST_BYTES: Final = 32

Header = dict[str, Any]


def write_snapshot(engine: Engine, path: Path, *, fingerprint: str, place: int) -> None:
    """Write the state of an engine.

    Parameters
    ----------
    engine : Engine
        Must not be pushed to meanwhile.
    path : Path
        Replaced when it exists, and only by a complete file.
    fingerprint : str
        Of the engine's plan.
    place : int
        How many events of the log the state has seen.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            _write(file, engine, fingerprint=fingerprint, place=place)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_snapshot(engine: Engine, path: Path, *, fingerprint: str) -> int:
    """Give an empty engine the state of a snapshot.

    Parameters
    ----------
    engine : Engine
        New, of the same plan.
    path : Path
        From `write_snapshot`; may be replaced or removed while the engine runs.
    fingerprint : str
        Of the engine's plan.

    Returns
    -------
    int
        How many events of the log the state has seen; the rest must be pushed.

    Raises
    ------
    NotFoundError
        If there is no such file.
    ArtifactError
        If the file is torn or changed, or was made for other features; the engine is still empty.
    """
    if not path.is_file():
        raise NotFoundError(f"{path}: no such snapshot", f"{path}：没有这个快照")
    with path.open("rb") as file:
        header, size = _header(file, path)
        _require_fitting(header, path, fingerprint)
        if size < header["size"]:
            raise _torn(path, "it ends too early")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    content = memoryview(mapped)
    _require_whole(header, content, path)
    _restore(engine, header, content)
    return int(header["place"])


def _write(file: BinaryIO, engine: Engine, *, fingerprint: str, place: int) -> None:
    sections, offset = {}, 0
    for name, arena in engine.arenas().items():
        digest, n_bytes = hashlib.sha256(), 0
        for chunk in arena.chunk_bytes():
            digest.update(chunk)
            n_bytes += len(chunk)
        sections[name] = {
            "offset": offset,
            "n_bytes": n_bytes,
            "used": arena.used,
            "gaps": arena.gap_list(),
            "sha256": digest.hexdigest(),
        }
        offset += _whole_pages(n_bytes)
    header: Header = {
        "fingerprint": fingerprint,
        "byte_order": sys.byteorder,
        "place": place,
        "numbers": engine.numbers(),
        "indexes": {name: index.numbers() for name, index in engine.indexes().items()},
        "sections": sections,
        "n_bytes": offset,
    }
    begin = _write_header(file, header)
    for name, arena in engine.arenas().items():
        file.seek(begin + sections[name]["offset"])
        for chunk in arena.chunk_bytes():
            file.write(chunk)
    file.truncate(begin + offset)


def _write_header(file: BinaryIO, header: Header) -> int:
    """Write the header and return where the sections begin."""
    text = json.dumps(header).encode()
    begin = _whole_pages(len(_MAGIC) + _LENGTH_BYTES + _DIGEST_BYTES + len(text))
    file.write(_MAGIC + len(text).to_bytes(_LENGTH_BYTES, "little") + hashlib.sha256(text).digest() + text)
    return begin


def _header(file: BinaryIO, path: Path) -> tuple[Header, int]:
    """Return the header, with where the sections begin, and the size of the file."""
    size = os.fstat(file.fileno()).st_size
    if file.read(len(_MAGIC)) != _MAGIC:
        raise _torn(path, "it is no snapshot of this version")
    length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
    digest = file.read(_DIGEST_BYTES)
    text = file.read(min(length, size))
    if hashlib.sha256(text).digest() != digest:
        raise _torn(path, "its header is damaged")
    header = cast("Header", json.loads(text))
    header["begin"] = _whole_pages(len(_MAGIC) + _LENGTH_BYTES + _DIGEST_BYTES + length)
    header["size"] = header["begin"] + header["n_bytes"]
    return header, size


def _require_fitting(header: Header, path: Path, fingerprint: str) -> None:
    if header["fingerprint"] != fingerprint or header["byte_order"] != sys.byteorder:
        raise ArtifactError(
            f"snapshot {path} was made for other features ({header['fingerprint']}, not {fingerprint}) or another "
            "kind of machine; build the state from the log",
            f"快照 {path} 属于另一套特征（{header['fingerprint']}，而非 {fingerprint}）或另一类机器；请从日志重建状态",
        )


def _require_whole(header: Header, content: memoryview, path: Path) -> None:
    for name, section in header["sections"].items():
        if hashlib.sha256(_section(header, content, name)).hexdigest() != section["sha256"]:
            raise _torn(path, f"section {name} is damaged")


def _restore(engine: Engine, header: Header, content: memoryview) -> None:
    for name, arena in engine.arenas().items():
        section = header["sections"][name]
        arena.lend(_section(header, content, name).cast("q"), section["used"])
        arena.set_gaps(section["gaps"])
    for name, index in engine.indexes().items():
        index.set_numbers(header["indexes"][name])
    engine.set_numbers(header["numbers"])


def _section(header: Header, content: memoryview, name: str) -> memoryview:
    section = header["sections"][name]
    begin = header["begin"] + section["offset"]
    return content[begin : begin + section["n_bytes"]]


def _whole_pages(n_bytes: int) -> int:
    return -(-n_bytes // _PAGE) * _PAGE


def _torn(path: Path, what: str) -> ArtifactError:
    return ArtifactError(
        f"snapshot {path} cannot be used: {what}; build the state from the log",
        f"快照 {path} 不能使用：{what}；请从日志重建状态",
    )
