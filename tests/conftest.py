"""Fixtures for every room, and the switch that runs the kernel from its source.

With ``FRAUDGUARD_PURE_KERNEL=1`` in the environment, the compiled modules of `fraudguard.features`
are loaded from their sources although libraries lie beside them, so that
coverage can count their branches. The package itself knows nothing of this.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from fraudguard.transfer import Transfer
from tests.databases import cluster, postgresql
from tests.fakes import FakeClock, make_transfer
from tests.house.tree import COMPILED

__all__ = ["FakeClock", "cluster", "make_transfer", "postgresql"]

# A law has no deadline: the wall clock is no part of it.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("default")


class SourceKernelFinder:
    """Finds the kernel's sources before the usual finder finds the compiled libraries."""

    def find_spec(self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the spec of the source for the kernel, None for all else."""
        if name not in COMPILED:
            return None
        source = Path(__file__).parents[1].joinpath(*name.split(".")).with_suffix(".py")
        return spec_from_file_location(name, source, loader=SourceFileLoader(name, str(source)))


if os.environ.get("FRAUDGUARD_PURE_KERNEL") == "1":  # noqa: TID251  # a switch of the tests, not of the package
    sys.meta_path.insert(0, SourceKernelFinder())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a soak runs; give a notebook, which trains models, longer than a test."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.timeout(400))
    if config.getoption("--hypothesis-profile") == "soak":
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


@pytest.fixture
def clock() -> FakeClock:
    """Give a clock that stands still until told to move."""
    return FakeClock()


@pytest.fixture
def transfer() -> Transfer:
    """Give one valid transfer."""
    return make_transfer()
