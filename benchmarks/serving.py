"""How fast the service answers beside an empty FastAPI endpoint: `python benchmarks/serving.py [--model DIR --data DIR]`.

Both run on one core, the load generator (Debian's `wrk`) on another, in interleaved rounds of one run, with the same requests. The empty
endpoint takes the request by a pydantic model and gives an answer of the same size by another; it does nothing and stores nothing. Ours
does everything: key, validation, features, model, decision, exact reasons for what is flagged, one durable SQLite record (`synchronous=FULL`)
before the answer. Each request is a transfer of its own. The policy is set so that a stated share of the requests is flagged.

The figure is a ratio of medians, and processor time per request, which a busy machine disturbs less.

Then many transfers in one request (`serving_batch.py`), and with `--peers` other model servers (`serving_peers.py`).
"""

import argparse
import json
import os
import pickle
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import numpy as np
from servers import CONNECTIONS, Server, free_port
from serving_batch import race_batches
from serving_peers import PEERS, race_peers

from fraudguard.column import columns_of
from fraudguard.model.artifact import load_artifact
from fraudguard.tables import read_dataset
from fraudguard.tables.events import events_in_log_order
from fraudguard.transfer import Transfer

SECRET = "for this benchmark only, it opens nothing"  # noqa: S105  # opens nothing
BODIES = 4_000
USUAL = 0.005
PROMISES = {USUAL: 1.0, 0.03: 0.8}


@dataclass(frozen=True, slots=True)
class Place:
    """What the servers are given: a model, the dataset it is asked about, the requests, and a folder to work in."""

    model: Path
    data: Path
    bodies: Path
    folder: Path


def main() -> int:
    """Measure, print, and say whether the promises are kept."""
    asked = _parser().parse_args()
    if shutil.which("wrk") is None or (os.cpu_count() or 1) < 2:  # one for the server, one for the load
        print("needs wrk (apt-get install wrk) and two cores; skipped", file=sys.stderr)
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, data = prepared(asked.model, asked.data, folder)
        place = Place(model, data, write_bodies(data, folder), folder)
        scores = scores_of(place)
        usual = partial(ours_at, USUAL, scores, place)
        if asked.only in {None, "empty"}:
            for share in asked.flagged or PROMISES:
                ours, empty = ours_at(share, scores, place), empty_endpoint()
                kept &= race(ours, empty, place.bodies, share=share, rounds=asked.rounds, seconds=asked.seconds)
        if asked.only in {None, "batch"}:
            kept &= race_batches(usual, data, rounds=asked.rounds)
        if asked.peers or asked.only == "peers":
            write_served(place, scores)
            kept &= race_peers(
                usual, place.bodies, folder, names=asked.peer, rounds=asked.rounds, seconds=asked.seconds
            )
    return 0 if kept else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a model folder; else one is trained on a small simulated world")
    parser.add_argument("--data", type=Path, help="the dataset whose last transfers are asked about; with --model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument(
        "--flagged", type=float, action="append", help="share of requests that is flagged; 0.005 and 0.03"
    )
    parser.add_argument(
        "--peers", action="store_true", help="also BentoML, LitServe, MLflow and Ray Serve, installed here"
    )
    parser.add_argument("--peer", action="append", default=[], choices=[peer.name for peer in PEERS], help="only these")
    parser.add_argument("--only", choices=("empty", "batch", "peers"), help="one part of it")
    return parser


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


def policy_of(share: float, scores: list[float]) -> str:
    """Return a policy that flags a share of the requests."""
    score_from = float(np.quantile(scores, 1 - share)) if share else 1.0
    step = f'score_from = {min(max(score_from, 1e-9), 1.0)!r}\nintervention = "verify_transaction"\ntier = "low"\n'
    return f'version = "b"\n[[steps]]\n{step}'


def write_served(place: Place, scores: list[float]) -> None:
    """Write what other servers load: the history, the model, and the policy that flags the usual share."""
    served = place.folder / "served"
    served.mkdir()
    shutil.copytree(place.model, served / "model")
    (served / "policy.toml").write_text(policy_of(USUAL, scores), "utf-8")
    (served / "events.pickle").write_bytes(pickle.dumps(list(events_in_log_order(read_dataset(place.data)))))


def ours_at(share: float, scores: list[float], given: Place) -> Server:
    """Return the service with a new store that holds the dataset, and a policy that flags a share of the requests."""
    place = Path(tempfile.mkdtemp(dir=given.folder))
    (place / "policy.toml").write_text(policy_of(share, scores), "utf-8")
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


def empty_endpoint() -> Server:
    """Return the empty endpoint, on the same server program."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "empty:app",
        "--app-dir",
        str(Path(__file__).with_name("served")),
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


if __name__ == "__main__":
    sys.exit(main())
