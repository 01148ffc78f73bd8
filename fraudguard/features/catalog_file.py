"""A catalog of one's own: a Python file that defines ``CATALOG``.

To read such a file is to run it, with every right of whoever started the
command: name only a file that you would run yourself. It stands alone; what
lies beside it is not found by ``import``, what is installed is.
"""

import hashlib
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any, Final

from fraudguard.errors import DefinitionError, FraudguardError, NotFoundError
from fraudguard.features.catalog import CATALOG, Catalog

__all__ = ["CatalogFile", "chosen_catalog", "load_catalog", "read_catalog_file"]

_NAME: Final = "CATALOG"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFile:
    """A catalog, and which file it came from.

    Parameters
    ----------
    name : str
        The file's name, without its folder.
    sha256 : str
        Of what was run, in hexadecimal digits.
    catalog : Catalog
        What it defines.
    """

    name: str
    sha256: str
    catalog: Catalog


def chosen_catalog(path: Path | None) -> Catalog:
    """Return the catalog of a file, or the one that ships when no file is named.

    Parameters
    ----------
    path : Path or None
        A Python file that defines ``CATALOG``; it is run.

    Returns
    -------
    Catalog
        As `load_catalog` gives it.
    """
    return CATALOG if path is None else load_catalog(path)


def load_catalog(path: Path) -> Catalog:
    """Run a Python file and return the catalog that it defines.

    Parameters
    ----------
    path : Path
        Ends in ``.py`` and defines ``CATALOG``. It is run with the rights of this process.

    Returns
    -------
    Catalog
        Whether the kernel can compute it, `compile_plan` will tell.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is no Python file, cannot be run, or defines no catalog; the line is named.
    """
    return read_catalog_file(path).catalog


def read_catalog_file(path: Path) -> CatalogFile:
    """Run a Python file and return its catalog, with the name and the hash of the file.

    Parameters
    ----------
    path : Path
        As for `load_catalog`.

    Returns
    -------
    CatalogFile
        The hash is of the very bytes that were run.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is no Python file, cannot be run, or defines no catalog; the line is named.
    """
    source = _read(path)
    catalog = _catalog_in(_run(_compiled(source, path), path), path)
    return CatalogFile(name=path.name, sha256=hashlib.sha256(source).hexdigest(), catalog=catalog)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFoundError(
            f"there is no catalog {path}; name a Python file that defines {_NAME}",
            f"没有特征目录 {path}；请给出定义了 {_NAME} 的 Python 文件",
        )
    if path.suffix != ".py":
        raise DefinitionError(
            f"{path} is no Python file; a catalog is one, and its name ends in .py",
            f"{path} 不是 Python 文件；特征目录须是以 .py 结尾的 Python 文件",
        )
    return path.read_bytes()


def _compiled(source: bytes, path: Path) -> CodeType:
    try:
        return compile(source, str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:  # ValueError: a zero byte, before Python 3.12
        line = error.lineno if isinstance(error, SyntaxError) else None
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        raise _refused(path, f"this is not Python: {what}", f"不是合法的 Python：{what}", line=line) from error


def _run(code: CodeType, path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "catalog_file", "__file__": str(path)}
    try:
        exec(code, names)  # noqa: S102  # the analyst's own code, named on purpose; the help and the manual say that it is run
    except (Exception, SystemExit) as error:  # whatever it was, it is the file that cannot be used
        kind, zh, en = type(error).__name__, str(error), str(error)
        if isinstance(error, FraudguardError):
            zh, en = error.zh, error.en
        raise _refused(path, f"{kind}: {en}", f"{kind}：{zh}", line=_line(error, path)) from error
    return names


def _line(error: BaseException, path: Path) -> int | None:
    """Return the line of the file itself at which an error came up, however deep below it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)


def _catalog_in(names: dict[str, Any], path: Path) -> Catalog:
    found = names.get(_NAME)
    others = [name for name, value in names.items() if isinstance(value, Catalog) and value is not CATALOG]
    if isinstance(found, Catalog) and not (found is CATALOG and others):
        return found
    if isinstance(found, Catalog):  # imported to be extended, and the result was given another name
        told = ("is the catalog that ships, unchanged", "仍是随包目录，未作改动")
    elif _NAME in names:
        kind = type(found).__name__
        told = (f"is a {kind}, not a Catalog", f"是 {kind} 而不是 Catalog")
    else:
        told = ("is not in it", "不在其中")
    mend = f"{_NAME} = {others[0]}" if others else f"{_NAME} = Catalog((…))"
    raise _refused(path, f"{_NAME} {told[0]}; end the file with {mend}", f"{_NAME} {told[1]}；请在末尾写 {mend}")


def _refused(path: Path, en: str, zh: str, *, line: int | None = None) -> DefinitionError:
    where_en, where_zh = (f", line {line}", f" 第 {line} 行") if line else ("", "")
    return DefinitionError(f"{path}{where_en}: {en}", f"{path}{where_zh}：{zh}")
