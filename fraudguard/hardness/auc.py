"""How well a number separates victims: the area under the curve, and how sure of it we are."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["area", "encoded", "separation", "standard_error"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SMOOTHING = 20.0


def area(values: Floats, victim: Flags) -> float:
    """Return the area under the ROC curve, ties counted half.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        No NaN.
    victim : ndarray of bool, shape (n,)
        At least one of each.

    Returns
    -------
    float
        Chance that a victim's value is above another's.

    Examples
    --------
    >>> area(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]))
    0.75
    """
    ranks, ours = pd.Series(values).rank().to_numpy(), int(victim.sum())
    return float((ranks[victim].sum() - ours * (ours + 1) / 2) / (ours * (len(victim) - ours)))


def separation(values: Floats, victim: Flags) -> float:
    """Return the best area that the values give by themselves: up or down, unknown as lowest, highest or as the sign.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        NaN is unknown.
    victim : ndarray of bool, shape (n,)
        At least one of each.

    Returns
    -------
    float
        From 0.5 to 1.
    """
    unknown = np.isnan(values)
    tried = [np.where(unknown, -np.inf, values)]
    if unknown.any():
        tried += [np.where(unknown, np.inf, values), unknown.astype(np.float64)]
    areas = [area(candidate, victim) for candidate in tried]
    return max(max(one, 1 - one) for one in areas)


def encoded(words: "pd.Series[str]", victim: Flags, group: NDArray[np.int64], *, folds: int = 5) -> Floats:
    """Return each word's victim rate as seen in the other folds, so that a rare word does not tell on itself.

    Parameters
    ----------
    words : Series
        Words; missing is a word of its own.
    victim : ndarray of bool, shape (n,)
        Labels.
    group : ndarray of int64, shape (n,)
        Rows of one group, such as a fraud case, are in one fold.
    folds : int
        How many.

    Returns
    -------
    ndarray of float64, shape (n,)
        Smoothed towards the overall rate.
    """
    codes, _ = pd.factorize(words, use_na_sentinel=False)
    fold, rate = group % folds, float(victim.mean())
    out = np.zeros(len(codes))
    for number in range(folds):
        other = fold != number
        seen = np.bincount(codes[other], minlength=int(codes.max()) + 1)
        hits = np.bincount(codes[other], victim[other], minlength=int(codes.max()) + 1)
        out[~other] = ((hits + rate * _SMOOTHING) / (seen + _SMOOTHING))[codes[~other]]
    return out


def standard_error(auc: float, *, positives: int, negatives: int) -> float:
    """Return the standard error of an area, by Hanley and McNeil (Radiology 143, 1982).

    Parameters
    ----------
    auc : float
        The area.
    positives, negatives : int
        Independent observations of each kind; payments of one case are not independent.

    Returns
    -------
    float
        Infinite without any.

    Examples
    --------
    >>> round(standard_error(0.8, positives=100, negatives=10_000), 3)
    0.027
    """
    if not positives or not negatives:
        return float("inf")
    both_above, both_below = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = auc * (1 - auc) + (positives - 1) * (both_above - auc**2) + (negatives - 1) * (both_below - auc**2)
    return float(np.sqrt(spread / (positives * negatives)))
