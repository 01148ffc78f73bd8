"""One transfer at a time, from Python: a query and a push of the shipped catalog, each pair timed.

Times are those of the thread's processor, including the two readings of its
clock; an empty pair of calls shows how much of them is the clock's and the
machine's own, and a byte written to each of many fresh pages, with nothing of ours in it, how long
a virtual machine may wait for memory of its host. The transfers are made between the timed pairs, each with ids of
its own as a decoder would make them, and with every field the catalog reads.
Python's garbage collector is off meanwhile, as it can be in a service.
"""

import gc
import json
import mmap
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from log import Log, load_log
from numpy.typing import NDArray

from fraudguard.column import columns_of
from fraudguard.features import CATALOG, OnlineFeatures, compile_plan
from fraudguard.transfer import Transfer

__all__ = ["transfers_of"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY_CALLS: Final = 1_000_000
_FRESH_PAGES: Final = 700_000
"""About what the state takes after 5 million transfers."""
_PLAIN: Final[dict[type, object]] = {bool: False, int: 1, float: 1.0, str: "x", datetime: _EPOCH}
_VARYING: Final = frozenset({
    "transfer_id",
    "event_time",
    "payer_account_id",
    "payee_account_id",
    "amount_fen",
    "device_id",
})


class _Pair(Protocol):
    def query(self, transfer: Transfer) -> object: ...
    def push(self, transfer: Transfer) -> None: ...


class _Empty:
    """Does nothing, for the price of the measurement itself."""

    def query(self, transfer: Transfer) -> None: ...
    def push(self, transfer: Transfer) -> None: ...


def transfers_of(log: Log, field_names: Sequence[str]) -> Iterator[Transfer]:
    """Give the log as objects, made one by one; each payer has a device, and the fields named are all there."""
    fields = _fields(field_names)
    columns = (log.times_ms, log.payers, log.payees, log.amounts_fen)
    for place, (time_ms, payer, payee, amount_fen) in enumerate(zip(*columns, strict=True)):
        yield Transfer(
            transfer_id=f"T{place}",
            event_time=_EPOCH + timedelta(milliseconds=int(time_ms)),
            payer_account_id=f"account-{payer}",
            payee_account_id=f"account-{payee}",
            amount_fen=int(amount_fen),
            device_id=f"device-{payer}",
            **fields,
        )


def _fields(names: Sequence[str]) -> dict[str, Any]:
    columns = {column.name: column for column in columns_of(Transfer)}
    return {name: _some_value(columns[name].type) for name in names if name not in _VARYING}


def _some_value(kind: type) -> object:
    return next(iter(kind)) if issubclass(kind, StrEnum) else _PLAIN[kind]


def main() -> None:
    """Measure what the first argument asks for, and print a line of JSON."""
    job = json.loads(sys.argv[1])
    log, plan = load_log(Path(job["log"])), compile_plan(CATALOG)
    gc.disable()
    first = load_log(Path(job["log"]), _EMPTY_CALLS)
    empty = _spent_ns(_Empty(), transfers_of(first, plan.field_names), len(first))
    spent = _spent_ns(OnlineFeatures(plan), transfers_of(log, plan.field_names), len(log))
    answer = {
        "spent": _summary(spent),
        "empty": _summary(empty),
        "fresh": _summary(_fresh_pages_ns()),
        "n_features": len(plan.columns),
    }
    print(json.dumps(answer))


def _spent_ns(pair: _Pair, transfers: Iterator[Transfer], n_transfers: int) -> NDArray[np.int32]:
    """Return what each query and push took."""
    spent = np.zeros(n_transfers, dtype=np.int32)
    clock, query, push = time.thread_time_ns, pair.query, pair.push
    for place, transfer in enumerate(transfers):
        started = clock()
        query(transfer)
        push(transfer)
        spent[place] = clock() - started
    return spent


def _fresh_pages_ns() -> NDArray[np.int32]:
    """Return what the first byte of each fresh page took."""
    spent = np.zeros(_FRESH_PAGES, dtype=np.int32)
    clock = time.thread_time_ns
    with mmap.mmap(-1, _FRESH_PAGES * mmap.PAGESIZE) as pages:
        for page in range(_FRESH_PAGES):
            started = clock()
            pages[page * mmap.PAGESIZE] = 1
            spent[page] = clock() - started
    return spent


def _summary(spent: NDArray[np.int32]) -> dict[str, float]:
    p50, p99, p9999 = np.percentile(spent, [50, 99, 99.99]) / 1_000
    above = int(np.count_nonzero(spent > 1_000_000))
    return {
        "p50_us": p50,
        "p99_us": p99,
        "p9999_us": p9999,
        "worst_us": int(spent.max()) / 1_000,
        "n_above_1ms": above,
        "n_calls": len(spent),
    }


if __name__ == "__main__":
    main()
