"""How far a distribution or a rate moved, and how much of that is chance: the population stability index, and counts."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["bin_counts", "expected_psi", "psi", "quantile_edges", "rate_z"]

_HALF: Final = 0.5
_CONTINUITY: Final = 0.375
"""Anscombe: with it the square root of a Poisson count has a variance of 1/4, small counts too."""


def psi(reference: ArrayLike, watched: ArrayLike) -> float:
    """Return the population stability index of two tables of counts.

    Parameters
    ----------
    reference, watched : array_like of float, shape (n_bins,)
        How many are in each bin, not negative; the two may have different sums.

    Returns
    -------
    float
        Sum over the bins of the difference of the shares times the logarithm of their ratio; 0 for equal shares, and never
        negative. An empty bin counts as half a row, or as the other's share where that is less: a bin that holds nearly nothing
        on one side and nothing on the other tells nothing. NaN where one side has no row.

    Examples
    --------
    >>> round(psi([50, 50], [60, 40]), 4)
    0.0405
    >>> psi([50, 50], [500, 500])
    0.0
    """
    counts = np.asarray(reference, dtype=np.float64), np.asarray(watched, dtype=np.float64)
    n = counts[0].sum(), counts[1].sum()
    if not n[0] or not n[1]:
        return float("nan")
    before, now = counts[0] / n[0], counts[1] / n[1]
    before, now = _filled(before, now, _HALF / n[0]), _filled(now, before, _HALF / n[1])
    held = (before > 0) & (now > 0)
    return float(np.sum((now[held] - before[held]) * np.log(now[held] / before[held])))


def _filled(shares: NDArray[np.float64], other: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    return np.where(shares > 0, shares, np.minimum(other, least))


def expected_psi(n_bins: int, n_reference: float, n_watched: float) -> float:
    """Return the index that chance alone gives on average, where nothing has moved.

    Parameters
    ----------
    n_bins : int
        Bins that anything is in.
    n_reference, n_watched : float
        Rows on each side; infinite for shares that are known.

    Returns
    -------
    float
        (`n_bins` - 1) (1 / `n_reference` + 1 / `n_watched`), of rows that are independent; NaN where one side has no row.

    References
    ----------
    .. [1] Yurdakul, Naranjo, *Statistical properties of the population stability index*, Journal of Risk Model Validation, 2020.

    Examples
    --------
    >>> round(expected_psi(11, 50_000, 500), 4)
    0.0202
    """
    if not n_reference or not n_watched:
        return float("nan")
    return max(n_bins - 1, 0) * (1 / n_reference + 1 / n_watched)


def quantile_edges(values: NDArray[np.float64], shares: Sequence[float]) -> tuple[float, ...]:
    """Return edges that cut values into bins of given shares.

    Parameters
    ----------
    values : ndarray of float64
        NaN is left out.
    shares : sequence of float
        Ascending, each in (0, 1).

    Returns
    -------
    tuple of float
        Ascending and all different, each a value that occurs; fewer than `shares` where many rows share a value, none without a
        value.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return ()
    edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    # The largest value as an edge would leave the bin above it empty.
    return tuple(float(edge) for edge in edges[edges < known.max()])


def bin_counts(
    values: NDArray[np.float64], edges: Sequence[float], *, group: NDArray[np.int64], n_groups: int
) -> NDArray[np.int64]:
    """Return how many values of each group are in each bin.

    Parameters
    ----------
    values : ndarray of float64, shape (n_rows,)
        NaN is missing.
    edges : sequence of float
        Ascending; bin *i* ends with edge *i*, which belongs to it.
    group : ndarray of int64, shape (n_rows,)
        Of each row, in [0, `n_groups`).
    n_groups : int
        How many groups.

    Returns
    -------
    ndarray of int64, shape (n_groups, n_edges + 2)
        The bin above the last edge is the last but one, the missing values are the last.
    """
    n_bins = len(edges) + 2
    place = np.searchsorted(np.asarray(edges, dtype=np.float64), values, side="left")
    place[np.isnan(values)] = n_bins - 1
    return np.bincount(group * n_bins + place, minlength=n_groups * n_bins).reshape(n_groups, n_bins)


def rate_z(count: float, expected: float, *, evidence: float, dispersion: float = 1.0) -> float:
    """Return how many standard deviations a count is from what it was expected to be.

    Parameters
    ----------
    count : float
        Of events, such as findings of a week.
    expected : float
        As many as a reference lets expect; it is itself a count, scaled.
    evidence : float
        The count that `expected` was made from, at least 0; infinite for a number that is known.
    dispersion : float
        Variance over mean of such counts; 1 where events are independent, more where they come in heaps.

    Returns
    -------
    float
        Negative for too few. By the square roots of the counts, so that small ones need no other rule.

    Examples
    --------
    >>> round(rate_z(130, 100, evidence=1_000), 1)
    2.7
    >>> round(rate_z(3, 1, evidence=10), 1)
    1.2
    """
    scale = (expected + _CONTINUITY) / (evidence + _CONTINUITY) if np.isfinite(evidence) else 0.0
    spread = math.sqrt(max(dispersion, 1.0) * (1.0 + scale)) / 2
    return (math.sqrt(count + _CONTINUITY) - math.sqrt(expected + _CONTINUITY)) / spread
