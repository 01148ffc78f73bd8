"""A PostgreSQL of the tests' own, from Debian's packages."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

__all__ = ["Cluster", "cluster", "make_empty", "postgresql"]


@pytest.fixture(scope="session")
def cluster() -> Iterator["Cluster"]:
    """Give a PostgreSQL of our own that runs, by an unprivileged user when we are root."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        if os.environ.get("CI") == "true":  # noqa: TID251  # a switch of the tests
            pytest.fail("CI runs the store on PostgreSQL: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    # Not pytest's own folder: nobody but its owner may enter that.
    with tempfile.TemporaryDirectory(prefix="fraudguard-postgresql-") as folder:
        made = Cluster(Path(folder), programs[-1])
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="session")
def postgresql(cluster: "Cluster") -> str:
    """Give the URL of a PostgreSQL of our own."""
    return cluster.url


class Cluster:
    """A PostgreSQL on a free loopback port, in a temporary folder."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._data = folder / "data"
        self._programs = programs
        self._port = _free_port()
        self._is_made = False
        self._as: list[str] = []
        if os.geteuid() == 0:
            self._as = ["runuser", "-u", "postgres", "--"]
            shutil.chown(folder, "postgres")

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it; make it first where there is none."""
        if not self._is_made:
            self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "--no-sync")
            self._is_made = True
        options = f"-p {self._port} -h 127.0.0.1 -k '' -c fsync=off"
        log = str(self._data / "server.log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop it at once."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd="/")  # noqa: S603  # our own words


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_empty(url: str) -> None:
    """Leave nothing of a database."""
    psql = ["psql", url, "-q", "-c", "drop schema public cascade; create schema public"]
    subprocess.run(psql, check=True, capture_output=True, timeout=60)  # noqa: S603  # our own words
