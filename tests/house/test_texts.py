"""What no committed text may say, and that the texts people copy from are true."""

import re
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.specifiers import SpecifierSet

from tests.house.tree import ROOT, TEXTS, shown

# Written in parts, or this file would name what it forbids.
PLACES: Final = re.compile("|".join(("/" + "work/", r"\.\./" + "shared", "/" + "root/", "/home/" + "[a-z]")))
INDEXES: Final = re.compile("|".join(("index" + "-url", "find" + "-links", "pypi" + r"\.org/simple", "file" + "://")))


@pytest.mark.parametrize("path", TEXTS, ids=shown)
def test_text_names_no_machine(path: Path) -> None:
    """A path or package index of one machine is wrong on every other."""
    text = path.read_text("utf-8", errors="ignore")

    assert [*PLACES.findall(text), *INDEXES.findall(text)] == []


def _pins() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_pinned_versions_are_exact() -> None:
    """`constraints.txt` pins one exact version per package, from wherever the reader installs."""
    loose = [pin for pin in _pins() if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)]

    assert loose == []


def test_pinned_versions_run_on_the_python_of_debian_12() -> None:
    """A package that wants a later 3.11 would install here and fail on a fresh machine."""
    names = {pin.partition("==")[0] for pin in _pins()}
    installed = [found for found in distributions() if found.name in names]
    too_new = [
        found.name
        for found in installed
        if not SpecifierSet(found.metadata["Requires-Python"] or "").contains("3.11.2")
    ]

    assert too_new == []
