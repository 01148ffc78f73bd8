"""How long a start takes, and what the service then has in memory: from the whole log, and from a snapshot.

python benchmarks/restore.py [--transfers 1000000] [--folder FOLDER]

A log of 100,000 accounts, of which the last 20,000 transfers were judged, is put into SQLite. The service is started on it
in a process of its own, with the model of the tests, again and again: without a snapshot, with one that has seen all, and with
one that is 50,000 events behind, which is the usual distance. Then one client asks, one transfer after the other, alone and while a snapshot
is being written beside. Linux only. Nothing is promised here but what the last lines say.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from memory import START, TRANSFERS_PER_ACCOUNT, log_of

from fraudguard.column import Event, to_ms
from fraudguard.features import CATALOG, OnlineFeatures, compile_plan
from fraudguard.serve.auth import Scope, issue_key
from fraudguard.serve.snapshots import Snapshots
from fraudguard.serve.state import State, follow
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import DecisionRow, Record, log_row
from fraudguard.serve.store.seen import SeenIds
from fraudguard.transfer import Transfer

ROOT: Final = Path(__file__).parents[1]
PLAN: Final = compile_plan(CATALOG)
SECRET: Final = "a secret only for benchmarks, long enough"  # noqa: S105  # opens nothing
N_ACCOUNTS: Final = 100_000
N_JUDGED: Final = 20_000
BEHIND: Final = 50_000
GROUP: Final = 5_000
N_ASKED: Final = 3_000
PATIENCE_S: Final = 600.0
READY_S: Final = 5.0
RESIDENT_MB: Final = 400.0


class Start(NamedTuple):
    """One start of the service."""

    how: str
    ready_s: float
    resident_mb: float
    own_mb: float


def fill(store: Store, n: int) -> None:
    """Put the log into a store, the last transfers with their decisions."""
    features, place = OnlineFeatures(PLAN), 0
    events = islice(log_of(TRANSFERS_PER_ACCOUNT * N_ACCOUNTS), N_ACCOUNTS + n)
    while group := list(islice(events, GROUP)):
        records = []
        for event in group:
            place += 1
            records.append(record_of(place, event, features, first_judged=N_ACCOUNTS + n - N_JUDGED))
        store.write(records)


def record_of(place: int, event: Event, features: OnlineFeatures, *, first_judged: int) -> Record:
    """Return the record of an event, and let the features see it."""
    row, decided = log_row(place, event, START), None
    if place > first_judged and isinstance(event, Transfer):
        decided = decision_of(event, features.query(event).tobytes())
    features.push(event)
    return Record(row, decided)


def decision_of(transfer: Transfer, vector: bytes) -> DecisionRow:
    """Return a decision that does nothing."""
    return DecisionRow(
        assessment_id=f"asm_{transfer.transfer_id}", transfer_id=transfer.transfer_id, intervention="none", tier=None,
        hold_s=None, score=0.0, expected_loss_fen=0, reasons="[]", model_version="none", features_fingerprint=PLAN.fingerprint,
        policy_version="none", features=vector, request_sha256=bytes(32), idempotency_key=f"key-{transfer.transfer_id}",
        reply=b"{}", decided_at_ms=to_ms(transfer.event_time),
    )  # fmt: skip


def snapshot_behind(store: Store, folder: Path, last: int) -> None:
    """Write a snapshot that has seen the log up to a place."""
    snapshots = Snapshots(folder, PLAN, store.log)
    state = State(features=OnlineFeatures(PLAN), seen=SeenIds())
    follow(store, state, prove_after=last, last=last)
    with snapshots.writing():
        snapshots.write(state)


def environment(database: str, folder: Path, port: int = 0) -> dict[str, str]:
    """Return what a process of ours is told; the service starts no snapshot by itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FRAUDGUARD_")}
    ours = {"SECRET": SECRET, "DATABASE": database, "SNAPSHOTS": str(folder), "SNAPSHOT_EVERY": "0", "PORT": str(port)}
    return {**kept, **{f"FRAUDGUARD_{name}": value for name, value in ours.items()}}


@contextmanager
def serving(database: str, folder: Path) -> Iterator[tuple[int, int, float]]:
    """Give the number of a service's process, its port, and how long it took to be ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.journeys.server"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database, folder, port), stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(port, began)
        yield process.pid, port, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_until_ready(port: int, began: float) -> None:
    """Ask twenty times a second.

    Raises
    ------
    TimeoutError
        If it takes ten minutes.
    """
    while time.monotonic() - began < PATIENCE_S:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise TimeoutError("the service did not become ready")


def memory_mb(pid: int) -> tuple[float, float]:
    """Return what of a process is resident, and what of that is its own and no mapped file."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
    return int(lines["VmRSS"].split()[0]) / 1024, int(lines["RssAnon"].split()[0]) / 1024


