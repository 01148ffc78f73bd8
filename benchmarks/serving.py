"""How fast the service answers beside an empty FastAPI endpoint: `python benchmarks/serving.py [--model DIR --data DIR]`.

Both run on one core, the load generator (Debian's `wrk`) on another, in interleaved rounds of one run, with the same requests. The empty
endpoint takes the request by a pydantic model and gives an answer of the same size by another; it does nothing and stores nothing. Ours
does everything: key, validation, features, model, decision, exact reasons for what is flagged, one durable SQLite record (`synchronous=FULL`)
before the answer. Each request is a transfer of its own. The policy is set so that a stated share of the requests is flagged.

The figure is a ratio of medians, and processor time per request, which a busy machine disturbs less.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import numpy as np

from fraudguard.column import columns_of
from fraudguard.model.artifact import load_artifact
from fraudguard.tables import read_dataset
from fraudguard.tables.events import events_in_log_order
from fraudguard.transfer import Transfer

SECRET = "for this benchmark only, it opens nothing"  # noqa: S105  # opens nothing
SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 32
BODIES = 4_000
PROMISES = {0.005: 1.0, 0.03: 0.8}
TICKS = os.sysconf("SC_CLK_TCK")

EMPTY = """
from typing import Any
from fastapi import FastAPI
from pydantic import BaseModel

class Amount(BaseModel):
    value: int
    currency: str

class Party(BaseModel):
    account_id: str
    balance_before_fen: int | None = None
    bank_code: str | None = None
    type: str | None = None

class TransferIn(BaseModel):
    transfer_id: str
    event_time: str
    payer: Party
    payee: Party
    amount: Amount
    channel: str | None = None
    event_type: str | None = None
    session: dict[str, Any] | None = None
    device: dict[str, Any] | None = None

class Answer(BaseModel):
    id: str
    transfer_id: str
    created_at: str
    mode: str
    intervention: str
    tier: str | None
    hold: dict[str, Any] | None
    score: float
    reasons: list[str]
    versions: dict[str, str]
    degraded: bool
    timing_ms: dict[str, float]

app = FastAPI()

@app.post("/v1/assessments", response_model=Answer)
async def assess(transfer: TransferIn) -> Answer:
    return Answer(id="asm_01M84ZSKGW3PPMMDH4GGHSY1Q0", transfer_id=transfer.transfer_id, created_at="2026-11-23T19:58:12.508324Z",
        mode="live", intervention="allow", tier=None, hold=None, score=0.0001234, reasons=[],
        versions={"model": "m-dc514c3b8b95", "features": "acb5c56995088096", "policy": "p-c5ddc7d5f1cc"}, degraded=False,
        timing_ms={"features": 0.1, "model": 0.1, "reasons": 0.0, "total": 0.2})
