"""Parity over the whole service: after a load with kills, what is stored is what the log gives; damage is found."""

import contextlib
import http.client
import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from fraudguard.cli.app import main
from fraudguard.cli.store import load
from fraudguard.serve.store.rows import Kind
from tests.cli.runner import untouched_output
from tests.journeys.load import load_until_killed, serving
from tests.serve.fakes import PLAN, add_key, make_settings, open_store

Command = Callable[[str], tuple[int, dict[str, Any], str]]

ENOUGH: Final = 60
DAMAGED: Final = PLAN.names[0]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Give `fraudguard parity` as it is run: from a database URL to exit code, JSON and error."""
    monkeypatch.delenv("FRAUDGUARD_PURE_KERNEL", raising=False)

    def run(url: str) -> tuple[int, dict[str, Any], str]:
        monkeypatch.setattr(sys, "argv", ["fraudguard", "-q", "--lang", "en", "parity", "--database", url, "--json"])
        with untouched_output(), pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), json.loads(said.out), said.err

    return run


def metric(port: int, name: str) -> int:
    """Return a counter of /metrics."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return next(int(float(line.split()[1])) for line in lines if line.startswith(f"{name} "))


def damage(database: Path) -> str:
    """Change one number of one stored vector behind the triggers' back, and return whose it is."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("drop trigger decision_refuses_update")
        query = "select seq, transfer_id, features from decision order by seq limit 1 offset 10"
        seq, transfer_id, features = connection.execute(query).fetchone()
        vector = np.frombuffer(features).copy()
        vector[0] += 1
        connection.execute("update decision set features = ? where seq = ?", (vector.tobytes(), seq))
    return str(transfer_id)


def test_what_was_served_equals_the_log_and_damage_is_named(tmp_path: Path, data: Path, command: Command) -> None:
    """History of every kind, load, kill -9, load, kill -9: no vector differs, until one is changed in a copy."""
    settings, copy = make_settings(tmp_path), tmp_path / "copy.db"
    store = open_store(settings)
    token = add_key(store)
    load(data, database=settings.database)
    for number in (1, 2):
        load_until_killed(settings, token, number, enough=ENOUGH, finds=True)
    with serving(settings) as (_, port):
        counted = metric(port, "fraudguard_parity_checked_total"), metric(port, "fraudguard_parity_mismatches_total")
    store.backup(copy)
    kinds = {row.kind for row in store.log.read()}
    decided = len(list(store.decisions.read_features()))
    store.close()
    transfer_id = damage(copy)

    whole, broken = command(settings.database), command(f"sqlite:///{copy}")

    assert kinds == set(Kind)
    assert decided >= 2 * ENOUGH
    assert counted == (decided, 0)
    assert (whole[0], whole[1]["checked"], whole[1]["differing"]) == (0, decided, 0)
    assert (broken[0], broken[1]["differing"], broken[1]["columns"]) == (5, 1, {DAMAGED: 1})
    assert [(one["transfer_id"], one["column"]) for one in broken[1]["first"]] == [(transfer_id, DAMAGED)]
    assert DAMAGED in broken[2]
