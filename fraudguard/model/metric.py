"""Measures of one set of scores, in transfers and in money.

Equal scores at the edge of a budget count by their mean, so no value depends
on the order of rows.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.errors import DataError, DefinitionError

__all__ = [
    "AtBudget",
    "ReliabilityBin",
    "alert_weights",
    "at_budget",
    "calibration_error",
    "n_alerts",
    "precision_at_rate",
    "reliability",
]

_PER: Final = 10_000
_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Transfers of similar scores: what was predicted of them, and what came true.

    Parameters
    ----------
    n : int
        Transfers.
    n_fraud : int
        Frauds among them.
    predicted, observed : float
        Mean probability, and share of frauds.
    """

    n: int
    n_fraud: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AtBudget:
    """What a number of alerts catches.

    Parameters
    ----------
    alerts : int
        Transfers alerted.
    caught : float
        Frauds among them; a fraction when equal scores straddle the edge.
    recall : float
        Share of frauds alerted.
    precision : float
        Share of alerts that are fraud.
    caught_fen : float
        Fraud money on alerted transfers.
    value_recall : float
        Its share of all fraud money (value detection rate).
    """

    alerts: int
    caught: float
    recall: float
    precision: float
    caught_fen: float
    value_recall: float

    @property
    def genuine_per_fraud(self) -> float:
        """Genuine alerts for each fraud alerted; infinite when none is caught."""
        return (self.alerts - self.caught) / self.caught if self.caught else float("inf")


def n_alerts(n_transfers: int, per_10_000: float) -> int:
    """Return how many alerts a budget allows.

    Parameters
    ----------
    n_transfers : int
        Transfers of the period.
    per_10_000 : float
        Alerts per 10,000 transfers.

    Returns
    -------
    int
        At least 1 and at most `n_transfers`.

    Raises
    ------
    DataError
        If there are no transfers, or the budget is not within (0, 10,000].
    """
    if n_transfers == 0 or not 0 < per_10_000 <= _PER:
        raise DataError(
            f"a budget of {per_10_000} per 10,000 on {n_transfers} transfers; give more than 0, at most 10,000, and some transfers",
            f"{n_transfers} 笔转账、每万笔预算 {per_10_000}；预算须大于 0 且不超过 10000，并且要有转账",
        )
    return min(max(round(per_10_000 * n_transfers / _PER), 1), n_transfers)


def alert_weights(score: NDArray[np.float64], alerts: int) -> NDArray[np.float64]:
    """Return how much of each transfer is alerted when the highest scores are.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Higher is more suspicious; no NaN.
    alerts : int
        How many to alert, from 1 to n_transfers.

    Returns
    -------
    ndarray of float64, shape (n_transfers,)
        1 above the edge, 0 below; scores equal to the edge share what is left.

    Examples
    --------
    >>> alert_weights(np.array([0.9, 0.5, 0.5, 0.1]), 2)
    array([1. , 0.5, 0.5, 0. ])
    """
    edge = np.partition(score, len(score) - alerts)[len(score) - alerts]
    above, level = score > edge, score == edge
    weight: NDArray[np.float64] = above + level * ((alerts - above.sum()) / level.sum())
    return weight


def at_budget(
    score: NDArray[np.float64], fraud: NDArray[np.bool_], amount_fen: NDArray[np.int64], *, alerts: int
) -> AtBudget:
    """Return what the highest scores catch.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Higher is more suspicious.
    fraud : ndarray of bool, shape (n_transfers,)
        Labels.
    amount_fen : ndarray of int64, shape (n_transfers,)
        Amounts.
    alerts : int
        How many to alert.

    Returns
    -------
    AtBudget
        Recall and value recall are NaN when there is no fraud.
    """
    weight = alert_weights(score, alerts) * fraud
    caught, caught_fen = float(weight.sum()), float(weight @ amount_fen)
    n_fraud, fraud_fen = int(fraud.sum()), int(amount_fen[fraud].sum())
    return AtBudget(
        alerts=alerts,
        caught=caught,
        recall=caught / n_fraud if n_fraud else float("nan"),
        precision=caught / alerts,
        caught_fen=caught_fen,
        value_recall=caught_fen / fraud_fen if fraud_fen else float("nan"),
    )


def calibration_error(score: NDArray[np.float64], fraud: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins of equally many transfers.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities.
    fraud : ndarray of bool, shape (n_transfers,)
        Labels.

    Returns
    -------
    float
        Mean distance between predicted and observed share, in [0, 1]; NaN when
        there are no transfers.

    References
    ----------
    .. [1] Naeini, Cooper, Hauskrecht, *Obtaining well calibrated probabilities
       using Bayesian binning*, AAAI 2015; bins of equal count.
    """
    bins = reliability(score, fraud)
    if not bins:
        return float("nan")
    return sum(one.n * abs(one.predicted - one.observed) for one in bins) / len(score)


def reliability(score: NDArray[np.float64], fraud: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """Return predicted against observed shares over ten bins of equally many transfers.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities.
    fraud : ndarray of bool, shape (n_transfers,)
        Labels.

    Returns
    -------
    tuple of ReliabilityBin
        Lowest scores first; equal scores always share a bin, so there may be fewer than ten.
    """
    if len(score) == 0:
        return ()
    edges = np.quantile(score, np.linspace(0, 1, _BINS + 1)[1:-1])
    # Equal scores always share a bin, so the order of rows cannot matter.
    bins = np.searchsorted(edges, score, side="right")
    size = np.bincount(bins, minlength=_BINS)
    predicted = np.bincount(bins, weights=score, minlength=_BINS)
    observed = np.bincount(bins, weights=fraud, minlength=_BINS)
    return tuple(
        ReliabilityBin(
            n=int(size[place]),
            n_fraud=int(observed[place]),
            predicted=float(predicted[place] / size[place]),
            observed=float(observed[place] / size[place]),
        )
        for place in range(_BINS)
        if size[place]
    )


def precision_at_rate(recall: float, false_rate: float, base_rate: float) -> float:
    """Return the precision where fraud has another base rate.

    Parameters
    ----------
    recall, false_rate : float
        Share of frauds and of genuine transfers that are alerted; properties of model and threshold.
    base_rate : float
        Share of fraud among transfers, in (0, 1).

    Returns
    -------
    float
        By Bayes' rule; NaN when nothing is alerted.

    Raises
    ------
    DefinitionError
        If the rate is not in (0, 1).

    Examples
    --------
    >>> round(precision_at_rate(0.6, 0.001, 1e-4), 4)
    0.0566
    """
    if not 0 < base_rate < 1:
        raise DefinitionError(
            f"a base rate of {base_rate}; give a share between 0 and 1, such as 0.0001",
            f"基准率 {base_rate}；请给 0 与 1 之间的数，例如 0.0001",
        )
    caught, false = recall * base_rate, false_rate * (1 - base_rate)
    return caught / (caught + false) if caught + false else float("nan")
