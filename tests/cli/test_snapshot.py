"""`fraudguard snapshot`: write, list, verify."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from typer.testing import Result

from fraudguard.errors import DefinitionError, GateError, NotFoundError
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import DecisionRow, Record, log_row
from tests.cli.runner import invoke
from tests.fakes import START, make_transfer
from tests.serve.fakes import PLAN, body_of, make_settings, open_store, running


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run in an empty folder, without the switch of the tests, which is no setting of the service."""
    monkeypatch.delenv("FRAUDGUARD_PURE_KERNEL", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give the store of a service that has judged three transfers."""
    settings = make_settings(tmp_path)
    with running(settings) as service:
        for number in range(3):
            service.assess(body_of(f"T{number}"))
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def written(store: Store, tmp_path: Path) -> Path:
    """Give the snapshot of that store; one more transfer is judged after it."""
    run("write")
    store.close()
    with running(make_settings(tmp_path)) as service:
        service.assess(body_of("T3"))
    (path,) = (tmp_path / "store.db.snapshots").glob("state-*.snapshot")
    return path


def run(*words: object) -> Result:
    """Run `snapshot` on the store in this folder, in English."""
    return invoke("--lang", "en", "snapshot", *words, "--database", "sqlite:///store.db")


def test_what_was_written_is_said(store: Store) -> None:
    """Name, place and what was proved go to stdout; a second time there is nothing new."""
    first, second = (json.loads(run("write", "--json").stdout) for _ in range(2))
    plain = dict(line.split("\t") for line in run("write").stdout.splitlines())

    assert first | {"n_bytes": 0} == {
        "file": f"state-000000000003-{PLAN.fingerprint}.snapshot", "place": 3, "went_on_from": 0, "n_bytes": 0,
        "is_new": True, "checked": 3, "differing": 0,
    }  # fmt: skip
    assert (second["is_new"], second["went_on_from"]) == (False, 3)
    assert (plain["place"], plain["is_new"]) == ("3", "False")
    assert store.log.count() == 3


def test_a_difference_on_the_way_is_said(store: Store) -> None:
    """The snapshot is built from the first event and written; what to do is on stderr."""
    run("write")
    first = store.decisions.find_by_transfer("T0")
    assert isinstance(first, DecisionRow)
    decided = msgspec.structs.replace(first, transfer_id="T3", assessment_id="asm_T3", features=b"short")
    store.write([Record(log_row(4, make_transfer("T3"), START), decided)])

    result = run("write")

    assert result.exit_code == 0
    assert {"went_on_from\t0", "place\t4", "differing\t1"} <= set(result.stdout.splitlines())
    assert "1 of 4 stored vectors computed again on the way differ; run fraudguard parity" in result.stderr


def test_snapshots_are_listed(written: Path) -> None:
    """How far each is behind the log can be read off."""
    told, lines = json.loads(run("list", "--json").stdout), run("list").stdout.splitlines()

    assert told["snapshots"] == [{"file": written.name, "place": 3, "behind": 1, "n_bytes": written.stat().st_size}]
    assert lines[1].split("\t")[:3] == [written.name, "3", "1"]


def test_a_good_snapshot_is_verified(written: Path) -> None:
    """The vectors behind it are computed again from it."""
    result = run("verify", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["snapshots"][0] | {"file": "", "n_bytes": 0} == {
        "file": "", "place": 3, "behind": 1, "n_bytes": 0, "checked": 1, "differing": 0, "state": "ok",
    }  # fmt: skip
    assert written.exists()


def test_a_bad_snapshot_fails_the_gate(written: Path) -> None:
    """It is named, with the reason in the table."""
    content = bytearray(written.read_bytes())
    content[len(content) // 2] ^= 1
    written.write_bytes(content)

    result = run("verify")

    assert isinstance(result.exception, GateError)
    assert f"1 of 1 snapshots cannot be used: {written.name}" in result.exception.en
    assert "is damaged" in result.stdout


def test_nothing_there_is_said(store: Store) -> None:
    """A list may be empty; a check of nothing is no pass."""
    listed, verified = run("list"), run("verify")

    assert (listed.exit_code, listed.stdout) == (0, "")
    assert "There is no snapshot" in listed.stderr
    assert isinstance(verified.exception, NotFoundError)
    assert store.log.count() == 3


def test_postgresql_needs_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no file to keep them beside, and the mend is named."""
    monkeypatch.setattr(Store, "require_current", lambda _store: None)

    result = invoke("snapshot", "list", "--database", "postgresql://nobody@localhost/none")

    assert isinstance(result.exception, DefinitionError)
    assert "--snapshots" in result.exception.en
