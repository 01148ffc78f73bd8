"""Other model servers on the same model and the same requests, each in an environment of its own under ``data/out/peers``.

They do what ours does, by the same functions, but for the key, the look for an earlier answer and the durable record (`served/core.py`), in the form
that their manuals begin with, and in a quicker one where there is one. One at a time runs beside ours, in turns, on the same core; what it starts further counts as it. One that cannot be installed or does not start is skipped, with a word.
"""

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2
from servers import CONNECTIONS, SERVER_CORE, Server, free_port

__all__ = ["PEERS", "race_peers"]

_SERVED: Final = Path(__file__).with_name("served")
_INSTALLED: Final = Path(__file__).parents[1] / "data" / "out" / "peers"
_ALL_NEED: Final = ("cryptography", "msgspec", "numpy", "pydantic", "pyyaml")
"""What the features, the model and the policy import; they are run from this folder."""
_START_S: Final = 180
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another server: its package, how it is started, and how many times its rate ours is promised to be."""

    name: str
    package: str
    command: tuple[str, ...]
    promise: float | None = None
    before: tuple[str, ...] = ()
    path: str = "/v1/assessments"
    wrap: tuple[str, str] = ("", "")


_BENTOML: Final = "bentoml==1.4.40"
_MLFLOW: Final = "mlflow==3.17.2"
_MLFLOW_SERVES: Final = ("mlflow", "models", "serve", "--env-manager", "local", "-h", "127.0.0.1", "-p", "PORT", "-m")

PEERS: Final = (
    Peer(
        name="BentoML",
        package=_BENTOML,
        command=("bentoml", "serve", "with_bentoml:Assess", "--host", "127.0.0.1", "--port", "PORT"),
        promise=5.0,
    ),
    Peer(
        name="BentoML, async",
        package=_BENTOML,
        command=("bentoml", "serve", "with_bentoml_async:Assess", "--host", "127.0.0.1", "--port", "PORT"),
    ),
    Peer(name="LitServe", package="litserve==0.2.19", command=("python", "with_litserve.py")),
    Peer(
        name="MLflow",
        package=_MLFLOW,
        before=("python", "with_mlflow.py", "FOLDER/frame"),
        command=(*_MLFLOW_SERVES, "FOLDER/frame"),
        promise=12.0,
        path="/invocations",
        wrap=('{"dataframe_records": [', "]}"),
    ),
    Peer(
        name="MLflow, typed",
        package=_MLFLOW,
        before=("python", "with_mlflow_typed.py", "FOLDER/typed"),
        command=(*_MLFLOW_SERVES, "FOLDER/typed"),
        path="/invocations",
        wrap=('{"inputs": [', "]}"),
    ),
    Peer(name="Ray Serve", package="ray[serve]==2.60.0", command=("python", "with_ray.py"), promise=40.0),
)
"""Promises are for the form that the manuals begin with; where another is quicker, it is measured, too."""


@dataclass(slots=True)
class PeerServer(Server):
    """A server of many processes, known by a mark in their environment."""

    body: bytes = b""
    mark: str = field(default_factory=lambda: f"peer-{time.monotonic_ns()}")

    def start(self) -> None:
        """Start it on its core and wait until it judges.

        Raises
        ------
        RuntimeError
            If it does not in time.
        """
        pinned = ["taskset", "-c", str(SERVER_CORE), *self.command]
        environment = {**os.environ, **self.environment, "SERVED_MARK": self.mark}
        with Path(self.environment["SERVED"], f"{self.name}.log").open("wb") as said:
            self.process = subprocess.Popen(pinned, env=environment, cwd=_SERVED, stdout=said, stderr=said)
        until = time.monotonic() + _START_S
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(httpx2.HTTPError):
                if self._ask().status_code == 200:
                    return
            time.sleep(0.2)
        raise RuntimeError(Path(said.name).read_text("utf-8", "replace")[-2000:])

    def stop(self) -> None:
        """Ask it to end, and end all that it started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=20)
            for number in self._processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def used_s(self) -> float:
        """Return the processor time that all its processes have used."""
        return sum(_used_ticks(number) for number in self._processes()) / _TICKS

    def _ask(self) -> httpx2.Response:
        headers = {"Content-Type": "application/json"}
        return httpx2.post(f"http://127.0.0.1:{self.port}{self.path}", content=self.body, headers=headers, timeout=30)

    def _processes(self) -> Iterator[int]:
        mark = f"SERVED_MARK={self.mark}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def race_peers(
    ours: Callable[[], Server], bodies: Path, folder: Path, *, names: Sequence[str], rounds: int, seconds: int
) -> bool:
    """Load each peer and ours in turn and print what came of it; return whether the promises are kept."""
    kept = True
    print(
        f"\nOther servers, same model and requests, {rounds} rounds of {seconds} s, {CONNECTIONS} connections, medians"
    )
    for peer in (one for one in PEERS if not names or one.name in names):
        try:
            server = _server_of(peer, bodies, folder)
            kept &= _race(peer, (server, ours()), bodies, rounds=rounds, seconds=seconds)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            print(f"  {peer.name}: skipped: {str(error).strip()[-400:]}", flush=True)
    return kept


