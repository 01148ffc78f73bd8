"""snapml's GraphFeaturePreprocessor on the same transfers: its account statistics over 30 days.

It takes edges in calls and puts all edges of a call into its graph before it
computes, so what it says of an edge depends on which edges shared the call.
With one edge per call its degrees and sums are ours plus the edge itself; that
is what is compared, as long as nothing has left the window yet. After that its
window is as of the edge before, so now and then it counts a transfer too many.
It counts whole seconds, so this log is cut to them, and it keeps what is
younger than its window, we what is not older, hence the second more.
"""

import json
import sys
import time
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from log import START_MS, Log, load_log
from work import Matrix, Side, Work

__all__ = ["EDGES_PER_CALL"]

EDGES_PER_CALL: Final = 128

_WINDOW_S: Final = 30 * 24 * 3600 + 1
_WORK: Final = Work(
    "degrees and sums", (Side("payer", "payee", ("count", "sum")), Side("payee", "payer", ("count", "sum"))), ("30d",)
)
_SEVEN_STATISTICS: Final = [0, 1, 2, 3, 4, 6, 8]
"""Fan, degree, ratio, average, sum, maximum, variance."""

_N_RAW: Final = 5
_SAME: Final = tuple(_N_RAW + place for place in (1, 4, 22, 25))
"""Where its columns have the payer's degree and sum out, and the payee's in."""


def main() -> None:
    """Measure what the first argument asks for, and print a line of JSON."""
    job = json.loads(sys.argv[1])
    if find_spec("snapml") is None:
        print(json.dumps({"is_installed": False}))
        return
    log = load_log(Path(job["log"]))
    log = replace(log, times_ms=log.times_ms // 1_000 * 1_000)
    print(json.dumps({"is_installed": True, **_compared(log)}))


def _compared(log: Log) -> dict[str, float]:
    several, several_us = _graph_features(log, EDGES_PER_CALL)
    single, single_us = _graph_features(log, 1)
    ours = import_module("ours").one_thread(log, _WORK)()
    themselves = np.column_stack([np.ones(len(log)), log.amounts_fen] * 2)
    differs = single[:, _SAME] - themselves != ours
    is_young = log.times_ms < log.times_ms[0] + 1_000 * _WINDOW_S
    return {
        "several_us": several_us,
        "single_us": single_us,
        "n_features": several.shape[1] - _N_RAW,
        "n_rows": len(log),
        "n_rows_depending_on_call": int((several != single).any(axis=1).sum()),
        "n_differing": int(np.count_nonzero(differs[is_young])),
        "n_cells": differs[is_young].size,
        "n_differing_later": int(np.count_nonzero(differs[~is_young])),
        "n_cells_later": differs[~is_young].size,
    }


def _graph_features(log: Log, edges_per_call: int) -> tuple[Matrix, float]:
    """Return its features and the processor's microseconds per edge."""
    seconds = (log.times_ms - START_MS) // 1_000
    columns = (np.arange(len(log)), log.payers, log.payees, seconds, log.amounts_fen)
    edges, graph = np.column_stack(columns).astype(np.float64), _preprocessor()
    calls = [edges[start : start + edges_per_call] for start in range(0, len(edges), edges_per_call)]
    started = time.process_time()
    parts = [graph.transform(call) for call in calls]
    spent = time.process_time() - started
    return np.vstack(parts), 1e6 * spent / len(edges)


def _preprocessor() -> Any:  # noqa: ANN401  # snapml has no types
    graph = import_module("snapml").GraphFeaturePreprocessor()
    patterns = dict.fromkeys(("fan", "degree", "scatter-gather", "temp-cycle", "lc-cycle"), False)
    statistics = {"vertex_stats_tw": _WINDOW_S, "vertex_stats_cols": [4], "vertex_stats_feats": _SEVEN_STATISTICS}
    shared = {"num_threads": 1, "time_window": _WINDOW_S, "vertex_stats": True}
    graph.set_params({**graph.get_params(), **patterns, **statistics, **shared})
    return graph


if __name__ == "__main__":
    main()
