"""Bytes that the state of a service takes: every arena after 200,000 transfers, beside what the widths of its records say.

python benchmarks/memory.py [TRANSFERS]

Looks inside the engine, which nothing else may do. Arenas are counted as address space, whole chunks; the last
line says how much of the process is resident, before and after.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Event
from fraudguard.features import CATALOG, OnlineFeatures, compile_plan
from fraudguard.features.codes import HEAD_TOTALS, RING_END, RING_FIRST, RING_WIDTH
from fraudguard.features.plan import STORES, Needs
from fraudguard.transfer import Transfer

N_TRANSFERS: Final = 200_000
TRANSFERS_PER_ACCOUNT: Final = 10
N_DAYS: Final = 60
START: Final = datetime(2026, 1, 5, tzinfo=UTC)
WORD: Final = 8
NAMES_PER_BUCKET: Final = 4


class Line(NamedTuple):
    """Something that is remembered."""

    what: str
    n: int
    bytes_each: int
    bytes_taken: int


def log_of(n: int) -> Iterator[Event]:
    """Give a row for each account, then transfers: accounts of very unequal activity, half of all to four usual payees."""
    rng = np.random.default_rng(7)
    n_accounts = n // TRANSFERS_PER_ACCOUNT
    for number in range(n_accounts):
        yield Account(account_id=f"a{number}", received_at=START, holder_token=f"h{number}")
    payers, others = (n_accounts * rng.random((2, n)) ** 2).astype(int)
    usual = rng.integers(0, n_accounts, (n_accounts, 4))[payers, rng.integers(0, 4, n)]
    payees = np.where(rng.random(n) < 0.5, usual, others)
    amounts = np.exp(rng.normal(10, 2, n)).astype(int)
    for i, (payer, payee, fen) in enumerate(zip(payers.tolist(), payees.tolist(), amounts.tolist(), strict=True)):
        yield Transfer(
            transfer_id=f"T{i}",
            event_time=START + timedelta(days=N_DAYS) * (i / n),
            payer_account_id=f"a{payer}",
            payee_account_id=f"a{payee}",
            amount_fen=fen,
            device_id=f"d{payer}",
        )


def words_of(arena: Any) -> NDArray[np.int64]:  # noqa: ANN401  # an Arena, of a compiled module without types
    """Return the records of an arena, one a row."""
    words = np.frombuffer(b"".join(bytes(chunk) for chunk in arena.chunk_bytes()), dtype=np.int64)
    return words.reshape(-1, arena.width)[: len(arena)]


def in_rings(heads: NDArray[np.int64], at: int) -> int:
    """Return how many records the rings that begin at a word hold that are still wanted."""
    return int((heads[:, at + RING_END] - heads[:, at + RING_FIRST]).sum())


def store_lines(name: str, store: Any, needs: int) -> Iterator[Line]:  # noqa: ANN401  # Pasts
    """Give what a store remembers."""
    arenas = store.arenas()
    heads = words_of(arenas["heads"])
    totals = HEAD_TOTALS + 2 * bool(needs & Needs.SPREAD) + 2 * bool(needs & Needs.SHARES)
    n_queues = bool(needs & Needs.MAX) + bool(needs & Needs.MIN)
    n_peaks = sum(in_rings(heads, totals + RING_WIDTH * queue) for queue in range(n_queues))
    counts = {"heads": len(heads) - 1, "events": in_rings(heads, 0), "peaks": n_peaks, "blocks": 0, "lasts": 0}
    counts["lasts"] = max(len(arenas["lasts"]) - 1, 0)
    for kind, n in counts.items():
        if n or arenas[kind].n_bytes:
            yield Line(f"{name}: {kind}", n, WORD * arenas[kind].width, arenas[kind].n_bytes)


def lines_of(features: OnlineFeatures) -> Iterator[Line]:
    """Give everything that is remembered."""
    engine = features._engine  # noqa: SLF001  # measuring is what this script is for
    parts = engine.state.parts()
    for name, store in zip(STORES, features.plan.stores, strict=True):
        yield from store_lines(name, parts[name], store.needs)
    for part in ("network", "facts"):
        for name, arena in parts[part].arenas().items():
            yield Line(f"{part}: {name}", len(arena), WORD * arena.width, arena.n_bytes)
    for name, index in engine.indexes().items():
        arenas = index.arenas()
        words = arenas["entries"].width + arenas["buckets"].width // NAMES_PER_BUCKET
        yield Line(f"keys: {name}", index.numbers()[0], WORD * words, sum(arena.n_bytes for arena in arenas.values()))


def resident_bytes() -> int:
    """Return how much of this process is in memory; Linux only."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main() -> int:
    """Measure and print."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N_TRANSFERS
    features = OnlineFeatures(compile_plan(CATALOG))
    before = resident_bytes()
    for event in log_of(n):
        features.push(event)
    after = resident_bytes()
    total = 0
    print(f"{'what':24} {'how many':>10} {'each':>6} {'by width':>13} {'taken':>13}")
    for what, count, each, taken in lines_of(features):
        total += taken
        print(f"{what:24} {count:10,} {each:6} {count * each:13,} {taken:13,}")
    print(
        f"\n{n:,} transfers: {total:,} bytes in arenas, {total / n:,.0f} a transfer; resident {before:,} + {after - before:,}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
