"""Snapshots: the state of an engine in a file, as it stands in memory.

A file holds a header, the chunks of every arena, and what the caller keeps beside them, each section on a page of its
own. Restored, it is read once to be checked and then mapped copy-on-write: memory is taken page by page as it is needed,
and nothing is ever written back. Every section and the header have their SHA-256; a file that is torn, changed, or made
for other features or by another version is refused before anything of it is used, and the state is then built from the
log. A file is complete or not there: it is written under another name, brought to disk, and renamed.
"""

import hashlib
import json
import mmap
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Final, cast

from fraudguard.errors import ArtifactError, NotFoundError
from fraudguard.features.engine import Engine

__all__ = ["UNFINISHED", "Snapshot", "read_snapshot", "write_snapshot"]

UNFINISHED: Final = ".unfinished"
"""How the name of a file ends that is being written."""

_MAGIC: Final = b"fraudguard features 2\n"
_PAGE: Final = 4_096
_LENGTH_BYTES: Final = 8
_DIGEST_BYTES: Final = 32
_BESIDE: Final = "beside."
_AT_ONCE: Final = 1 << 20
_TO_DISK: Final = 1 << 20
"""So many bytes are brought to disk at a time: whoever commits to the same disk waits for no more than that."""
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_OWNER_ONLY: Final = 0o600
_BLOCK: Final = 1 << 16
_ZEROS: Final = bytes(_BLOCK)

Header = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a file holds beside the state.

    Parameters
    ----------
    place : int
        How many events of the log the state has seen.
    notes : mapping of str to str
        What the caller noted about it.
    beside : mapping of str to bytearray
        What the caller kept with it, by name.
    """

    place: int
    notes: Mapping[str, str]
    beside: Mapping[str, bytearray]


def write_snapshot(
    engine: Engine,
    path: Path,
    *,
    fingerprint: str,
    place: int,
    notes: Mapping[str, str] = _NOTHING,
    beside: Mapping[str, bytes | bytearray] = _NOTHING,
) -> None:
    """Write the state of an engine.

    Parameters
    ----------
    engine : Engine
        Must not be pushed to meanwhile.
    path : Path
        Replaced when it exists, and only by a complete file; nobody but its owner may read it.
    fingerprint : str
        Of the engine's plan.
    place : int
        How many events of the log the state has seen.
    notes : mapping of str to str
        To be found again by `read_snapshot`.
    beside : mapping of str to bytes
        To be kept with the state, and found again as well.
    """
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    unfinished.unlink(missing_ok=True)
    try:
        with _created(unfinished) as file:
            _write(
                file, engine, header=_about(engine, fingerprint=fingerprint, place=place, notes=notes), beside=beside
            )
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


def read_snapshot(engine: Engine, path: Path, *, fingerprint: str) -> Snapshot:
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
    Snapshot
        Says how many events of the log the state has seen; the rest must be pushed.

    Raises
    ------
    NotFoundError
        If there is no such file.
    ArtifactError
        If the file is torn or changed, or was made for other features or by another version; the engine is still empty.
    """
    if not path.is_file():
        raise NotFoundError(f"{path}: no such snapshot", f"{path}：没有这个快照")
    with path.open("rb") as file:
        header, size = _header(file, path)
        _require_fitting(header, path, fingerprint)
        _require_layout(header, path, engine)
        _require_length(header, size, path)
        _require_whole(file, header, path)
        beside = {name: bytearray(_read(file, header, _BESIDE + name)) for name in header["beside"]}
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    _restore(engine, header, memoryview(mapped))
    return Snapshot(place=int(header["place"]), notes=header["notes"], beside=beside)


@contextmanager
def _created(path: Path) -> Iterator[BinaryIO]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, _OWNER_ONLY), "wb") as file:
        yield file


def _about(engine: Engine, *, fingerprint: str, place: int, notes: Mapping[str, str]) -> Header:
    return {
        "fingerprint": fingerprint,
        "version": version("fraudguard"),
        "byte_order": sys.byteorder,
        "place": place,
        "notes": dict(notes),
        "numbers": engine.numbers(),
        "indexes": {name: index.numbers() for name, index in engine.indexes().items()},
    }


