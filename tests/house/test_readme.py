"""What people copy from the front pages works."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.house.tree import ROOT, shown

FRONT: Final = [
    path for path in (ROOT / "README.md", ROOT / "README.en.md", ROOT / "CONTRIBUTING.md") if path.is_file()
]
PAGES: Final = [*FRONT, *sorted(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts)]


def _commands(text: str) -> Iterator[str]:
    for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL):
        joined = re.sub(r"\\\n\s*", " ", block)
        yield from re.findall(r"^ *((?:fraudguard|make) .*)$", re.sub(r"(?m)\s+#.*$", "", joined), re.MULTILINE)


def _section(command: str, reference: str) -> str:
    words = re.match(r"fraudguard(?: [a-z][a-z-]*){1,2}", command)
    named = words[0] if words else command
    for heading in (named, named.rpartition(" ")[0]):
        found = re.search(rf"^## `{re.escape(heading)}`$(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL)
        if found and heading != "fraudguard":
            return found[1]
    return ""


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_commands_shown_exist(path: Path) -> None:
    """Every `fraudguard` command in a shell block is one, and has the options it is shown with."""
    reference = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    shell = [command for command in _commands(path.read_text("utf-8")) if command.startswith("fraudguard")]
    wrong = [
        command
        for command in shell
        if not (section := _section(command, reference))
        or any(f"`{option}`" not in section for option in re.findall(r"(?<= )--?[a-z][a-z-]*", command))
    ]

    assert path.name == "cli.md" or wrong == []


@pytest.mark.parametrize("path", FRONT, ids=shown)
def test_make_targets_shown_exist(path: Path) -> None:
    """Every `make` command is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = {command.split()[1] for command in _commands(path.read_text("utf-8")) if command.startswith("make")}

    assert used - targets == set()


@pytest.mark.parametrize("path", FRONT, ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link names a file that is there."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text("utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", FRONT, ids=shown)
def test_no_number_is_left_to_fill_in(path: Path) -> None:
    """A page is not published with a place-holder in it."""
    left = re.findall(r"\b(?:DEMO|TODO|TBD|XXX)(?:_[A-Z0-9]+)?\b", path.read_text("utf-8"))

    assert left == []
