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
from queue import Empty, SimpleQueue
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

    Parameters
    ----------
    write : callable
        Writes records in one durable transaction, or raises: `Store.write`.
    """

    def __init__(self, write: Callable[[Sequence[Record]], None]) -> None:
        self._write = write
        self._queue: SimpleQueue[_Entry] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._failed = False

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
        done = asyncio.get_running_loop().create_future()
        self._queue.put(_Entry(what, done))
        return done

    def _run(self) -> None:
        order: _Order | None = None
        while order is not _Order.STOP:
            group, last = self._next_group()
            if group:
                _settle(group, self._commit([entry.what for entry in group if isinstance(entry.what, Record)]))
            order = self._obey(last)

    def _next_group(self) -> tuple[list[_Entry], _Entry | None]:
        group: list[_Entry] = []
        entry = self._queue.get()
        while isinstance(entry.what, Record):
            group.append(entry)
            if len(group) == _LARGEST_GROUP:
                return group, None
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return group, None
        return group, entry

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

    def _obey(self, entry: _Entry | None) -> _Order | None:
        if entry is None or isinstance(entry.what, Record):
            return None
        if entry.what is _Order.RESUME:
            self._failed = False
        _settle([entry], None)
        return entry.what


def _settle(group: Sequence[_Entry], failure: NotReadyError | None) -> None:
    group[0].done.get_loop().call_soon_threadsafe(_resolve, [entry.done for entry in group], failure)


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
