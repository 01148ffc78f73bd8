"""The reference pages name everything there is."""

import re
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from fraudguard import errors
from fraudguard.cli.app import EXIT_CODES, app
from fraudguard.decision import Intervention, Tier
from fraudguard.features import aggregate
from fraudguard.features.known import NETWORK, SOURCE_OF, TTL_MS
from fraudguard.finding import FindingSource, FindingValue, ScamType
from fraudguard.signal import SignalType
from tests.house.tree import ROOT

REFERENCE: Final = ROOT / "docs" / "reference"
SIGNALS: Final = ROOT / "docs" / "explanation" / "signals-and-findings.md"
OWN_FEATURES: Final = ROOT / "docs" / "how-to" / "your-own-features.md"
CENTURY_H: Final = 24 * 365 * 100


def _commands(group: TyperGroup, before: str = "fraudguard") -> Iterator[str]:
    for name, command in group.commands.items():
        path = f"{before} {name}"
        if isinstance(command, TyperGroup):
            yield from _commands(command, path)
        elif isinstance(command, TyperCommand) and not command.hidden:
            yield path


def _page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def _all_commands() -> list[str]:
    root = typer.main.get_command(app)
    return list(_commands(root)) if isinstance(root, TyperGroup) else []


@pytest.mark.parametrize("command", _all_commands())
def test_command_is_in_the_reference(command: str) -> None:
    """Every command of the command line has its heading."""
    page = _page("cli.md")

    assert f"`{command}`" in page


@pytest.mark.parametrize("words", [Intervention, Tier, FindingValue, FindingSource, ScamType])
def test_coded_words_are_in_the_reference(words: type[StrEnum]) -> None:
    """Every word that goes over the wire is explained in both languages."""
    page = _page("words.md") + _page("schema.md")

    assert [word for word in words if f"`{word}`" not in page] == []


@pytest.mark.parametrize("name", errors.__all__)
def test_error_is_in_the_reference(name: str) -> None:
    """Every error kind is explained, with its exit code."""
    page = _page("errors.md")

    assert f"`{name}`" in page


@pytest.mark.parametrize(("kind", "code"), [(kind.__name__, code) for kind, code in EXIT_CODES.items()])
def test_exit_code_is_as_documented(kind: str, code: int) -> None:
    """The table of exit codes is the one in the code."""
    row = re.search(rf"`{kind}` \| {code} \|", _page("errors.md"))

    assert row is not None


@pytest.mark.parametrize("kind", SignalType)
def test_signal_is_explained_as_it_is(kind: SignalType) -> None:
    """The table of signals has each kind's source, and how long it holds."""
    row = re.search(rf"^\| `{kind}` \| (\w+) \| (.*) \|$", SIGNALS.read_text("utf-8"), re.MULTILINE)
    hours = TTL_MS[kind] // 3_600_000
    lasts = "直到撤销 · until taken back" if hours >= CENTURY_H else f"{hours} h" if hours < 24 else f"{hours // 24} d"

    assert row is not None
    assert row.groups() == (str(SOURCE_OF[kind]), lasts)


@pytest.mark.parametrize("name", NETWORK)
def test_number_of_the_neighbourhood_is_explained(name: str) -> None:
    """The table of the neighbourhood has each of its numbers."""
    assert f"`{name}`" in SIGNALS.read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in aggregate.__all__ if name.islower()])
def test_aggregate_is_explained(name: str) -> None:
    """The page on features of one's own has each aggregate."""
    assert f"`{name}(" in OWN_FEATURES.read_text("utf-8")


def test_tests_named_on_a_page_are_there() -> None:
    """A page that names a test as its proof names one that is run."""
    pages = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
    named = {name for page in pages for name in re.findall(r"`(test_\w+)`", page.read_text("utf-8"))}
    there = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }

    assert named - there == set()


def test_made_pages_are_as_the_code_says() -> None:
    """Pages made from the code are what the script writes now."""
    script = [sys.executable, str(ROOT / "scripts" / "reference_pages.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stderr) == (0, "")