"""

# Every request is put together from parts made beforehand: a slow load generator would make the slower server look as quick as the other.
LUA = """
local heads, tails = {}, {}
local run = "RUN"
local head = "POST /v1/assessments HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Type: application/json\\r\\nAuthorization: Bearer KEY\\r\\nContent-Length: "
for line in io.lines("BODIES") do
  local before, after = line:match("^(.*)@ID@(.*)$")
  heads[#heads + 1] = head .. (#before + #run + 9 + #after) .. "\\r\\n\\r\\n" .. before .. run .. "-"
  tails[#tails + 1] = after
end
local n = 0
request = function()
  n = n + 1
  local place = (n - 1) % #heads + 1
  return heads[place] .. (10000000 + n) .. tails[place]
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %f %f\\n", summary.requests, summary.duration, summary.errors.status,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What both servers are given: a model, the dataset it is asked about, the requests, and a folder to work in."""

    model: Path
    data: Path
    bodies: Path
    folder: Path


@dataclass(slots=True)
class Server:
    """One server under load, and what its rounds gave."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int
    key: str = ""
    process: subprocess.Popen[bytes] | None = None
    rps: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it on its core and wait until it answers."""
        pinned = ["taskset", "-c", str(SERVER_CORE), *self.command]
        self.process = subprocess.Popen(
            pinned, env={**os.environ, **self.environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
            self.process = None

    def used_s(self) -> float:
        """Return the processor time it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()  # type: ignore[union-attr]
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        """Return its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")  # type: ignore[union-attr]
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def load(self, bodies: Path, run: str, *, seconds: int, keep: bool = True) -> None:
        """Load it for a while with requests of their own.

        Raises
        ------
        RuntimeError
            If a request was not answered with 200.
        """
        script = bodies.parent / f"{self.name}-{run}.lua"
        script.write_text(
            LUA.replace("BODIES", str(bodies)).replace("RUN", f"{self.name}-{run}").replace("KEY", self.key), "utf-8"
        )
        command = [
            "taskset",
            "-c",
            str(LOAD_CORE),
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "-s",
            str(script),
            f"http://127.0.0.1:{self.port}",
        ]
        before = self.used_s()
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        used = self.used_s() - before
        requests, duration_us, errors, p50_us, p99_us = (
            float(word) for word in re.search(r"RESULT (.+)", said)[1].split()
        )  # type: ignore[index]
        if errors:
            raise RuntimeError(f"{self.name}: {errors:.0f} of {requests:.0f} requests failed\n{said}")
        if keep:
            self.rps.append(requests / duration_us * 1e6)
            self.cpu_us.append(used / requests * 1e6)
            self.p50_ms.append(p50_us / 1e3)
            self.p99_ms.append(p99_us / 1e3)


def main() -> int:
    """Measure, print, and say whether the promises are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a model folder; else one is trained on a small simulated world")
    parser.add_argument("--data", type=Path, help="the dataset whose last transfers are asked about; with --model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument(
        "--flagged", type=float, action="append", help="share of requests that is flagged; 0.005 and 0.03"
    )
    asked = parser.parse_args()
    if shutil.which("wrk") is None or (os.cpu_count() or 1) < 2:  # one for the server, one for the load
        print("needs wrk (apt-get install wrk) and two cores; skipped", file=sys.stderr)
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, data = prepared(asked.model, asked.data, folder)
        place = Place(model, data, write_bodies(data, folder), folder)
        scores = None
        for share in asked.flagged or PROMISES:
            scores = scores if scores is not None else scores_of(place)
            ours, empty = ours_at(share, scores, place), empty_endpoint(folder)
            kept &= race(ours, empty, place.bodies, share=share, rounds=asked.rounds, seconds=asked.seconds)
    return 0 if kept else 1


def race(ours: Server, empty: Server, bodies: Path, *, share: float, rounds: int, seconds: int) -> bool:
    """Load both in turn and print what came of it; return whether the promise for this share is kept."""
    for server in (empty, ours):
        server.start()
    try:
        for server in (empty, ours):
            server.load(bodies, "warm", seconds=1, keep=False)
        for number in range(rounds):
            for server in (empty, ours):
                server.load(bodies, str(number), seconds=seconds)
        memory = ours.memory_mb()
    finally:
        for server in (empty, ours):
            server.stop()
    print(f"\n{share:.1%} flagged, {rounds} rounds of {seconds} s, {CONNECTIONS} connections, medians")
    for server in (empty, ours):
        middle = (statistics.median(values) for values in (server.rps, server.cpu_us, server.p50_ms, server.p99_ms))
        print(
            "  {:24s} {:8,.0f} requests/s  {:6.0f} us of processor  p50 {:6.1f} ms  p99 {:6.1f} ms".format(
                server.name, *middle
            )
        )
    by_rps = statistics.median(ours.rps) / statistics.median(empty.rps)
    by_cpu = statistics.median(empty.cpu_us) / statistics.median(ours.cpu_us)
    least = PROMISES.get(share, 0.0)
    verdict = "kept" if by_rps >= least else "MISSED"
    print(
        f"  ours / empty: {by_rps:.2f} by requests, {by_cpu:.2f} by processor time; promised {least:g}: {verdict}; {memory:.0f} MB resident"
    )
    return by_rps >= least


def prepared(model: Path | None, data: Path | None, folder: Path) -> tuple[Path, Path]:
    """Return a model and a dataset, made here when none are named."""
    if model is not None and data is not None:
        load_artifact(model)
        return model, data
    command = str(Path(sys.executable).with_name("fraudguard"))
    subprocess.run(
        [command, "-q", "simulate", folder / "data", "--accounts", "20000", "--days", "45", "--preset", "dense"],
        check=True,
    )
    subprocess.run(
        [command, "-q", "train", folder / "data", "--out", folder / "model"], check=True, stdout=subprocess.DEVNULL
    )
    return folder / "model", folder / "data"


def write_bodies(data: Path, folder: Path) -> Path:
    """Write the last transfers of a dataset as requests, one a line, with a place for the id."""
    dataset = read_dataset(data)
    last = [event for event in events_in_log_order(dataset) if isinstance(event, Transfer)][-BODIES:]
    path = folder / "bodies.txt"
    path.write_text("".join(json.dumps(body_of(transfer)) + "\n" for transfer in last), "utf-8")
    return path


def body_of(transfer: Transfer) -> dict[str, object]:
    """Return the request about a transfer, under the id that the load generator fills in."""
    import msgspec  # noqa: PLC0415  # only here

    body: dict[str, dict[str, object] | object] = {}
    for column in columns_of(Transfer):
        value = msgspec.to_builtins(getattr(transfer, column.name))
        group, _, leaf = column.pointer.removeprefix("/").partition("/")
        if value is not None and leaf:
            body.setdefault(group, {})[leaf] = value  # type: ignore[index]
        elif value is not None:
            body[group] = value
    return body | {"transfer_id": "@ID@"}


def scores_of(place: Place) -> list[float]:
    """Return what the service scores these requests at, once each, after the history of the dataset."""
    server = ours_at(0.0, [1.0], place)
    server.start()
    try:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{server.port}", headers={"Authorization": f"Bearer {server.key}"}
        ) as client:
            lines = place.bodies.read_text("utf-8").splitlines()
            answers = (
                client.post(
                    "/v1/assessments",
                    content=line.replace("@ID@", f"score-{number}"),
                    headers={"Content-Type": "application/json"},
                )
                for number, line in enumerate(lines)
            )
            return [answer.json()["score"] for answer in answers]
    finally:
        server.stop()


def ours_at(share: float, scores: list[float], given: Place) -> Server:
    """Return the service with a new store that holds the dataset, and a policy that flags a share of the requests."""
    place = Path(tempfile.mkdtemp(dir=given.folder))
    score_from = float(np.quantile(scores, 1 - share)) if share else 1.0
    (place / "policy.toml").write_text(
        f'version = "b"\n[[steps]]\nscore_from = {min(max(score_from, 1e-9), 1.0)!r}\nintervention = "verify_transaction"\ntier = "low"\n',
        "utf-8",
    )
    environment = {
        "FRAUDGUARD_SECRET": SECRET,
        "FRAUDGUARD_DATABASE": f"sqlite:///{place / 'store.db'}",
        "FRAUDGUARD_MODEL": str(given.model),
        "FRAUDGUARD_POLICY": str(place / "policy.toml"),
        "FRAUDGUARD_LOG_LEVEL": "error",
    }
    command = str(Path(sys.executable).with_name("fraudguard"))

    def run(*words: str) -> str:
        done = subprocess.run(
            [command, "-q", *words], check=True, capture_output=True, text=True, env={**os.environ, **environment}
        )
        return done.stdout

    run("db", "init")
    run("db", "load", str(given.data))
    run("snapshot", "write")  # else the service begins with one, on the same core
    key = re.search(r"fg_\w+", run("key", "create", "bench", "--scope", "assess"))[0]  # type: ignore[index]
    port = free_port()
    return Server(
        "fraudguard, durable", [command, "serve", "--port", str(port), "--no-console"], environment, port, key
    )


def empty_endpoint(folder: Path) -> Server:
    """Return the empty endpoint, on the same server program."""
    (folder / "empty.py").write_text(EMPTY, "utf-8")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "empty:app",
        "--app-dir",
        str(folder),
        "--port",
        str(port),
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        "--no-access-log",
        "--log-level",
        "error",
    ]
    return Server("empty FastAPI endpoint", command, {}, port)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, seconds: float = 120) -> None:
    """Wait until a server answers on a port and is ready.

    Raises
    ------
    RuntimeError
        If it does not in time.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code != 503:  # the empty endpoint has no such path
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port}")


if __name__ == "__main__":
    sys.exit(main())
