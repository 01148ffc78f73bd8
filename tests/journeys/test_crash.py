"""Kill the service with -9 under load: what was answered is there, once, with the same bytes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from fraudguard.features import OnlineFeatures
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.transfer import Transfer
from tests.serve.fakes import PLAN, SECRET, add_key, body_of, make_settings, open_store

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = 12
ENOUGH: Final = 300
PATIENCE_S: Final = 30.0


class Client:
    """Posts transfers one after the other until the service is gone, and keeps the answers."""

    def __init__(self, number: int, port: int, token: str) -> None:
        self.number = number
        self.answers: dict[str, bytes] = {}
        self._port = port
        self._token = token

    def run(self) -> None:
        """Post until something breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            for count in range(100_000):
                transfer_id = f"T-{self.number}-{count}"
                status, body = post(connection, self._token, transfer_id)
                if status != 200:
                    return
                self.answers[transfer_id] = body
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()


def post(connection: http.client.HTTPConnection, token: str, transfer_id: str) -> tuple[int, bytes]:
    """Post one transfer; few accounts, so that windows fill."""
    number = hash(transfer_id) % 7
    body = body_of(
        transfer_id,
        payer={"account_id": f"a{number}"},
        payee={"account_id": f"b{number % 3}"},
        amount={"value": 1_000 + len(transfer_id)},
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/assessments", json.dumps(body), headers)
    reply = connection.getresponse()
    return reply.status, reply.read()


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Give a server process that is ready, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"FRAUDGUARD_SECRET": SECRET, "FRAUDGUARD_DATABASE": settings.database, "FRAUDGUARD_PORT": str(port)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRAUDGUARD_")}  # noqa: TID251
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.server"],
        cwd=ROOT,
        env={**kept, **ours},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(process, port)
        yield process, port
    finally:
        process.kill()
        process.wait()


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until readyz is 200."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail(f"the server did not become ready; exit code {process.poll()}")


def load_until_killed(settings: Settings, token: str, round_number: int) -> dict[str, bytes]:
    """Return what was answered before the server was killed in the middle of it."""
    with serving(settings) as (process, port):
        clients = [Client(100 * round_number + number, port, token) for number in range(CLIENTS)]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while sum(len(client.answers) for client in clients) < ENOUGH and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join(PATIENCE_S)
    return {name: body for client in clients for name, body in client.answers.items()}


def vectors_of_a_replay(store: Store) -> list[tuple[str, bytes]]:
    """Return the feature vectors that the log gives, in log order."""
    features, vectors = OnlineFeatures(PLAN), []
    for row in store.log.read():
        assert isinstance(row.event, Transfer)
        vectors.append((row.event_id, features.query(row.event).tobytes()))
        features.push(row.event)
    return vectors


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """After kill -9, twice, every answered transfer is there once, its bytes are the same, and vectors equal a replay."""
    settings = make_settings(tmp_path)
    store = open_store(settings)
    token = add_key(store)

    answered = load_until_killed(settings, token, 1) | load_until_killed(settings, token, 2)
    with serving(settings) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        again = {name: post(connection, token, name) for name in list(answered)[:50]}
        fresh = post(connection, token, "T-after")
        connection.close()
    stored = [row.event_id for row in store.log.read()]
    replies = {name: row.reply for name in answered if (row := store.decisions.find_by_transfer(name)) is not None}
    vectors = list(store.decisions.read_features())
    replayed = vectors_of_a_replay(store)
    store.close()

    assert len(answered) >= 2 * ENOUGH
    assert replies == answered
    assert len(stored) == len(set(stored))
    assert again == {name: (200, answered[name]) for name in again}
    assert fresh[0] == 200
    assert vectors == replayed


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
