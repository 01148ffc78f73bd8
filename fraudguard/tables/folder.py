"""Writing a file or a folder whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fraudguard.errors import ConflictError, NotFoundError, PermissionDeniedError

__all__ = ["claim", "whole_file", "whole_folder"]


def claim(out: Path, *, overwrite: bool, marker: str | None = None) -> None:
    """Check that `out` may be written, before any work is done for it.

    Parameters
    ----------
    out : Path
        A file or folder to be made.
    overwrite : bool
        Whether an existing one may be replaced.
    marker : str, optional
        A folder is replaced only if it is empty or holds a file of this name:
        a slip of the hand must not cost a home directory.

    Raises
    ------
    ConflictError
        If it exists and may not be replaced.
    PermissionDeniedError
        If the place may not be written.
    NotFoundError
        If a file stands where a folder above it would be.
    """
    _require_place(out)
    if not os.path.lexists(out):
        return
    if not overwrite:
        raise ConflictError(
            f"{out} exists already. Choose another name, or add --overwrite (overwrite=True).",
            f"{out} 已存在。请换个名字，或加 --overwrite（overwrite=True）。",
        )
    if out.is_dir() is not (marker is not None) or (marker and not _replaceable(out, marker)):
        raise ConflictError(
            f"{out} was not made by this command and is not overwritten. Choose another name.",
            f"{out} 不是本命令生成的，不会被覆盖。请换个名字。",
        )


def _require_place(out: Path) -> None:
    # Early: the last write would refuse it only after all the work.
    parent = next(parent for parent in out.absolute().parents if parent.exists())
    if not parent.is_dir():
        raise NotFoundError(
            f"{out} cannot be made: {parent} is a file, not a folder. Choose another place.",
            f"无法生成 {out}：{parent} 是文件，不是文件夹。请换个位置。",
        )
    if not os.access(parent, os.W_OK):
        raise _denied(out)


def _denied(out: Path) -> PermissionDeniedError:
    return PermissionDeniedError(
        f"{out} may not be written by this user. Choose another place.", f"当前用户不能写入 {out}。请换个位置。"
    )


def _replaceable(folder: Path, marker: str) -> bool:
    return (folder / marker).is_file() or not any(folder.iterdir())


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give an empty folder beside `out` that takes its name when the block ends well.

    Yields
    ------
    Path
        The folder to fill. On any error, Ctrl-C too, it is removed.

    Raises
    ------
    PermissionDeniedError
        If the place may not be written.
    """
    with _beside(out) as temporary:
        temporary.mkdir()
        yield temporary
        _replace_folder(temporary, out)


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give a file name beside `out` that becomes `out` when the block ends well.

    Yields
    ------
    Path
        The file to write. On any error, Ctrl-C too, it is removed.

    Raises
    ------
    PermissionDeniedError
        If the place may not be written.
    """
    with _beside(out) as temporary:
        yield temporary
        temporary.replace(out)


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    missing = [parent for parent in (out.parent, *out.parent.parents) if not parent.exists()]
    temporary = out.parent / f".{out.name}.{secrets.token_hex(4)}.part"
    done = False
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        done = True
    except PermissionError as error:
        raise _denied(out) from error
    except OSError as error:
        if error.filename and temporary.name not in str(error.filename):
            raise
        # A full disk names no place, or one that is gone by now.
        raise OSError(error.errno, error.strerror or str(error), str(out)) from error
    finally:
        _remove(temporary)
        for parent in () if done else missing:
            with suppress(OSError):
                parent.rmdir()


def _replace_folder(temporary: Path, out: Path) -> None:
    if not os.path.lexists(out):
        temporary.rename(out)
        return
    old = temporary.with_suffix(".old")
    out.rename(old)
    try:
        temporary.rename(out)
    except BaseException:
        old.rename(out)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
