"""One engine, one work, one fresh interpreter: measures, and prints a line of JSON.

`runs.py` starts this on chosen cores. The call is repeated, at most three
times, and the best counts: the first one meets memory that the machine has not
given to anybody yet, which on a virtual machine takes longer than the work.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Final

from log import load_log
from work import WORKS, Call, Matrix, Prepare

__all__ = ["ENGINES"]

ENGINES: Final = {
    "fraudguard": "ours.one_thread",
    "fraudguard, two threads": "ours.two_threads",
    "C loop": "loop.plain",
    "C loop, rows asked ahead": "loop.ahead",
    "polars": "peers.polars_grouped",
    "polars, packed": "peers.polars_packed",
    "DuckDB": "peers.duckdb_range",
    "pandas": "peers.pandas_groupby",
    "pandas, packed": "peers.pandas_packed",
}
"""Where each engine is; only the one asked for is imported."""

_MOST_CALLS: Final = 3
_ENOUGH_S: Final = 10.0


def main() -> None:
    """Measure what the first argument asks for."""
    job = json.loads(sys.argv[1])
    log, work = load_log(Path(job["log"])), WORKS[job["work"]]
    answer, matrix = _measured(_engine(job["engine"])(log, work))
    if job["is_checked"]:
        ours = _engine("fraudguard")(log, work)()
        answer |= {"n_differing": work.n_differing(ours, matrix), "n_cells": matrix.size}
    print(json.dumps(answer))


def _engine(name: str) -> Prepare:
    module, _, function = ENGINES[name].partition(".")
    prepare: Prepare = getattr(import_module(module), function)
    return prepare


def _measured(call: Call) -> tuple[dict[str, float], Matrix]:
    """Return the best times of some calls, and what the last one gave."""
    cpu_s: list[float] = []
    wall_s: list[float] = []
    matrix = None
    while matrix is None or (len(cpu_s) < _MOST_CALLS and sum(cpu_s) < _ENOUGH_S):
        matrix = None  # given back before the next is made
        started, wall_started = time.process_time(), time.perf_counter()
        matrix = call()
        cpu_s.append(time.process_time() - started)
        wall_s.append(time.perf_counter() - wall_started)
    return {"cpu_s": min(cpu_s), "wall_s": min(wall_s)}, matrix


if __name__ == "__main__":
    main()
