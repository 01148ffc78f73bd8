"""The kernel under test is the kernel in the tree."""

import os
import re
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

import pytest

from fraudguard.features import codes
from tests.house.tree import COMPILED, PACKAGE, ROOT

FEATURES: Final = PACKAGE / "features"
PATHS: Final = [name.removeprefix("fraudguard.").replace(".", "/") for name in COMPILED]


def _declarations(path: Path, known: set[Path]) -> set[Path]:
    """Return the ``.pxd`` of a module, and those that it takes from, and so on."""
    if path not in known:
        known.add(path)
        for other in re.findall(r"^from fraudguard\.features\.(\w+) cimport", path.read_text("utf-8"), re.MULTILINE):
            _declarations(FEATURES / f"{other}.pxd", known)
    return known


@pytest.mark.parametrize("path", PATHS)
def test_compiled_kernel_is_not_older_than_its_source(path: str) -> None:
    """A stale library would be tested in place of the source."""
    sources = [PACKAGE / f"{path}.py", *_declarations(PACKAGE / f"{path}.pxd", set())]
    libraries = [PACKAGE / f"{path}{suffix}" for suffix in EXTENSION_SUFFIXES]
    built = max((library.stat().st_mtime for library in libraries if library.is_file()), default=0.0)

    assert built >= max(source.stat().st_mtime for source in sources)


@pytest.mark.parametrize("name", COMPILED)
def test_kernel_runs_as_asked(name: str) -> None:
    """The tests run the compiled library, unless told to run the source."""
    from_source = os.environ.get("FRAUDGUARD_PURE_KERNEL") == "1"  # noqa: TID251  # a switch of the tests

    assert str(import_module(name).__file__).endswith(".py") == from_source


def test_codes_are_compiled_as_they_stand() -> None:
    """The constants of the compiled kernel are those of `codes.py`."""
    declared = re.findall(r"^    (\w+) = (-?\d+)$", (FEATURES / "codes.pxd").read_text("utf-8"), re.MULTILINE)

    assert {name: int(value) for name, value in declared} == {
        name: value for name, value in vars(codes).items() if name.isupper()
    }


def test_compiled_modules_are_kept_from_doctest() -> None:
    """Doctests pass over the sources of what is compiled: it cannot tell the library from its source."""
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    ignored = re.findall(r'"--ignore=fraudguard/(\w+/\w+)\.py"', settings)

    assert sorted(ignored) == sorted(PATHS)
