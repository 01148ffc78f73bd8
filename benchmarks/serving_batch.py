"""How many transfers a second come through batches: estimated, Arrow in and out, and recorded, from one client on another core."""

import statistics
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
from servers import Server

__all__ = ["race_batches"]

_LINES: Final = 20_000
_ARROW: Final = "application/vnd.apache.arrow.stream"
_PROMISES: Final = {"false": ("estimated", 20_000), "true": ("recorded, durable", 5_000)}


def race_batches(ours: Callable[[], Server], data: Path, *, rounds: int) -> bool:
    """Send batches and print how many transfers a second were answered; return whether the promises are kept."""
    server = ours()
    server.start()
    print(f"\nBatches of {_LINES:,} transfers, Arrow in and out, {rounds} rounds, medians")
    try:
        kept = [_promise_kept(server, data, record, rounds=rounds) for record in _PROMISES]
    finally:
        server.stop()
    return all(kept)


def _promise_kept(server: Server, data: Path, record: str, *, rounds: int) -> bool:
    per_s, cpu_us = [], []
    for number in range(rounds + 1):
        body = _body(data, f"{record}-{number}")
        used_s, began_s = server.used_s(), time.perf_counter()
        _send(server, body, record)
        if number:  # the first warms up
            per_s.append(_LINES / (time.perf_counter() - began_s))
            cpu_us.append(1e6 * (server.used_s() - used_s) / _LINES)
    title, least = _PROMISES[record]
    reached = statistics.median(per_s)
    verdict = "kept" if reached >= least else "MISSED"
    print(
        f"  {title:24s} {reached:8,.0f} transfers/s  {statistics.median(cpu_us):6.0f} us of processor; promised {least:,}: {verdict}"
    )
    return reached >= least


def _send(server: Server, body: bytes, record: str) -> None:
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": _ARROW, "Accept": _ARROW}
    address = f"http://127.0.0.1:{server.port}/v1/assessments:batch"
    answer = httpx2.post(address, params={"record": record}, content=body, headers=headers, timeout=120)
    answer.raise_for_status()
    rows = pa.ipc.open_stream(BytesIO(answer.content)).read_all().num_rows
    if rows != _LINES:
        raise RuntimeError(f"{rows} rows came back, not {_LINES}")


def _body(data: Path, run: str) -> bytes:
    """Return the last transfers of a dataset as an Arrow stream, under ids of their own."""
    table = pq.read_table(data / "transfers.parquet")
    last = table.slice(table.num_rows - _LINES)
    ids = pa.array([f"batch-{run}-{place}" for place in range(_LINES)])
    named = last.set_column(last.schema.get_field_index("transfer_id"), "transfer_id", ids).combine_chunks()
    sink = BytesIO()
    with pa.ipc.new_stream(sink, named.schema) as writer:
        writer.write_table(named)
    return sink.getvalue()
