"""`fraudguard lists`: entries from a shell and from files."""

import json
from pathlib import Path

import pytest

from fraudguard.errors import DataError
from fraudguard.serve.store import Store
from tests.cli.runner import invoke

HEAD = "account_id,payer_account_id,reason_code,expires_at,note,evidence"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Give the URL of an empty store."""
    url = f"sqlite:///{tmp_path}/store.db"
    store = Store.open(url)
    store.upgrade()
    store.close()
    return url


def shown(database: str, list_name: str, *words: str) -> list[dict[str, object]]:
    """Return the entries of a list."""
    done = invoke("lists", "show", list_name, "--database", database, "--json", *words)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_entry_is_added_shown_and_revoked(database: str) -> None:
    """What no longer counts is shown when asked for."""
    words = ("--reason", "police_request", "--days", "30", "--author", "wang")
    added = invoke("lists", "add", "watch", "acc-1", *words, "--database", database)
    (entry,) = shown(database, "watch")
    invoke("lists", "revoke", str(entry["entry_id"]), "--author", "li", "--note", "checked", "--database", database)

    assert added.exit_code == 0
    assert (entry["account_id"], entry["author"], entry["in_force"]) == ("acc-1", "wang", True)
    assert shown(database, "watch") == []
    assert [one["in_force"] for one in shown(database, "watch", "--all")] == [False]


def test_a_file_is_imported_whole_and_exported_again(database: str, tmp_path: Path) -> None:
    """The export of one is the import of another, and the same file twice adds nothing."""
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text(f"{HEAD}\nacc-1,,public_body,{_soon()},税务局,\nacc-2,p-1,own_account,{_soon()},,\n", "utf-8-sig")
    done = invoke("lists", "import", "exempt", str(file), "--author", "wang", "--database", database)
    invoke("lists", "export", "exempt", str(out), "--database", database)
    again = invoke("lists", "import", "exempt", str(out), "--author", "wang", "--database", database)

    assert (done.exit_code, again.exit_code) == (0, 0)
    assert len(shown(database, "exempt")) == 2
    assert "税务局" in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("acc-1,,because,2026-12-01T00:00:00Z,,", "line 2: no reason 'because'"),
        ("acc-1,,public_body,2026-12-01,,", "line 2: expires_at has no zone"),
        ("acc-1,,public_body,soon,,", "line 2: Invalid isoformat"),
        (",,public_body,2026-12-01T00:00:00Z,,", "line 2: column account_id is empty"),
        ("acc-1,,public_body,2199-12-01T00:00:00Z,,", "line 2: expires_at lies between now and 366 days"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(database: str, tmp_path: Path, line: str, said: str) -> None:
    """All or nothing."""
    file = tmp_path / "in.csv"
    file.write_text(f"{HEAD}\n{line}\n", "utf-8")
    done = invoke("--lang", "en", "lists", "import", "exempt", str(file), "--author", "wang", "--database", database)

    assert isinstance(done.exception, DataError)
    assert said in done.exception.en
    assert shown(database, "exempt", "--all") == []


def test_columns_that_are_not_there_are_named(database: str, tmp_path: Path) -> None:
    """With those there are."""
    file = tmp_path / "in.csv"
    file.write_text("account,reason_code\nacc-1,public_body\n", "utf-8")
    done = invoke("--lang", "en", "lists", "import", "exempt", str(file), "--author", "wang", "--database", database)

    assert isinstance(done.exception, DataError)
    assert "missing columns ['account_id', 'expires_at'], unknown columns ['account']" in done.exception.en


def _soon() -> str:
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415  # only here

    return (datetime.now(UTC) + timedelta(days=30)).isoformat()  # noqa: TID251  # the command reads the clock