def _race(peer: Peer, servers: tuple[PeerServer, Server], bodies: Path, *, rounds: int, seconds: int) -> bool:
    theirs, ours = servers
    try:
        for server in servers:
            server.start()
            server.load(bodies, "warm", seconds=1, keep=False)
        for number in range(rounds):
            for server in servers:
                server.load(bodies, str(number), seconds=seconds)
    finally:
        for server in servers:
            server.stop()
    by_rps = statistics.median(ours.rps) / statistics.median(theirs.rps)
    by_cpu = statistics.median(theirs.cpu_us) / statistics.median(ours.cpu_us)
    verdict = (
        "" if peer.promise is None else f"; promised {peer.promise:g}: {'kept' if by_rps >= peer.promise else 'MISSED'}"
    )
    for server in servers:
        middle = (statistics.median(values) for values in (server.rps, server.cpu_us, server.p50_ms, server.p99_ms))
        row = "  {:24s} {:8,.0f} requests/s  {:6.0f} us of processor  p50 {:6.1f} ms  p99 {:6.1f} ms"
        print(row.format(server.name, *middle))
    print(f"  ours / {peer.name}: {by_rps:.1f} by requests, {by_cpu:.1f} by processor time{verdict}", flush=True)
    return peer.promise is None or by_rps >= peer.promise


def _server_of(peer: Peer, bodies: Path, folder: Path) -> PeerServer:
    programs = _installed(peer)
    port = free_port()
    places = {"PORT": str(port), "FOLDER": str(folder)}
    environment = {
        "SERVED": str(folder / "served"), "PORT": str(port), "PYTHONPATH": f"{_SERVED}:{_SERVED.parents[1]}", "PATH": f"{programs}:{os.environ['PATH']}",
        "BENTOML_DO_NOT_TRACK": "1", "MLFLOW_DISABLE_TELEMETRY": "1", "RAY_USAGE_STATS_ENABLED": "0", "DO_NOT_TRACK": "1",
    }  # fmt: skip
    if peer.before:
        made = subprocess.run(
            _filled(peer.before, places, programs),
            env={**os.environ, **environment},
            cwd=_SERVED,
            capture_output=True,
            check=False,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(made.stderr)
    line = bodies.read_text("utf-8").partition("\n")[0].replace("@ID@", "first")
    return PeerServer(
        peer.name, _filled(peer.command, places, programs), environment, port,
        path=peer.path, wrap=peer.wrap, body=line.join(peer.wrap).encode(),
    )  # fmt: skip


def _filled(words: tuple[str, ...], places: dict[str, str], programs: Path) -> list[str]:
    filled = [str(programs / words[0])]
    for word in words[1:]:
        for name, value in places.items():
            word = word.replace(name, value)  # noqa: PLW2901  # each in turn
        filled.append(word)
    return filled


def _installed(peer: Peer) -> Path:
    """Return the programs of an environment with a peer, made when it is not there.

    Raises
    ------
    RuntimeError
        If it cannot be installed.
    """
    home = _INSTALLED / peer.package.replace("[serve]", "").replace("==", "-")
    programs = home / "bin"
    done = home / "done"
    if not done.exists():
        print(f"… installing {peer.package}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True, capture_output=True)
        pip = [programs / "pip", "--disable-pip-version-check", "install", "--quiet", peer.package, *_ALL_NEED]
        made = subprocess.run(pip, capture_output=True, check=False, text=True)
        if made.returncode:
            raise RuntimeError(f"cannot be installed: {made.stderr}")
        done.touch()
    return programs


def _used_ticks(number: int) -> int:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0
