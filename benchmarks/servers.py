"""A server under load: pinned to one core, asked by Debian's `wrk` from another, with its processor time."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx2

__all__ = ["CONNECTIONS", "LOAD_CORE", "SERVER_CORE", "Server", "free_port", "wait_for"]

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS: Final = 32
_TICKS: Final = os.sysconf("SC_CLK_TCK")

# Every request is put together from parts made beforehand: a slow load generator would make the slower server look as quick as the other.
_LUA: Final = """
local heads, tails = {}, {}
local run = "RUN"
local head = "POST PATH HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Type: application/json\\r\\nAuthorization: Bearer KEY\\r\\nContent-Length: "
for line in io.lines("BODIES") do
  local before, after = line:match("^(.*)@ID@(.*)$")
  before, after = [==[BEFORE]==] .. before, after .. [==[AFTER]==]
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


@dataclass(slots=True)
class Server:
    """One server under load, and what its rounds gave."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int
    key: str = ""
    path: str = "/v1/assessments"
    wrap: tuple[str, str] = ("", "")
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
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """Return its resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")  # type: ignore[union-attr]
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def _script(self, bodies: Path, run: str) -> str:
        filled = _LUA
        words = {"BODIES": str(bodies), "RUN": f"{self.name}-{run}", "KEY": self.key, "PATH": self.path}
        for name, value in {**words, "BEFORE": self.wrap[0], "AFTER": self.wrap[1]}.items():
            filled = filled.replace(name, value)
        return filled

    def load(self, bodies: Path, run: str, *, seconds: int, keep: bool = True) -> None:
        """Load it for a while with requests of their own.

        Raises
        ------
        RuntimeError
            If a request was not answered with 200.
        """
        script = bodies.parent / f"{self.name}-{run}.lua"
        script.write_text(self._script(bodies, run), "utf-8")
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