def _write(file: BinaryIO, engine: Engine, *, header: Header, beside: Mapping[str, bytes | bytearray]) -> None:
    sections: dict[str, Header] = {}
    offset = 0
    for name, arena in engine.arenas().items():
        about = {"width": arena.width, "used": arena.used, "gaps": arena.gap_list()}
        sections[name] = _section_about(offset, arena.chunk_bytes()) | about
        offset += _whole_pages(sections[name]["n_bytes"])
    for name, content in beside.items():
        sections[_BESIDE + name] = _section_about(offset, [content])
        offset += _whole_pages(len(content))
    begin = _write_header(file, header | {"beside": list(beside), "sections": sections, "n_bytes": offset})
    for name, arena in engine.arenas().items():
        _write_section(file, begin + sections[name]["offset"], arena.chunk_bytes())
    for name, content in beside.items():
        _write_section(file, begin + sections[_BESIDE + name]["offset"], [content])
    file.truncate(begin + offset)


def _section_about(offset: int, chunks: Iterable[bytes | bytearray | memoryview]) -> Header:
    digest, n_bytes = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        n_bytes += len(chunk)
    return {"offset": offset, "n_bytes": n_bytes, "sha256": digest.hexdigest()}


def _write_section(file: BinaryIO, begin: int, chunks: Iterable[bytes | bytearray | memoryview]) -> None:
    waiting = 0
    for chunk in chunks:
        for block in _blocks(chunk):
            if block != _ZEROS[: len(block)]:  # zeros are left out: a hole in the file reads as zeros
                file.seek(begin)
                file.write(block)
                waiting += len(block)
            begin += len(block)
        if waiting >= _TO_DISK:
            _to_disk(file)
            waiting = 0


def _to_disk(file: BinaryIO) -> None:
    """Bring to disk what was written, and leave the disk to others for as long as that took."""
    began = time.perf_counter()
    file.flush()
    os.fdatasync(file.fileno())
    time.sleep(time.perf_counter() - began)


def _blocks(chunk: bytes | bytearray | memoryview) -> Iterator[bytes]:
    view = memoryview(chunk).cast("B")
    return (bytes(view[place : place + _BLOCK]) for place in range(0, len(view), _BLOCK))


def _write_header(file: BinaryIO, header: Header) -> int:
    """Write the header and return where the sections begin."""
    text = json.dumps(header).encode()
    begin = _whole_pages(len(_MAGIC) + _LENGTH_BYTES + _DIGEST_BYTES + len(text))
    file.write(_MAGIC + len(text).to_bytes(_LENGTH_BYTES, "little") + hashlib.sha256(text).digest() + text)
    return begin


def _header(file: BinaryIO, path: Path) -> tuple[Header, int]:
    # The header gets to know where the sections begin; the size is that of the file.
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


def _require_layout(header: Header, path: Path, engine: Engine) -> None:
    arenas = engine.arenas()
    widths = {name: section.get("width") for name, section in header["sections"].items() if name in arenas}
    same_layout = widths == {name: arena.width for name, arena in arenas.items()}
    if header["version"] != version("fraudguard") or not same_layout:
        raise ArtifactError(
            f"snapshot {path} was made by another version ({header['version']}); build the state from the log",
            f"快照 {path} 由另一版本（{header['version']}）写成；请从日志重建状态",
        )


def _require_length(header: Header, size: int, path: Path) -> None:
    if size < header["size"]:
        raise _torn(path, "it ends too early")


def _require_whole(file: BinaryIO, header: Header, path: Path) -> None:
    # Read, not mapped: what is mapped and looked at counts as memory of this process.
    for name, section in header["sections"].items():
        digest, left, buffer = hashlib.sha256(), section["n_bytes"], memoryview(bytearray(_AT_ONCE))
        file.seek(header["begin"] + section["offset"])
        while left and (n_read := file.readinto(buffer[: min(left, _AT_ONCE)])):  # type: ignore[attr-defined]
            digest.update(buffer[:n_read])
            left -= n_read
        if digest.hexdigest() != section["sha256"]:
            raise _torn(path, f"section {name} is damaged")


def _read(file: BinaryIO, header: Header, name: str) -> bytes:
    file.seek(header["begin"] + header["sections"][name]["offset"])
    return file.read(header["sections"][name]["n_bytes"])


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
