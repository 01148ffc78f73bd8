"""The commands around the service: database, users, keys, settings, doctor."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fraudguard.cli.access import key_app, user_app
from fraudguard.cli.config import config_app, doctor
from fraudguard.cli.store import db_app
from fraudguard.errors import DefinitionError, NotFoundError, NotReadyError
from fraudguard.serve.auth import KeyRing, Scope
from fraudguard.serve.officer import Desk
from fraudguard.serve.run import serve_forever
from fraudguard.serve.store import Store
from tests.fakes import FakeClock
from tests.serve.fakes import SECRET, make_settings

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the URL of a database that `db init` made, in an empty folder, with a secret set."""
    address = f"sqlite:///{tmp_path}/store.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("FRAUDGUARD_PURE_KERNEL", raising=False)
    monkeypatch.setenv("FRAUDGUARD_SECRET", SECRET)
    monkeypatch.setenv("FRAUDGUARD_DATABASE", address)
    monkeypatch.setenv("FRAUDGUARD_PORT", "0")
    run(db_app, "init")
    return address


def run(app: object, *words: str) -> Result:
    """Run a command; an error that it raises on purpose is raised."""
    result = RUNNER.invoke(app, list(words))  # type: ignore[arg-type]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_user_gets_a_password_that_works_once(url: str, tmp_path: Path, clock: FakeClock) -> None:
    """`user add` prints a one-time password; a reset gives another; a disabled user is out."""
    first = json.loads(run(user_app, "add", "o1", "--json").stdout)["one_time_password"]
    second = run(user_app, "reset-password", "o1").stdout.strip().splitlines()[-1]
    listed = json.loads(run(user_app, "list", "--json").stdout)
    store = Store.open(url)
    desk = Desk(store=store, settings=make_settings(tmp_path), clock=clock)
    current = desk.current(desk.sign_in("o1", second))
    run(user_app, "disable", "o1")
    disabled = store.officers.find("o1")
    store.close()

    assert first != second
    assert (listed["name"], listed["role"], listed["must_change_password"]) == ("o1", "officer", True)
    assert current.must_change_password is True
    assert disabled is not None
    assert disabled.disabled is True


def test_a_typed_password_is_no_one_time_password(url: str) -> None:
    """`--prompt` asks for a password and prints none."""
    result = RUNNER.invoke(user_app, ["add", "o2", "--prompt"], input="long enough pass\nlong enough pass\n")
    store = Store.open(url)
    row = store.officers.find("o2")
    store.close()

    assert result.exit_code == 0
    assert "long enough" not in result.output
    assert row is not None
    assert row.must_change_password is False


def test_a_key_is_shown_once_and_revoked(url: str, clock: FakeClock) -> None:
    """`key create` prints a key that opens its scopes; the list never shows it; `revoke` ends it."""
    made = json.loads(run(key_app, "create", "bank", "--scope", "assess", "--expires-days", "9999", "--json").stdout)
    plain = run(key_app, "create", "bank").stdout.strip().splitlines()[-1]
    store = Store.open(url)
    ring = KeyRing(store, SECRET.encode(), clock)
    ring.refresh()
    callers = (ring.caller(made["key"]).scopes, ring.caller(plain).scopes)
    run(key_app, "revoke", made["prefix"])
    listed = run(key_app, "list").stdout
    revoked = {key.prefix: key.revoked_at_ms is not None for key in store.keys.list()}
    store.close()

    assert callers == (frozenset({Scope.ASSESS}), frozenset({Scope.ASSESS, Scope.READ}))
    assert made["key"] not in listed
    assert revoked[made["prefix"]] is True
    with pytest.raises(NotFoundError):
        run(key_app, "revoke", "none")


def test_the_database_is_checked_and_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`db check` tells what is there, `db backup` copies it, an absent database is not ready."""
    checked = json.loads(run(db_app, "check", "--json").stdout)
    run(db_app, "upgrade")
    run(db_app, "backup", str(tmp_path / "copy.db"))
    monkeypatch.setenv("FRAUDGUARD_DATABASE", f"sqlite:///{tmp_path}/absent.db")

    assert checked == {"migrated": True, "events": 0}
    assert run(db_app, "check", "--database", f"sqlite:///{tmp_path}/copy.db").exit_code == 0
    with pytest.raises(NotReadyError):
        run(db_app, "check")


def test_settings_are_shown_with_their_source() -> None:
    """`config show` names the source and hides the secret; `check` accepts them; `path` lists the files."""
    shown = json.loads(run(config_app, "show", "--json").stdout)
    table = run(config_app, "show").stdout

    assert shown["port"] == {"value": "0", "source": "FRAUDGUARD_PORT"}
    assert shown["secret"] == {"value": "***", "source": "FRAUDGUARD_SECRET"}
    assert SECRET not in table
    assert run(config_app, "check").exit_code == 0
    assert "fraudguard.toml\tabsent" in run(config_app, "path").stdout


def test_settings_without_a_secret_do_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """`config check` refuses to go on without a secret."""
    monkeypatch.delenv("FRAUDGUARD_SECRET")

    with pytest.raises(DefinitionError, match="FRAUDGUARD_SECRET"):
        run(config_app, "check")


def test_the_doctor_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A machine without a secret is told so, with exit code 6."""
    import typer  # noqa: PLC0415

    monkeypatch.delenv("FRAUDGUARD_SECRET")
    with pytest.raises(typer.Exit) as stopped:
        doctor(as_json=True)
    told = json.loads(capsys.readouterr().out)

    assert stopped.value.exit_code == 6
    assert told["secret"]["ok"] is False
    assert all(told[what]["ok"] for what in ("python", "packages", "disk", "port", "database"))


def test_serving_needs_a_model(tmp_path: Path, clock: FakeClock) -> None:
    """Without a model folder nothing is served."""
    with pytest.raises(DefinitionError, match="--model"):
        serve_forever(make_settings(tmp_path), clock=clock)
