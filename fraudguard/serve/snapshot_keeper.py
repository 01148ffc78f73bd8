"""Has a snapshot written every so many events, by a process of its own.

The service only counts and starts it: the log is read, the state built and the file written elsewhere, at the lowest
priority, so that no answer waits for them. What goes wrong there costs a longer start, and no more.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from fraudguard.errors import NotReadyError
from fraudguard.serve.journal import log
from fraudguard.serve.live import LiveLog, Status
from fraudguard.serve.snapshot_writer import Written
from fraudguard.serve.telemetry import Telemetry

__all__ = ["COMMAND", "ChildWriter", "Pace", "SnapshotKeeper"]

_QUIETLY: Final = ("--lang", "en", "--quiet")
COMMAND: Final = (sys.executable, "-P", "-m", "fraudguard", *_QUIETLY, "snapshot", "write", "--json")
"""What is run to write a snapshot; -P: the folder the service runs in is no place for modules."""

_LOWEST_PRIORITY: Final = 19
_RESTS: Final = 9
"""After each snapshot so many times as long as it took: under the highest load the log outgrows a snapshot while it is written, and
one after the other would take a core for themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the keeper looks, and by which clock it rests.

    Parameters
    ----------
    look_s, again_s : float
        Seconds between two looks; seconds to wait after a failure.
    now_s : callable
        A clock that only goes on, in seconds.
    """

    look_s: float = 1.0
    again_s: float = 600.0
    now_s: Callable[[], float] = time.monotonic


class ChildWriter:
    """Runs the command that writes a snapshot.

    Parameters
    ----------
    environment : mapping of str to str
        Of the process: from `fraudguard.serve.settings.environment_of`.
    command : tuple of str
        Prints a `Written` as JSON.
    """

    def __init__(self, environment: Mapping[str, str], command: tuple[str, ...] = COMMAND) -> None:
        self._environment = environment
        self._command = command

    async def write(self) -> Written:
        """Run it to its end, or kill it when cancelled: a file is complete or not there.

        Returns
        -------
        Written
            What it wrote.

        Raises
        ------
        NotReadyError
            If it ended with an error.
        """
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self._environment,
            stdin=nothing,
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,  # Ctrl-C is for the service
        )
        try:
            with contextlib.suppress(ProcessLookupError):
                _give_way(process.pid)
            printed, said = await process.communicate()
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return _read(process.returncode, printed, said)


class SnapshotKeeper:
    """Looks at the log's length, and has a snapshot written when it has grown enough.

    Parameters
    ----------
    live : LiveLog
        Whose length counts.
    telemetry : Telemetry
        What to count.
    every : int
        Events between two snapshots.
    write : callable
        Has one written: `ChildWriter.write`.
    pace : Pace or None
        How often to look and how long to rest.
    """

    def __init__(
        self,
        live: LiveLog,
        telemetry: Telemetry,
        *,
        every: int,
        write: Callable[[], Awaitable[Written]],
        pace: Pace | None = None,
    ) -> None:
        self._live = live
        self._telemetry = telemetry
        self._every = every
        self._write = write
        self._pace = pace or Pace()
        self._last: int | None = None

    async def run(self) -> None:
        """Look for ever; ends only when cancelled."""
        while True:
            await asyncio.sleep(self._pace.look_s)
            if self._is_due():
                await self._write_and_rest()

    async def _write_and_rest(self) -> None:
        began_s = self._pace.now_s()
        written = await self._wrote()
        took_s = self._pace.now_s() - began_s
        await asyncio.sleep(_RESTS * took_s if written else self._pace.again_s)

    def _is_due(self) -> bool:
        if self._live.status is not Status.READY:
            return False
        last = self._live.restored_from if self._last is None else self._last
        # A last place behind the end of the log is that of another log: the database was put back.
        return self._live.length - (last if last <= self._live.length else 0) >= self._every

    async def _wrote(self) -> bool:
        try:
            written = await self._write()
        except Exception as error:  # noqa: BLE001  # whatever it was, the service goes on without a new snapshot
            reason = str(error) if isinstance(error, NotReadyError) else type(error).__name__
            log.warning("no snapshot written, trying again later", reason=reason)
            self._telemetry.snapshot_failures.inc()
            return False
        self._last = written.place
        self._telemetry.note_snapshot(place=written.place)
        self._telemetry.note_parity(checked=written.checked, differing=written.differing)
        self._say(written)
        return True

    @staticmethod
    def _say(written: Written) -> None:
        log.info("snapshot written", place=written.place, went_on_from=written.went_on_from, n_bytes=written.n_bytes)
        if written.differing:
            log.error(
                "stored vectors differ from the log; run fraudguard parity",
                checked=written.checked, differing=written.differing,
            )  # fmt: skip


def _give_way(pid: int) -> None:
    os.setpriority(os.PRIO_PROCESS, pid, _LOWEST_PRIORITY)
    if sys.platform == "linux":
        # A merely nice process still keeps a core for milliseconds from one that wakes up; an idle one gives it up at once.
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


def _read(code: int | None, printed: bytes, said: bytes) -> Written:
    try:
        if code == 0:
            return msgspec.json.decode(printed, type=Written)
    except msgspec.DecodeError:
        pass
    told = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    raise NotReadyError(
        f"the process that writes snapshots ended with code {code}: {told}", f"写快照的进程以 {code} 结束：{told}"
    )
