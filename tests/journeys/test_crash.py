"""Kill the service with -9 under load: what was answered is there, once, with the same bytes."""

import http.client
import time
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.load import PATIENCE_S, load_until_killed, metric, post, serving
from tests.journeys.proof import NOTHING_WRONG, wrong_in
from tests.serve.fakes import add_key, make_settings, open_store

ENOUGH: Final = 150
KILLS: Final = 10
SOAKED: Final = 100
"""Of each database: 20 kills in every run, 200 when tests are soaked."""


def has_snapshot(port: int) -> bool:
    """Return whether the service has had a snapshot written, or has started from one."""
    return metric(port, "fraudguard_snapshot_place") > 0


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kills", [KILLS, pytest.param(SOAKED, marks=pytest.mark.soak)])
def test_what_was_answered_survives_kills(tmp_path: Path, database: str, kills: int) -> None:
    """After each kill -9 under load every answered transfer is there once, its bytes are the same, and vectors equal a replay."""
    settings = make_settings(tmp_path, database=database)
    store = open_store(settings)
    token = add_key(store)

    answered: dict[str, bytes] = {}
    for number in range(kills):
        answered |= load_until_killed(settings, token, number, enough=ENOUGH)
    with serving(settings) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        again = {name: post(connection, token, name) for name in list(answered)[:50]}
        fresh = post(connection, token, "T-after")
        connection.close()
    wrong = wrong_in(store, answered)
    store.close()

    assert len(answered) >= kills * ENOUGH
    assert wrong == NOTHING_WRONG
    assert again == {name: (200, answered[name]) for name in again}
    assert fresh[0] == 200


def test_a_kill_while_snapshots_are_written(tmp_path: Path) -> None:
    """With a snapshot every few events, a start after kill -9 goes on from one, and every vector is that of a full replay."""
    settings = make_settings(tmp_path, snapshots=tmp_path / "snapshots", snapshot_every=50)
    store = open_store(settings)
    token = add_key(store)

    answered: dict[str, bytes] = {}
    for number in (1, 2):
        answered |= load_until_killed(settings, token, number, enough=ENOUGH, also=has_snapshot)
    with serving(settings) as (_, port):
        restored_from = metric(port, "fraudguard_restored_from_place")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        again = {name: post(connection, token, name)[1] for name in list(answered)[:50]}
        fresh = post(connection, token, "T-after")
        connection.close()
    wrong = wrong_in(store, answered)
    store.close()

    assert restored_from >= 50
    assert again == {name: answered[name] for name in again}
    assert fresh[0] == 200
    assert wrong == NOTHING_WRONG


def test_a_disk_too_full_for_snapshots_costs_nobody_an_answer(tmp_path: Path) -> None:
    """Snapshots that cannot be written are counted; every transfer is answered all the same."""
    (tmp_path / "taken").touch()
    settings = make_settings(tmp_path, snapshots=tmp_path / "taken" / "snapshots", snapshot_every=5)
    store = open_store(settings)
    token = add_key(store)
    with serving(settings) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        statuses: list[int] = []
        deadline = time.monotonic() + PATIENCE_S
        while metric(port, "fraudguard_snapshot_failures_total") == 0 and time.monotonic() < deadline:
            statuses.append(post(connection, token, f"T{len(statuses)}")[0])
        failures = metric(port, "fraudguard_snapshot_failures_total")
        statuses.append(post(connection, token, "T-after")[0])
        connection.close()
    events = store.log.count()
    store.close()

    assert failures >= 1
    assert set(statuses) == {200}
    assert events == len(statuses)


def test_a_stop_is_clean(tmp_path: Path) -> None:
    """SIGTERM answers what is in flight and ends with exit code 0; the lock is free again."""
    settings = make_settings(tmp_path)
    store = open_store(settings)
    token = add_key(store)
    with serving(settings) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        status, _ = post(connection, token, "T1")
        connection.close()
        process.terminate()
        code = process.wait(PATIENCE_S)
    with store.sole_writer():
        events = store.log.count()
    store.close()

    assert (status, code, events) == (200, 0, 1)
