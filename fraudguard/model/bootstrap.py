"""How far a measure at a budget would move on another draw of the same period."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

__all__ = ["recall_intervals"]

_REPLICATES: Final = 200
_QUANTILES: Final = (0.025, 0.975)


def recall_intervals(
    score: NDArray[np.float64], fraud: NDArray[np.bool_], *, alerts: Sequence[int], seed: int
) -> list[tuple[float, float]]:
    """Return a 95 % bootstrap interval of recall for each number of alerts.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Higher is more suspicious.
    fraud : ndarray of bool, shape (n_transfers,)
        Labels; at least one fraud.
    alerts : sequence of int
        Budgets.
    seed : int
        Same seed, same interval; the order of rows does not matter.

    Returns
    -------
    list of (float, float)
        Low and high, one pair a budget.
    """
    rows = _levels(score, fraud)
    # A generator for each replicate: the interval does not depend on how many threads draw.
    generators = np.random.default_rng(seed).spawn(_REPLICATES)
    draws = (delayed(_recalls)(generator, rows, alerts) for generator in generators)
    recalls = np.array(Parallel(n_jobs=-1, prefer="threads")(draws))
    low, high = np.nanquantile(recalls, _QUANTILES, axis=0)
    return [(float(lo), float(hi)) for lo, hi in zip(low, high, strict=True)]


def _levels(score: NDArray[np.float64], fraud: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int, NDArray[np.bool_]]:
    """Return each row's place among the distinct scores, highest first, rows in an order of their own."""
    order = np.lexsort((fraud, -score))
    distinct, place = np.unique(-score[order], return_inverse=True)
    return place, len(distinct), fraud[order]


def _recalls(
    generator: np.random.Generator,
    rows: tuple[NDArray[np.int64], int, NDArray[np.bool_]],
    alerts: Sequence[int],
) -> list[float]:
    level, n_levels, fraud = rows
    draw = generator.integers(0, len(level), len(level))
    drawn_level, drawn_fraud = level[draw], fraud[draw]
    n_fraud = drawn_fraud.sum()
    if n_fraud == 0:
        return [float("nan")] * len(alerts)
    of_level = np.bincount(drawn_level, minlength=n_levels)
    fraud_of_level = np.bincount(drawn_level[drawn_fraud], minlength=n_levels)
    reached, caught = np.cumsum(of_level), np.cumsum(fraud_of_level)
    return [_caught(count, (of_level, fraud_of_level, reached, caught)) / n_fraud for count in alerts]


def _caught(count: int, levels: tuple[NDArray[np.int64], ...]) -> float:
    of_level, fraud_of_level, reached, caught = levels
    edge = int(np.searchsorted(reached, count))
    before, caught_before = reached[edge] - of_level[edge], caught[edge] - fraud_of_level[edge]
    share = (count - before) / of_level[edge]
    return float(caught_before + share * fraud_of_level[edge])
