"""From the raw margin of the trees to a probability: two numbers, always rising.

The service evaluates the same formula as training, in the same numpy
function, so a score at a threshold is on the same side of it in both.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Calibration", "fit_calibration"]

_STEPS: Final = 100
_HALVINGS: Final = 30
_RIDGE: Final = 1e-9
_CLOSE: Final = 1e-10
_FAR: Final = 700.0
"""Beyond it exp overflows, and the probability is 0 or 1 anyway."""

_LEAST_SLOPE: Final = 0.05
"""Below it the margins carry no order worth stretching."""

_ENOUGH: Final = 10
"""Fewer of one kind than this, and only the level is fitted, not the slope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The probability is ``1 / (1 + exp(-(slope * margin + intercept)))``.

    Parameters
    ----------
    slope : float
        Positive, so the order of scores is that of the margins.
    intercept : float
        Log-odds at margin zero.
    """

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, margin: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated probabilities of raw margins.

        Parameters
        ----------
        margin : ndarray of float64, shape (n,)
            Raw scores of the trees, in log-odds.

        Returns
        -------
        ndarray of float64, shape (n,)
            In [0, 1].
        """
        return _sigmoid(self.slope * margin + self.intercept)

    def probability_of(self, margin: float) -> float:
        """Return the calibrated probability of one raw margin: bit for bit what `probability` gives for it."""
        log_odds = min(max(self.slope * margin + self.intercept, -_FAR), _FAR)
        return float(1.0 / (1.0 + np.exp(-log_odds)))


def fit_calibration(margin: NDArray[np.float64], fraud: NDArray[np.bool_], *, offset: float = 0.0) -> Calibration:
    """Return the calibration of margins on rows that training did not see.

    Platt's method with his smoothed targets. With fewer than ten frauds or
    ten genuine rows only the level is fitted; with none of either the margins
    are taken as they are.

    Parameters
    ----------
    margin : ndarray of float64, shape (n,)
        Raw scores of the trees.
    fraud : ndarray of bool, shape (n,)
        Labels.
    offset : float
        Log of the share of genuine rows kept in training, to undo undersampling.

    Returns
    -------
    Calibration
        With a positive slope.

    References
    ----------
    .. [1] Platt, *Probabilistic Outputs for Support Vector Machines*, 1999;
       Lin, Lin, Weng, *A note on Platt's probabilistic outputs*, 2007.
    """
    n_fraud, n_genuine = int(fraud.sum()), int((~fraud).sum())
    if min(n_fraud, n_genuine) == 0:
        return Calibration(intercept=offset)
    corrected = margin + offset
    target = np.where(fraud, (n_fraud + 1) / (n_fraud + 2), 1 / (n_genuine + 2))
    level = np.ones((len(margin), 1))
    if min(n_fraud, n_genuine) >= _ENOUGH:
        slope, intercept = _fit(np.column_stack([corrected, level]), np.zeros_like(margin), target)
        if slope >= _LEAST_SLOPE:
            return Calibration(slope=slope, intercept=intercept + slope * offset)
    (intercept,) = _fit(level, corrected, target)
    return Calibration(intercept=intercept + offset)


def _fit(design: NDArray[np.float64], fixed: NDArray[np.float64], target: NDArray[np.float64]) -> list[float]:
    """Return the coefficients of greatest likelihood, by damped Newton steps."""
    theta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        probability = _sigmoid(design @ theta + fixed)
        weight = probability * (1 - probability)
        hessian = (design * weight[:, None]).T @ design + _RIDGE * np.eye(len(theta))
        step = np.linalg.solve(hessian, design.T @ (target - probability)).astype(np.float64)
        size = _size(theta, step, (design, fixed, target))
        theta += size * step
        if size * np.abs(step).max() < _CLOSE:
            break
    return [float(coefficient) for coefficient in theta]


def _size(theta: NDArray[np.float64], step: NDArray[np.float64], rows: tuple[NDArray[np.float64], ...]) -> float:
    """Return the largest of 1, 1/2, 1/4 … that does not make the fit worse, or 0."""
    design, fixed, target = rows
    present = _loss(design @ theta + fixed, target)
    sizes = (0.5**halvings for halvings in range(_HALVINGS))
    return next((size for size in sizes if _loss(design @ (theta + size * step) + fixed, target) <= present), 0.0)


def _loss(log_odds: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    return float(np.sum(np.logaddexp(0.0, log_odds) - target * log_odds))


def _sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -_FAR, _FAR)))
