"""Speed of the features, beside everything it is promised to beat.

Engines run one after the other, each in an interpreter of its own on one core,
round after round; a figure is the best of the rounds, in seconds of the
processor (user and system) unless it says wall. The end is 1 when a promise is
not kept. See README.md in this folder.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from report import Figure, Part, Promise, print_part, print_verdict, write_results
from runs import OURS, Bench, Run
from work import AGGREGATES, DISTINCT, LONG, SHORT, WORKS

__all__ = ["PARTS", "main"]

_ROWS: Final = 1_000_000
_MANY: Final = 5
"""The long log and the online run have this many times the rows."""

_ROUNDS: Final = 3
_SEED: Final = 7
_GRAPH_ROWS: Final = 100_000
_STARTS: Final = 5
_RESULTS: Final = Path(__file__).with_name("results.json")

_THREADS: Final = "fraudguard, two threads"
_LOOP: Final = "C loop"
_PEERS: Final = ("C loop, rows asked ahead", "polars, packed", "pandas, packed")
_SLOWER: Final = {"polars": 7.0, "DuckDB": 30.0, "pandas": 300.0}


def aggregates(bench: Bench) -> Part:
    """Measure the 24 aggregates beside every peer and the C loop."""
    engines = (OURS, _LOOP, *_SLOWER, *_PEERS)
    runs = bench.best([(engine, AGGREGATES, bench.n_rows) for engine in engines])
    cpu_s = {run.engine: run.cpu_s for run in runs}
    promises = [
        Promise(name=f"{engine}, in times of ours", value=cpu_s[engine] / cpu_s[OURS], at_least=limit)
        for engine, limit in _SLOWER.items()
    ]
    loop = Promise(name="ours, in times of the C loop", value=cpu_s[OURS] / cpu_s[_LOOP], at_most=1.3)
    return Part(name="aggregates", title=WORKS[AGGREGATES].title, runs=runs, promises=[*promises, loop, *_same(runs)])


def rows(bench: Bench) -> Part:
    """Measure a log of five times the transfers over the same 90 days."""
    n_many = _MANY * bench.n_rows
    runs = bench.best([(engine, AGGREGATES, n) for n in (bench.n_rows, n_many) for engine in (OURS, _LOOP)])
    few, _, many, _ = runs
    ratio = many.cpu_us_per_row / few.cpu_us_per_row
    promise = Promise(name=f"a row of {n_many:,}, in times of one of {bench.n_rows:,}", value=ratio, at_most=1.3)
    return Part(name="rows", title="a log five times as long", runs=runs, promises=[promise, *_same(runs)])


def window(bench: Bench) -> Part:
    """Measure a window of 90 days and one of an hour."""
    runs = bench.best([(engine, work, bench.n_rows) for work in (SHORT, LONG) for engine in (OURS, _LOOP)])
    short, _, long, _ = runs
    promise = Promise(name="90 days, in times of one hour", value=long.cpu_s / short.cpu_s, at_most=1.6)
    return Part(name="window", title="six aggregates, one window", runs=runs, promises=[promise, *_same(runs)])


def threads(bench: Bench) -> Part:
    """Measure two threads on two cores, by the clock on the wall."""
    patient = replace(bench, rounds=3 * bench.rounds)  # the wall's clock sees what else the machine does
    runs = patient.best([(engine, AGGREGATES, bench.n_rows) for engine in (OURS, _THREADS)], n_cores=2)
    one, two = runs
    promise = Promise(name="one thread, in times of two, wall", value=one.wall_s / two.wall_s, at_least=1.6)
    load = (
        f"load of the machine: {os.getloadavg()[0]:.1f}, of which we are 1; with others at work this part means little"
    )
    return Part(name="threads", title="two cores", runs=runs, promises=[promise, *_same(runs)], notes=[load])


def distinct(bench: Bench) -> Part:
    """Measure exact distinct counterparties, on the short and the long log."""
    n_many = _MANY * bench.n_rows
    few = bench.best([(engine, DISTINCT, bench.n_rows) for engine in (OURS, "polars", "polars, packed", "DuckDB")])
    many = bench.best([(engine, DISTINCT, n_many) for engine in (OURS, "polars")])  # packed takes as long there
    promises = [
        Promise(
            name=f"polars, in times of ours, {found[0].n_rows:,} rows",
            value=found[1].cpu_s / found[0].cpu_s,
            at_least=limit,
        )
        for found, limit in ((few, 8.0), (many, 40.0))
    ]
    runs = [*few, *many]
    return Part(name="distinct", title=WORKS[DISTINCT].title, runs=runs, promises=[*promises, *_same(runs)])


def online(bench: Bench) -> Part:
    """Measure single transfers, query and push, over the shipped catalog."""
    n_calls = _MANY * bench.n_rows
    answer = bench.ask("online.py", log=bench.log(n_calls))
    spent, empty, fresh = answer["spent"], answer["empty"], answer["fresh"]
    limits = {"p50_us": ("median", 5.0), "p99_us": ("99th percentile", 15.0), "worst_us": ("worst", 1_000.0)}
    return Part(
        name="online",
        title=f"a query and a push, {n_calls:,} times, the shipped catalog of {answer['n_features']} features",
        figures=[
            *(Figure(f"an empty pair of calls, {word}", empty[key], "us") for key, (word, _) in limits.items()),
            Figure("a byte of a fresh page, without us, worst", fresh["worst_us"], "us"),
            Figure("of 700,000 such pages, above 1 ms", fresh["n_above_1ms"], "pages"),
            Figure("one call in 10,000 takes longer than", spent["p9999_us"], "us"),
            Figure("pairs of calls above 1 ms", spent["n_above_1ms"], "calls"),
        ],
        promises=[
            Promise(name=f"query and push, {word}", value=spent[key], unit="us", at_most=limit)
            for key, (word, limit) in limits.items()
        ],
    )


def graph(bench: Bench) -> Part:
    """Measure snapml's graph features, where they can be installed."""
    title = "snapml GraphFeaturePreprocessor, its account statistics over 30 days"
    answer = bench.ask("graph.py", log=bench.log(_GRAPH_ROWS))
    if not answer["is_installed"]:
        return Part(name="graph", title=title, notes=["snapml has no wheel for this machine; nothing is measured"])
    features = f"{answer['n_features']} features"
    young, later = f"{answer['n_cells']:,} early cells", f"{answer['n_cells_later']:,} later cells"
    differing = Promise(name=f"of {young} differ", value=answer["n_differing"], unit="cells", at_most=0)
    return Part(
        name="graph",
        title=title,
        figures=[
            Figure(f"{features}, 128 edges per call", answer["several_us"], "us a transfer"),
            Figure(f"{features}, one edge per call", answer["single_us"], "us a transfer"),
            Figure("rows that depend on the edges per call", answer["n_rows_depending_on_call"], "rows"),
            Figure(f"of {later} differ: its window lags an edge", answer["n_differing_later"], "cells"),
        ],
        promises=[differing],
    )


