"""Replay and training of ten million transfers on one machine: `python benchmarks/scale.py [--rows N] [--world DIR]`.

Makes a world (or takes DIR), then runs the study everybody runs in a process of its own, and prints seconds and the peak of resident memory beside
what is promised: 10 minutes for replay and training, 12 GB. Reading the files and judging the model on the test window are told apart.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fraudguard.model.study import StudyOptions, run_study
from fraudguard.progress import Progress, silent
from fraudguard.simulate import simulate_dataset
from fraudguard.tables import read_dataset

PER_ACCOUNT_DAY = 0.453
DAYS = 60
PROMISED_S, PROMISED_GB = 600, 12.0


def main() -> int:
    """Run the study and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--world", type=Path, help="a simulated dataset folder, in place of a new one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        world = asked.world or Path(folder) / "world"
        if asked.world is None:
            simulate_dataset(world, days=DAYS, accounts=int(asked.rows / (PER_ACCOUNT_DAY * DAYS)))
        return study(world)


def study(world: Path) -> int:
    """Read, replay, train and judge, each with its time."""
    took_s: dict[str, float] = {}

    @contextmanager
    def step(_zh: str, en: str) -> Iterator[Progress]:
        started = time.perf_counter()
        yield silent
        took_s[en] = time.perf_counter() - started
        print(f"{en}: {took_s[en]:.0f} s, peak {peak_gb():.1f} GB", flush=True)

    with step("", "Reading"):
        dataset = read_dataset(world)
    found = run_study(dataset, StudyOptions(), step=step)
    learned_s = sum(seconds for name, seconds in took_s.items() if name.startswith(("Replaying", "Training")))
    print(f"{len(dataset.transfers):,} transfers, {found.trained!r}")
    print(f"{found.evaluation!r}")
    print(
        f"replay and training {learned_s:.0f} s of {PROMISED_S} s promised; peak {peak_gb():.1f} GB of {PROMISED_GB:.0f} GB"
    )
    return 0 if learned_s <= PROMISED_S and peak_gb() <= PROMISED_GB else 1


def peak_gb() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    sys.exit(main())
