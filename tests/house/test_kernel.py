"""The kernel under test is the kernel in the tree."""

import os
from importlib.machinery import EXTENSION_SUFFIXES

from fraudguard.features import kernel
from tests.house.tree import PACKAGE

SOURCE = PACKAGE / "features" / "kernel.py"


def _compiled() -> list[float]:
    libraries = (SOURCE.with_suffix(suffix) for suffix in EXTENSION_SUFFIXES)
    return [library.stat().st_mtime for library in libraries if library.is_file()]


def test_compiled_kernel_is_not_older_than_its_source() -> None:
    """A stale library would be tested in place of the source."""
    built = max(_compiled(), default=0.0)

    assert built >= SOURCE.stat().st_mtime


def test_kernel_runs_as_asked() -> None:
    """The tests run the compiled library, unless told to run the source."""
    from_source = os.environ.get("FRAUDGUARD_PURE_KERNEL") == "1"  # noqa: TID251  # a switch of the tests

    assert kernel.__file__.endswith(".py") == from_source
