"""`fraudguard audit`: the trail, checked in the database and in a file."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from fraudguard.errors import DataError, GateError
from fraudguard.serve.store import Store
from fraudguard.serve.store.trail import TrailRow
from tests.cli.runner import invoke


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give the URL of a store with three lines."""
    url = f"sqlite:///{tmp_path}/store.db"
    store = Store.open(url)
    store.upgrade()
    for number in range(3):
        store.trail.add(TrailRow(at_ms=1_000 * number, officer="wang", act="signed_in", detail="张" * number))
    store.close()
    return url


def test_a_sound_trail_is_said_to_be(database: str, tmp_path: Path) -> None:
    """In the database and in its export, with the same last hash."""
    file = tmp_path / "trail.jsonl"
    invoke("audit", "export", file, "--database", database)
    stored = json.loads(invoke("audit", "verify", "--database", database, "--json").stdout)
    exported = json.loads(invoke("audit", "verify", "--file", file, "--json").stdout)

    assert stored == exported
    assert (stored["checked"], stored["broken_at"]) == (3, None)


def test_a_changed_line_ends_with_its_number(database: str) -> None:
    """Whoever changed it in the database itself."""
    store = Store.open(database)
    with store.engine.begin() as connection:
        connection.execute(text("drop trigger trail_refuses_update"))
        connection.execute(text("update trail set officer = 'li' where trail_id = 2"))
    store.close()
    done = invoke("audit", "verify", "--database", database)

    assert isinstance(done.exception, GateError)
    assert "broken at line 2" in done.exception.en


def test_lines_are_shown_by_person_act_and_moment(database: str) -> None:
    """The newest first."""
    shown = invoke(
        "audit", "show", "--actor", "wang", "--since", "1970-01-01T00:00:01+00:00", "--database", database, "--json"
    )

    assert [json.loads(line)["detail"] for line in shown.stdout.splitlines()] == ["张张", "张"]
    assert invoke("audit", "show", "--actor", "li", "--database", database, "--json").stdout == ""


@pytest.mark.parametrize("words", [("show", "--since", "yesterday"), ("show", "--since", "2026-01-01T00:00:00")])
def test_a_moment_that_is_none_is_refused(database: str, words: tuple[str, ...]) -> None:
    """With one that is."""
    assert isinstance(invoke("audit", *words, "--database", database).exception, DataError)


def test_a_file_that_is_no_export_is_named(tmp_path: Path) -> None:
    """With its line."""
    file = tmp_path / "x.jsonl"
    file.write_text("{}\n", "utf-8")
    wrong, absent = invoke("audit", "verify", "--file", file), invoke("audit", "verify", "--file", tmp_path / "y")

    assert isinstance(wrong.exception, DataError)
    assert "line 1" in wrong.exception.en
    assert isinstance(absent.exception, DataError)
