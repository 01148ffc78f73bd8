"""How long a world takes and how much memory: `python benchmarks/simulate.py [--rows N] [--workers N] [--days N]`.

Prints seconds, transfers a second and the peak of resident memory, with the machine's count of cores. There is no peer:
the open simulators draw one event after another in interpreted loops. What is promised is beside what is found.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from fraudguard.simulate import simulate_dataset

PER_ACCOUNT_DAY = 0.453
PROMISED = ((1_000_000, 30), (10_000_000, 360))
PEAK_GB = 2.0


def main() -> None:
    """Make a world of about so many transfers and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    accounts = max(500, int(asked.rows / (PER_ACCOUNT_DAY * asked.days)))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        meta = simulate_dataset(Path(folder) / "world", days=asked.days, accounts=accounts, workers=asked.workers)
        took_s = time.perf_counter() - started
    rows = meta.counts["transfers"]
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak_gb = sum(resource.getrusage(one).ru_maxrss for one in who) / 1e6
    limit_s = next(
        (limit * rows / size for size, limit in PROMISED if rows <= 1.5 * size),
        PROMISED[-1][1] * rows / PROMISED[-1][0],
    )
    print(
        f"{rows} transfers, {accounts} accounts, {asked.days} days, {asked.workers} worker(s), {os.cpu_count()} cores"
    )
    print(f"{took_s:.1f} s of {limit_s:.0f} s promised; {rows / took_s:.0f} transfers a second")
    print(f"peak {peak_gb:.2f} GB of {PEAK_GB} GB promised, workers included")


if __name__ == "__main__":
    main()
