"""What was found: the table people read and the file that keeps it."""

import json
import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from runs import OURS, Run

__all__ = ["Figure", "Part", "Promise", "machine", "print_part", "print_verdict", "write_results"]

_PACKAGES: Final = ("fraudguard", "numpy", "pandas", "pyarrow", "cython", "polars", "duckdb", "snapml")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number beside the runs."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised of a value, one of its two limits, and so whether it is kept."""

    name: str
    value: float
    unit: str = "times"
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the value is within its limit; a value that is not a number is not."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return self.at_most is not None and self.value <= self.at_most

    @property
    def limit(self) -> str:
        """The limit in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:,g}"
        return f"at most {self.at_most:,g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the benchmark, measured."""

    name: str
    title: str
    runs: Sequence[Run] = ()
    figures: Sequence[Figure] = ()
    promises: Sequence[Promise] = ()
    notes: Sequence[str] = ()


def print_part(part: Part) -> None:
    """Print a part: runs as a table, then single figures, then what is promised."""
    print(f"\n{part.name}: {part.title}")
    if part.runs:
        print(f"  {'engine':<26}{'work':<12}{'rows':>11}{'CPU s':>10}{'wall s':>10}{'rows/s':>13}{'to ours':>9}  cells")
    for line in (*_run_lines(part.runs), *map(_figure_line, part.figures), *map(_promise_line, part.promises)):
        print(f"  {line}")
    for note in part.notes:
        print(f"  {note}")


def print_verdict(parts: Sequence[Part]) -> bool:
    """Print and return whether every promise is kept."""
    promises = [promise for part in parts for promise in part.promises]
    broken = [promise.name for promise in promises if not promise.is_kept]
    print(f"\n{len(promises) - len(broken)} of {len(promises)} promises kept")
    for name in broken:
        print(f"  not kept: {name}")
    return not broken


def machine() -> dict[str, Any]:
    """Return where the figures come from."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "compiler": _compiler(),
        "packages": dict(_versions()),
    }


def write_results(path: Path, parts: Sequence[Part], about: dict[str, Any]) -> None:
    """Write every figure, and for every promise whether it is kept."""
    written = [_as_json(part) for part in parts]
    result = {**about, "date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "parts": written}
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _run_lines(runs: Sequence[Run]) -> Iterator[str]:
    ours = {(run.work, run.n_rows): run.cpu_s for run in runs if run.engine == OURS}
    for run in runs:
        ratio = run.cpu_s / ours[run.work, run.n_rows] if (run.work, run.n_rows) in ours else float("nan")
        times = f"{run.cpu_s:>10.3f}{run.wall_s:>10.3f}{run.n_rows / run.cpu_s:>13,.0f}{ratio:>9.2f}"
        cells = f"{run.n_differing:,} of {run.n_cells:,} differ" if run.n_cells is not None else "are compared with"
        yield f"{run.engine:<26}{run.work:<12}{run.n_rows:>11,}{times}  {cells}"


def _figure_line(figure: Figure) -> str:
    return f"{figure.name:<58}{figure.value:>12,.2f} {figure.unit}"


def _promise_line(promise: Promise) -> str:
    verdict = "kept" if promise.is_kept else "NOT KEPT"
    return f"{promise.name:<58}{promise.value:>12,.2f} {promise.unit:<7}{promise.limit:<16}{verdict}"


def _as_json(part: Part) -> dict[str, Any]:
    promises = [{**asdict(promise), "kept": promise.is_kept} for promise in part.promises]
    return {**asdict(part), "promises": promises}


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _compiler() -> str:
    done = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.partition("\n")[0]


def _versions() -> Iterator[tuple[str, str]]:
    for name in _PACKAGES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "not installed"
