"""`fraudguard parity`: what it prints, and when it is no pass."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import Result

from fraudguard.errors import GateError
from fraudguard.features import OnlineFeatures
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


def run(*words: object) -> Result:
    """Check the parity of the store in this folder, in English."""
    return invoke("--lang", "en", "parity", "--database", "sqlite:///store.db", *words)


def add(store: Store, transfer_id: str, **fields: object) -> None:
    """Append a transfer with a decision like the first, but for some fields."""
    first = store.decisions.find_by_transfer("T0")
    assert isinstance(first, DecisionRow)
    plain = {"transfer_id": transfer_id, "assessment_id": f"asm_{transfer_id}"}
    row = log_row(store.log.last_place() + 1, make_transfer(transfer_id), START)
    store.write([Record(row, msgspec.structs.replace(first, **plain, **fields))])


def test_equal_vectors_are_a_pass(store: Store) -> None:
    """Totals go to stdout, what they mean to stderr, and the command ends well."""
    result = run()

    assert result.exit_code == 0
    assert dict(line.split("\t") for line in result.stdout.splitlines()) == {
        "fingerprint": PLAN.fingerprint, "checked": "3", "differing": "0", "skipped": "0",
    }  # fmt: skip
    assert "3 stored vectors equal the log, bit for bit" in result.stderr
    assert store.log.count() == 3


def test_a_difference_is_shown_and_fails(store: Store) -> None:
    """Columns and transfers that differ are tables on stdout; the gate names how many and the worst column."""
    vector = OnlineFeatures(PLAN).query(make_transfer("T3"))
    missing = int(np.flatnonzero(np.isnan(vector))[0])
    vector[missing] = math.inf
    add(store, "T3", features=vector.tobytes())
    add(store, "T4", features=b"short")

    result, told = run(), json.loads(run("--json").stdout)

    name = PLAN.names[missing]
    assert isinstance(result.exception, GateError)
    assert f"2 of 5 stored vectors differ from what the log gives, most in {name}" in result.exception.en
    assert {f"{name}\t1", f"T3\t4\t{name}\tinf\tNone"} <= set(result.stdout.splitlines())
    assert told["columns"] == {name: 1, "(length)": 1}
    assert told["first"] == [
        {"transfer_id": "T3", "place": 4, "column": name, "stored": "inf", "recomputed": None},
        {"transfer_id": "T4", "place": 5, "column": "(length)", "stored": 0.625, "recomputed": len(PLAN.names)},
    ]


def test_decisions_with_other_features_are_told(store: Store) -> None:
    """A pass says how many decisions were made with other features; those alone are no pass."""
    add(store, "T3", features_fingerprint="older")
    some = run()
    only = run("--from", 4)

    assert some.exit_code == 0
    assert "1 decisions were made with other features (older) and were not checked" in some.stderr
    assert isinstance(only.exception, GateError)
    assert "all 1 decisions were made with other features (older)" in only.exception.en
    assert PLAN.fingerprint in only.exception.zh


def test_nothing_to_check_is_no_pass(store: Store) -> None:
    """A part of the log without a decision proves nothing, and says so."""
    result = run("--from", store.log.last_place() + 1)

    assert isinstance(result.exception, GateError)
    assert "no decision stands in that part of the log" in result.exception.en
    assert "checked\t0" in result.stdout
