"""How far a measure at a budget would move on another draw of the same period.

Whole clusters are drawn, with all their transfers: the payments of one case are caught or missed together, and counting them as
independent would make every interval too narrow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray

__all__ = ["Intervals", "budget_intervals", "clusters_of", "interval", "replicate"]

_REPLICATES: Final = 200
_QUANTILES: Final = (0.025, 0.975)
_NOWHERE: Final = (float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """95 % intervals at one budget.

    Parameters
    ----------
    recall, precision, value_recall : tuple of float
        Low and high; NaN where the measure is not defined.
    """

    recall: tuple[float, float] = _NOWHERE
    precision: tuple[float, float] = _NOWHERE
    value_recall: tuple[float, float] = _NOWHERE


def clusters_of(graded: pd.DataFrame) -> NDArray[np.int64]:
    """Return which cluster each transfer belongs to: its case where it has one, else its payer.

    Parameters
    ----------
    graded : DataFrame
        With ``payer_account_id``, and ``case_id`` where cases are known.

    Returns
    -------
    ndarray of int64, shape (n_transfers,)
        Numbers from 0.
    """
    payer = graded["payer_account_id"].astype("str")
    key = (
        payer
        if "case_id" not in graded
        else ("case " + graded["case_id"].astype("str")).where(graded["case_id"].notna(), payer)
    )
    return np.asarray(pd.factorize(key)[0], dtype=np.int64)


def replicate(
    measure: Callable[[NDArray[np.float64]], Sequence[float]], n_clusters: int, *, seed: int
) -> NDArray[np.float64]:
    """Return a measure on many draws of clusters with replacement.

    Parameters
    ----------
    measure : callable
        Given how often each cluster was drawn, shape (n_clusters,), returns numbers.
    n_clusters : int
        How many clusters there are.
    seed : int
        Same seed, same draws.

    Returns
    -------
    ndarray of float64, shape (200, n_numbers)
        One row a draw.
    """
    # A generator for each replicate: the interval does not depend on how many threads draw.
    generators = np.random.default_rng(seed).spawn(_REPLICATES)
    draws = (delayed(_drawn)(measure, n_clusters, generator) for generator in generators)
    return np.array(Parallel(n_jobs=-1, prefer="threads")(draws), dtype=np.float64)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the middle 95 % of replicates; NaN where none is defined."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return _NOWHERE
    low, high = np.quantile(defined, _QUANTILES)
    return float(low), float(high)


def budget_intervals(
    graded: pd.DataFrame, score: NDArray[np.float64], *, alerts: Sequence[int], seed: int
) -> list[Intervals]:
    """Return 95 % intervals of recall, precision and value recall for each number of alerts.

    Parameters
    ----------
    graded : DataFrame
        With ``label``, ``amount_fen``, ``payer_account_id``, and ``case_id`` where cases are known.
    score : ndarray of float64, shape (n_transfers,)
        Higher is more suspicious.
    alerts : sequence of int
        Budgets.
    seed : int
        Same seed, same intervals; the order of rows does not matter.

    Returns
    -------
    list of Intervals
        One a budget.
    """
    fraud = (graded["label"] == "fraud").to_numpy()
    if not fraud.any():
        return [Intervals()] * len(alerts)
    ordered = (
        graded.assign(_score=-score).rename_axis("transfer_id").reset_index().sort_values(["_score", "transfer_id"])
    )
    cluster = clusters_of(ordered)
    rows = _Rows(
        level=np.unique(ordered["_score"].to_numpy(), return_inverse=True)[1],
        cluster=cluster,
        fraud=(ordered["label"] == "fraud").to_numpy(),
        amount_fen=ordered["amount_fen"].to_numpy(dtype=np.float64),
    )
    drawn = replicate(lambda times: _measures(rows, times, alerts), int(cluster.max()) + 1, seed=seed)
    by_budget = drawn.reshape(len(drawn), len(alerts), 3)
    return [
        Intervals(
            recall=interval(by_budget[:, place, 0]),
            precision=interval(by_budget[:, place, 1]),
            value_recall=interval(by_budget[:, place, 2]),
        )
        for place in range(len(alerts))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Transfers in the order of falling score."""

    level: NDArray[np.intp]
    cluster: NDArray[np.int64]
    fraud: NDArray[np.bool_]
    amount_fen: NDArray[np.float64]


def _drawn(
    measure: Callable[[NDArray[np.float64]], Sequence[float]], n_clusters: int, generator: np.random.Generator
) -> Sequence[float]:
    draw = generator.integers(0, n_clusters, n_clusters)
    return measure(np.bincount(draw, minlength=n_clusters).astype(np.float64))


def _measures(rows: _Rows, times: NDArray[np.float64], alerts: Sequence[int]) -> list[float]:
    weight = times[rows.cluster]
    n_levels = int(rows.level[-1]) + 1
    fraud = weight * rows.fraud
    of_level = np.bincount(rows.level, weights=weight, minlength=n_levels).astype(np.float64)
    frauds = np.bincount(rows.level, weights=fraud, minlength=n_levels)
    money = np.bincount(rows.level, weights=fraud * rows.amount_fen, minlength=n_levels)
    reached = np.cumsum(of_level, dtype=np.float64)
    found: list[float] = []
    for count in alerts:
        # A draw may hold more or fewer transfers than the period; the budget is a share of them.
        share = _shares(reached, of_level, count * reached[-1] / len(rows.level))
        caught, caught_fen = float(share @ frauds), float(share @ money)
        alerted = float(share @ of_level)
        found += [_ratio(caught, frauds.sum()), _ratio(caught, alerted), _ratio(caught_fen, money.sum())]
    return found


def _shares(reached: NDArray[np.float64], of_level: NDArray[np.float64], alerts: float) -> NDArray[np.float64]:
    """Return how much of each level is alerted: all, none, or a part of the one at the edge."""
    before = reached - of_level
    room = np.clip(alerts - before, 0.0, of_level)
    return np.divide(room, of_level, out=np.zeros_like(room), where=of_level > 0)


def _ratio(part: float, whole: float) -> float:
    return part / float(whole) if whole else float("nan")
