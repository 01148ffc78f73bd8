"""A server process under load, to be killed: what the journeys of the service have in common."""

import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from fraudguard.serve.settings import Settings, environment_of
from tests.serve.fakes import SECRET, body_of

__all__ = [
    "PATIENCE_S",
    "Client",
    "environment",
    "load_until_killed",
    "metric",
    "post",
    "post_finding",
    "serving",
    "wait_until_ready",
]

ROOT: Final = Path(__file__).parents[2]
CLIENTS: Final = 12
FINDING_AFTER: Final = 7
TEST_ONLY: Final = {"FRAUDGUARD_PURE_KERNEL"}
HANDED_ON: Final = (
    "database", "model", "snapshots", "snapshot_every", "receive_timeout_s", "send_timeout_s", "batches_at_once",
    "tls_certificate", "tls_key", "tls_client_ca", "webhook_networks",
)  # fmt: skip
PATIENCE_S: Final = 30.0


class Client:
    """Posts transfers one after the other until the service is gone, and keeps the answers."""

    def __init__(self, number: int, port: int, token: str, *, finds: bool = False) -> None:
        self.number = number
        self.answers: dict[str, bytes] = {}
        self._port = port
        self._token = token
        self._finds = finds

    def run(self) -> None:
        """Post until something breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            for count in range(100_000):
                self._post(connection, f"T-{self.number}-{count}")
                if self._finds and count % FINDING_AFTER == 0:
                    post_finding(connection, self._token, f"T-{self.number}-{count}")
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    def _post(self, connection: http.client.HTTPConnection, transfer_id: str) -> None:
        status, body = post(connection, self._token, transfer_id)
        if status != 200:
            raise ConnectionError(status)
        self.answers[transfer_id] = body


def post(connection: http.client.HTTPConnection, token: str, transfer_id: str) -> tuple[int, bytes]:
    """Post one transfer; few accounts, so that windows fill."""
    number = hash(transfer_id) % 7
    body = body_of(
        transfer_id,
        payer={"account_id": f"a{number}"},
        payee={"account_id": f"b{number % 3}"},
        amount={"value": 1_000 + len(transfer_id)},
    )
    return _post(connection, token, "/v1/assessments", body)


def metric(port: int, name: str) -> float:
    """Return a number of the metrics page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/metrics")
    page = connection.getresponse().read().decode()
    connection.close()
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith(f"{name} "))


def post_finding(connection: http.client.HTTPConnection, token: str, transfer_id: str) -> tuple[int, bytes]:
    """Post a finding on a transfer."""
    body = {"transfer_id": transfer_id, "finding": "victim_transfer", "event_time": "2026-01-05T03:00:00Z"}
    return _post(connection, token, "/v1/findings", body)


def _post(connection: http.client.HTTPConnection, token: str, path: str, body: dict[str, Any]) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(body), headers)
    reply = connection.getresponse()
    return reply.status, reply.read()


@contextmanager
def serving(
    settings: Settings, *program: str, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Give a server process that is ready, and its port; of the test model, or of another program; asked by TLS if a context is given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603  # our own words
        [sys.executable, "-m", *(program or ("tests.journeys.server",))],
        cwd=ROOT,
        env={**environment(settings), "FRAUDGUARD_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(process, port, tls)
        yield process, port
    finally:
        process.kill()
        process.wait()


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a server process with these settings."""
    inherited = environment_of(settings, *HANDED_ON)
    kept = {name: value for name, value in inherited.items() if name not in TEST_ONLY}
    return {**kept, "FRAUDGUARD_SECRET": SECRET}


def wait_until_ready(process: subprocess.Popen[bytes], port: int, tls: ssl.SSLContext | None = None) -> None:
    """Wait until readyz is 200."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        connection = _connection(port, tls)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail(f"the server did not become ready; exit code {process.poll()}")


def _connection(port: int, tls: ssl.SSLContext | None) -> http.client.HTTPConnection:
    if tls is None:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=1, context=tls)


def load_until_killed(
    settings: Settings,
    token: str,
    round_number: int,
    *,
    enough: int,
    finds: bool = False,
    also: Callable[[int], bool] = lambda _port: True,
) -> dict[str, bytes]:
    """Return what was answered before the server was killed in the middle of it: after enough, and what else is asked of its port."""
    with serving(settings) as (process, port):
        clients = [Client(100 * round_number + number, port, token, finds=finds) for number in range(CLIENTS)]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if sum(len(client.answers) for client in clients) >= enough and also(port):
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join(PATIENCE_S)
    return {name: body for client in clients for name, body in client.answers.items()}
