"""The runbook: its commands exist, and what it says of a restored backup is so."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.core import TyperGroup

from fraudguard.cli.app import app
from fraudguard.serve.store import Store
from tests.databases import make_empty
from tests.deploy.tools import VARIABLES, run, variables_in
from tests.house.tree import ROOT
from tests.serve.fakes import body_of, make_settings, running

RUNBOOK: Final = (ROOT / "docs" / "how-to" / "runbook.md").read_text("utf-8")


def commands() -> Iterator[list[str]]:
    """Yield the words of each command of ours that the page tells to run."""
    blocks = re.findall(r"```sh\n(.*?)```", RUNBOOK, re.DOTALL)
    spans = re.findall(r"`(fraudguard [^`]+)`", RUNBOOK)
    for line in [*"\n".join(blocks).splitlines(), *spans]:
        for part in line.partition("  #")[0].split("&&"):
            words = shlex.split(part)
            if words[:1] == ["fraudguard"]:
                yield words[1:]


@pytest.mark.parametrize("words", [pytest.param(words, id=" ".join(words)) for words in commands()])
def test_commands_exist(words: list[str]) -> None:
    """Each command has its options, and as many arguments as it is given."""
    command = typer.main.get_command(app)
    while isinstance(command, TyperGroup):
        command, words = command.commands[words[0]], words[1:]

    context = command.make_context("fraudguard", list(words), resilient_parsing=True)

    assert context.args == []


def test_settings_exist() -> None:
    """Each variable that the page tells to set is one that the service reads."""
    assert variables_in(RUNBOOK) <= VARIABLES


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database, on each in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: str = request.getfixturevalue("postgresql")
    make_empty(server)
    return server


def back_up(url: str, folder: Path) -> None:
    """Copy a database as the page says."""
    if url.startswith("sqlite"):
        Store.open(url).backup(folder / "copy.db")
    else:
        run(_program("pg_dump"), "--format=custom", f"--file={folder}/copy.dump", url)


def restore(url: str, folder: Path) -> None:
    """Put the copy in the place of the database as the page says."""
    if url.startswith("sqlite"):
        for name in ("store.db-wal", "store.db-shm", "store.db"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(folder / "copy.db", folder / "store.db")
    else:
        make_empty(url)
        run(_program("pg_restore"), f"--dbname={url}", "--exit-on-error", folder / "copy.dump")


def _program(name: str) -> Path:
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))


def test_a_restored_backup_answers_as_before(url: str, tmp_path: Path) -> None:
    """What was answered before the backup is the same, byte for byte; what came after it can be sent again, once."""
    settings = make_settings(tmp_path, database=url)
    with running(settings) as service:
        before = service.assess(body_of("T1"))
        back_up(url, tmp_path)
        service.assess(body_of("T2"))
    restore(url, tmp_path)

    with running(settings) as service:
        again = service.assess(body_of("T1"))
        anew = [service.assess(body_of("T2")) for _ in range(2)]

    assert (again.content, again.headers["Idempotent-Replayed"]) == (before.content, "true")
    assert [one.headers["Idempotent-Replayed"] for one in anew] == ["false", "true"]