def start(bench: Bench) -> Part:
    """Measure a fresh interpreter up to its first answer."""
    answers = [bench.ask("start.py") for _ in range(_STARTS)]
    median = {name: statistics.median(answer[name] for answer in answers) for name in answers[0]}
    ours = median["kernel_ms"] + median["plan_ms"] + median["query_ms"]
    return Part(
        name="start",
        title=f"a fresh interpreter, median of {_STARTS}",
        figures=[
            Figure("import of numpy, not counted", median["numpy_ms"], "ms"),
            Figure("import of the compiled kernel", median["kernel_ms"], "ms"),
            Figure("import of the rest, and the plan", median["plan_ms"], "ms"),
            Figure("first query", median["query_ms"], "ms"),
        ],
        promises=[
            Promise(name="from the kernel's import to the first answer", value=ours, unit="ms", at_most=100.0),
            Promise(name="the kernel is compiled", value=median["is_compiled"], unit="", at_least=1),
        ],
    )


PARTS: Final[dict[str, Callable[[Bench], Part]]] = {
    part.__name__: part for part in (aggregates, rows, window, threads, distinct, online, graph, start)
}


def main() -> int:
    """Measure, print, write, and return the exit code."""
    options = _options()
    names = options.only or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder=Path(folder), n_rows=options.rows, rounds=options.rounds, seed=options.seed)
        parts = list(_measured(bench, names))
    is_kept = print_verdict(parts)
    is_whole = names == list(PARTS) and options.rows == _ROWS
    out = options.out or (_RESULTS if is_whole else None)
    if out is not None:
        command = " ".join(["python benchmarks/features.py", *sys.argv[1:]])
        write_results(out, parts, {"command": command, "seed": options.seed, "rounds": options.rounds})
    return 0 if is_kept else 1


def _measured(bench: Bench, names: list[str]) -> Iterator[Part]:
    for name in names:
        part = _part(bench, name)
        print_part(part)
        yield part


def _part(bench: Bench, name: str) -> Part:
    """Measure a part; one that fails is a promise not kept, and the others are still measured."""
    try:
        return PARTS[name](bench)
    except subprocess.CalledProcessError as error:
        promise = Promise(name=f"{name} can be measured", value=0, unit="", at_least=1)
        return Part(name=name, title=f"ended with {error.returncode}; see above", promises=[promise])


def _same(runs: list[Run]) -> list[Promise]:
    """Promise that nobody's cells differ from ours."""
    differing = sum(run.n_differing or 0 for run in runs)
    return [Promise(name="cells that differ from ours", value=differing, unit="cells", at_most=0)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=list(PARTS), help="measure this part; may be repeated")
    parser.add_argument("--rows", type=int, default=_ROWS, help=f"transfers; the long log has {_MANY} times as many")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="the best of so many counts (%(default)s)")
    parser.add_argument("--seed", type=int, default=_SEED, help="of the log (%(default)s)")
    parser.add_argument("--out", type=Path, help="write the results here; a whole run writes results.json unasked")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
