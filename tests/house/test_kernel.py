"""The kernel under test is the kernel in the tree."""

import os
from importlib.machinery import EXTENSION_SUFFIXES
from types import ModuleType

import pytest

from fraudguard.features import kernel, past
from tests.house.tree import PACKAGE


@pytest.mark.parametrize("module", ["kernel", "past"])
def test_compiled_kernel_is_not_older_than_its_source(module: str) -> None:
    """A stale library would be tested in place of the source."""
    source = PACKAGE / "features" / f"{module}.py"
    declared = PACKAGE / "features" / "past.pxd"
    libraries = [source.with_suffix(suffix) for suffix in EXTENSION_SUFFIXES]
    built = max((library.stat().st_mtime for library in libraries if library.is_file()), default=0.0)

    assert built >= max(source.stat().st_mtime, declared.stat().st_mtime)


@pytest.mark.parametrize("module", [kernel, past])
def test_kernel_runs_as_asked(module: ModuleType) -> None:
    """The tests run the compiled library, unless told to run the source."""
    from_source = os.environ.get("FRAUDGUARD_PURE_KERNEL") == "1"  # noqa: TID251  # a switch of the tests

    assert str(module.__file__).endswith(".py") == from_source
