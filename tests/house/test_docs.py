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
from fraudguard.finding import FindingSource, FindingValue, ScamType
from tests.house.tree import ROOT

REFERENCE: Final = ROOT / "docs" / "reference"


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


def test_made_pages_are_as_the_code_says() -> None:
    """Pages made from the code are what the script writes now."""
    script = [sys.executable, str(ROOT / "scripts" / "reference_pages.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stderr) == (0, "")