def started(how: str, database: str, folder: Path) -> Start:
    """Start the service once."""
    with serving(database, folder) as (pid, _, ready_s):
        return Start(how, ready_s, *memory_mb(pid))


def written_beside(database: str, folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Begin to write a snapshot, as the service does."""
    command = [sys.executable, "-m", "fraudguard", "--quiet", "snapshot", "write", "--json"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(database, folder), stdout=subprocess.PIPE)
    os.setpriority(os.PRIO_PROCESS, process.pid, 19)
    return process, time.monotonic()


def asked_ms(port: int, token: str, *, first: int, until: Callable[[int], bool]) -> list[float]:
    """Ask for one transfer after the other until told to stop, and return how long each took.

    Raises
    ------
    ConnectionError
        If one is not answered.
    """
    connection, spent = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while not until(len(spent)):
        number = first + len(spent)
        body = {
            "transfer_id": f"B{number}",
            "event_time": "2026-03-07T02:00:00Z",
            "payer": {"account_id": f"a{number * 7919 % 90_001}"},
            "payee": {"account_id": f"a{number * 104_729 % 90_001}"},
            "amount": {"value": 10_000 + number, "currency": "CNY"},
        }
        began = time.perf_counter()
        connection.request("POST", "/v1/assessments", json.dumps(body), headers)
        reply = connection.getresponse()
        reply.read()
        spent.append(1_000 * (time.perf_counter() - began))
        if reply.status != http.HTTPStatus.OK:
            raise ConnectionError(reply.status)
    connection.close()
    return spent


def print_latency(what: str, spent_ms: Sequence[float]) -> None:
    """Print the middle, the slow and the slowest."""
    middle, slow, slowest = np.percentile(spent_ms, [50, 99, 100])
    print(f"{what:34} {len(spent_ms):6,} asked  median {middle:6.2f} ms  p99 {slow:6.2f} ms  worst {slowest:7.2f} ms")


def print_starts(starts: Sequence[Start]) -> bool:
    """Print each start; return whether those from a snapshot keep the promise."""
    for one in starts:
        print(f"{one.how:34} ready {one.ready_s:6.2f} s  resident {one.resident_mb:6.0f} MB  own {one.own_mb:6.0f} MB")
    return all(one.ready_s <= READY_S and one.resident_mb <= RESIDENT_MB for one in starts[1:])


def measure_load(store: Store, database: str, folder: Path) -> None:
    """Ask alone, and while a snapshot is written."""
    token, key = issue_key(SECRET.encode(), "benchmark", (Scope.ADMIN,), at=START)
    store.keys.add(key)
    with serving(database, folder) as (pid, port, _):
        asked_ms(port, token, first=0, until=lambda n: n >= N_ASKED // 3)
        print_latency("alone", asked_ms(port, token, first=10_000, until=lambda n: n >= N_ASKED))
        process, began = written_beside(database, folder)
        print_latency(
            "while a snapshot is written",
            asked_ms(port, token, first=20_000, until=lambda _: process.poll() is not None),
        )
        printed, _ = process.communicate()
        print(f"the writing took {time.monotonic() - began:.1f} s: {printed.decode().strip()}")
        print("resident after it {:.0f} MB, own {:.0f} MB".format(*memory_mb(pid)))


def main() -> int:
    """Measure and print; 1 when a start from a snapshot takes longer or more memory than promised."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--transfers", type=int, default=1_000_000, help="up to a million; the accounts stay the same")
    parser.add_argument("--folder", type=Path, default=None, help="kept, and used again; else a temporary one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = asked.folder or Path(temporary)
        place.mkdir(parents=True, exist_ok=True)
        return measure(place, asked.transfers)


def measure(place: Path, n: int) -> int:
    """Fill a store, if there is none, and measure."""
    database = f"sqlite:///{place}/store.db"
    is_there, store = (place / "store.db").exists(), Store.open(database)
    if not is_there:
        store.upgrade()
        fill(store, n)
    last = store.log.last_place()
    for folder, behind in (("whole", 0), ("behind", BEHIND)):
        snapshot_behind(store, place / folder, last - behind)
    print(f"{n:,} transfers, {N_ACCOUNTS:,} accounts; load {os.getloadavg()[0]:.1f}")
    kept = print_starts([
        started("from the whole log", database, place / "none"),
        started("from a snapshot of all", database, place / "whole"),
        started(f"from one {BEHIND:,} events behind", database, place / "behind"),
    ])
    measure_load(store, database, place / "behind")
    store.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
