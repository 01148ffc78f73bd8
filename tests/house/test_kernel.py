"""The kernel under test is the kernel in the tree."""

import ast
import os
import re
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import KERNEL
from tests.house.tree import PACKAGE, ROOT

FOLDER: Final = PACKAGE / "features"
MODULES: Final = [name.rsplit(".", 1)[-1] for name in KERNEL]


def _declarations(module: str) -> set[Path]:
    """Return the .pxd files that a module is compiled with: its own, and those of what it or they take from C."""
    found: set[Path] = set()
    waiting = [FOLDER / f"{module}.py", FOLDER / f"{module}.pxd"]
    while waiting:
        path = waiting.pop()
        if not path.is_file() or path in found:
            continue
        found.add(path)
        text = path.read_text("utf-8")
        waiting += [FOLDER / f"{name}.pxd" for name in re.findall(r"fraudguard\.features\.(\w+) c?import", text)]
    return {path for path in found if path.suffix == ".pxd"}


def _compiled() -> list[str]:
    """Return the modules that setup.py compiles, as it lists them."""
    tree = ast.parse((ROOT / "setup.py").read_text("utf-8"))
    loops = [node.generators[0].iter for node in ast.walk(tree) if isinstance(node, ast.ListComp)]
    return list(ast.literal_eval(loops[0]))


def test_every_compiled_module_can_be_loaded_from_its_source() -> None:
    """The switch of the tests knows the modules that are compiled, all of them and no other."""
    assert _compiled() == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_compiled_kernel_is_not_older_than_its_source(module: str) -> None:
    """A stale library would be tested in place of the source."""
    source = FOLDER / f"{module}.py"
    libraries = [source.with_suffix(suffix) for suffix in EXTENSION_SUFFIXES]
    built = max((library.stat().st_mtime for library in libraries if library.is_file()), default=0.0)

    newer = [path.name for path in (source, *_declarations(module)) if path.stat().st_mtime > built]

    assert newer == []


@pytest.mark.parametrize("name", KERNEL)
def test_kernel_runs_as_asked(name: str) -> None:
    """The tests run the compiled library, unless told to run the source."""
    from_source = os.environ.get("FRAUDGUARD_PURE_KERNEL") == "1"  # noqa: TID251  # a switch of the tests

    assert str(import_module(name).__file__).endswith(".py") == from_source


def test_every_declaration_is_of_a_compiled_module() -> None:
    """A .pxd says what a compiled module has, or what C says in place of `machine`."""
    assert {path.stem for path in FOLDER.glob("*.pxd")} <= {*MODULES, "machine"}
