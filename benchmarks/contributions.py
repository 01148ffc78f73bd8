"""How fast exact contributions are beside LightGBM's own: `python benchmarks/contributions.py`.

One row at a time on one core, in interleaved rounds of one run, on models of several shapes; the median of the ratios, and the largest difference.
"""

import statistics
import sys
import time
from collections.abc import Callable

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from fraudguard.model.ensemble import Ensemble

SHAPES = ((15, 600), (31, 300), (63, 400))
"""Leaves and trees: what ships, and what is usual elsewhere."""

ROUNDS, N_FEATURES, PROMISED = 5, 60, 5.0


def main() -> int:
    """Measure and print; 0 when the largest shape keeps the promise."""
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(20_000, N_FEATURES))
    label = rows[:, 0] * rows[:, 1] + rows[:, 2] + generator.normal(size=len(rows)) > 1
    ratio = 0.0
    for leaves, trees in SHAPES:
        settings = {
            "objective": "binary",
            "num_leaves": leaves,
            "verbosity": -1,
            "num_threads": 1,
            "learning_rate": 0.05,
        }
        booster = lgb.train(settings, lgb.Dataset(rows, label.astype(float)), trees)
        ratio = compared(booster, rows, name=f"{trees} trees of {leaves} leaves")
    return 0 if ratio >= PROMISED else 1


def compared(booster: lgb.Booster, rows: NDArray[np.float64], *, name: str) -> float:
    """Print and return how many times as fast ours are."""
    ensemble = Ensemble(booster.model_to_string())

    def theirs(row: NDArray[np.float64]) -> object:
        return booster.predict(row[None], pred_contrib=True, num_threads=1)

    rounds = [(took_ms(theirs, rows[:20]), took_ms(ensemble.contributions, rows[:60])) for _ in range(ROUNDS)]
    lightgbm_ms, ours_ms = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = statistics.median(theirs_ms / own_ms for theirs_ms, own_ms in rounds)
    apart = np.abs(
        ensemble.contributions_of_rows(rows[:50]) - np.asarray(booster.predict(rows[:50], pred_contrib=True))
    ).max()
    print(f"{name}: pred_contrib {lightgbm_ms:.2f} ms, ours {ours_ms:.2f} ms, {ratio:.1f} times; differ by {apart:.0e}")
    return ratio


def took_ms(work: Callable[[NDArray[np.float64]], object], rows: NDArray[np.float64]) -> float:
    """Return the mean milliseconds a row."""
    started = time.perf_counter()
    for row in rows:
        work(row)
    return 1e3 * (time.perf_counter() - started) / len(rows)


if __name__ == "__main__":
    sys.exit(main())
