"""Group commit: one transaction for all records that wait.

Records come in the order of the log, are committed in that order, and are
acknowledged only after the commit. When a commit fails, every record behind
it fails too, because it was made on a state that has not happened, until
`resume` says that the state was built again from what is really there.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from queue import SimpleQueue
from typing import Final

from fraudguard.errors import NotReadyError
from fraudguard.serve.store.rows import Record

__all__ = ["GroupWriter"]

_LARGEST_GROUP: Final = 1_000


class _Order(Enum):
    RESUME = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class _Entry:
    what: Record | _Order
    done: asyncio.Future[None]


class GroupWriter:
    """A thread that writes records in groups.

    What comes while a group is being written makes the next one. The loop gathers it and hands it over at once: a thread
    that is woken for every record takes the interpreter from the loop as often.

    Parameters
    ----------
    write : callable
        Writes records in one durable transaction, or raises: `Store.write`.
    """

    def __init__(self, write: Callable[[Sequence[Record]], None]) -> None:
        self._write = write
        self._queue: SimpleQueue[list[_Entry]] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._waiting: list[_Entry] = []
        self._is_busy = False
        self._failed = False

    @property
    def n_waiting(self) -> int:
        """Records that wait for the next group."""
        return len(self._waiting)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, record: Record) -> asyncio.Future[None]:
        """Queue a record; the future is done when it is durable, or failed with NotReadyError."""
        return self._put(record)

    def resume(self) -> asyncio.Future[None]:
        """Write again after a failure; done when all that was queued before has failed."""
        return self._put(_Order.RESUME)

    async def stop(self) -> None:
        """Write what is queued and end the thread."""
        await self._put(_Order.STOP)
        await asyncio.to_thread(self._thread.join)

    def _put(self, what: Record | _Order) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        self._waiting.append(_Entry(what, done))
        if not self._is_busy:
            self._is_busy = True
            loop.call_soon(self._hand_over)  # what else comes in this round of the loop joins
        return done

    def _hand_over(self) -> None:
        group, self._waiting = self._waiting[:_LARGEST_GROUP], self._waiting[_LARGEST_GROUP:]
        self._queue.put(group)

    def _take_back(self, settled: Sequence[tuple[list[_Entry], NotReadyError | None]]) -> None:
        for entries, failure in settled:
            _resolve([entry.done for entry in entries], failure)
        self._is_busy = bool(self._waiting)
        if self._is_busy:
            self._hand_over()

    def _run(self) -> None:
        is_stopped = False
        while not is_stopped:
            group = self._queue.get()
            settled = [self._work(kind, list(entries)) for kind, entries in groupby(group, key=_kind)]
            is_stopped = _Order.STOP in {entry.what for entry in group if isinstance(entry.what, _Order)}
            group[0].done.get_loop().call_soon_threadsafe(self._take_back, settled)

    def _work(self, kind: _Order | None, entries: list[_Entry]) -> tuple[list[_Entry], NotReadyError | None]:
        if kind is _Order.RESUME:
            self._failed = False
        records = [entry.what for entry in entries if isinstance(entry.what, Record)]
        return entries, self._commit(records) if records else None

    def _commit(self, records: Sequence[Record]) -> NotReadyError | None:
        if self._failed:
            return _not_durable()
        try:
            self._write(records)
        except Exception as error:  # noqa: BLE001  # whatever it was, the record is not durable and the thread must live
            self._failed = True
            failure = _not_durable()
            failure.__cause__ = error
            return failure
        return None


def _kind(entry: _Entry) -> _Order | None:
    return entry.what if isinstance(entry.what, _Order) else None


def _resolve(futures: Sequence[asyncio.Future[None]], failure: NotReadyError | None) -> None:
    for future in futures:
        if future.done():
            continue
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(failure)


def _not_durable() -> NotReadyError:
    return NotReadyError(
        "the record could not be stored; the service builds its state again, try the same request later",
        "记录未能写入；服务正在重建状态，请稍后重试同一请求",
    )
