"""Measuring as it is done here: every engine in a process of its own, one after the other, round after round."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from log import make_log, save_log

__all__ = ["OURS", "Bench", "Run"]

OURS: Final = "fraudguard"

_HERE: Final = Path(__file__).parent
_SLOW_S: Final = 20.0
"""An engine that took longer than this is not asked again: its noise is small beside its time."""

_ONE_THREAD_EACH: Final = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The best that one engine did with one work."""

    engine: str
    work: str
    n_rows: int
    cpu_s: float
    wall_s: float
    n_cells: int | None
    n_differing: int | None

    @property
    def cpu_us_per_row(self) -> float:
        """Processor time for one transfer."""
        return 1e6 * self.cpu_s / self.n_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where and how often to measure."""

    folder: Path
    n_rows: int
    rounds: int
    seed: int

    def best(self, jobs: Sequence[tuple[str, str, int]], n_cores: int = 1) -> list[Run]:
        """Return the best of some rounds for each engine, work and number of rows."""
        answers: list[list[dict[str, Any]]] = [[] for _ in jobs]
        for _ in range(self.rounds):
            for job, given in zip(jobs, answers, strict=True):
                if not given or given[0]["cpu_s"] < _SLOW_S:
                    given.append(self._answer(job, n_cores, is_checked=not given and job[0] != OURS))
        return [_run(job, given) for job, given in zip(jobs, answers, strict=True)]

    def ask(self, script: str, n_cores: int = 1, **job: object) -> dict[str, Any]:
        """Run one of the scripts beside this file on the last cores of the machine."""
        said = ", ".join(str(value) for name, value in job.items() if name in {"engine", "work"})
        print(f"… {script} {said}", file=sys.stderr, flush=True)
        command = [sys.executable, str(_HERE / script), json.dumps(job)]
        environment = {**os.environ, **_ONE_THREAD_EACH}
        with _pinned(n_cores):
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # ours
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def log(self, n_rows: int) -> str:
        """Return where the log of that many rows is; made when first asked for."""
        path = self.folder / f"{n_rows}.npz"
        if not path.exists():
            save_log(make_log(n_rows, self.seed), path)
        return str(path)

    def _answer(self, job: tuple[str, str, int], n_cores: int, *, is_checked: bool) -> dict[str, Any]:
        engine, work, n_rows = job
        log = self.log(n_rows)
        return self.ask("worker.py", n_cores, engine=engine, work=work, log=log, is_checked=is_checked)


def _run(job: tuple[str, str, int], answers: Sequence[dict[str, Any]]) -> Run:
    engine, work, n_rows = job
    return Run(
        engine=engine,
        work=work,
        n_rows=n_rows,
        cpu_s=min(answer["cpu_s"] for answer in answers),
        wall_s=min(answer["wall_s"] for answer in answers),
        n_cells=answers[0].get("n_cells"),
        n_differing=answers[0].get("n_differing"),
    )


@contextmanager
def _pinned(n_cores: int) -> Iterator[None]:
    """Keep this process, and so those it starts, to the last cores."""
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[-n_cores:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)
