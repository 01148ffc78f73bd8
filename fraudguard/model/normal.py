"""What is normal: the spread of each feature in genuine training transfers, and how rare a value is."""

from collections.abc import Sequence
from typing import Final

__all__ = ["QUANTILES", "median_of", "rarity_of"]

QUANTILES: Final = (0.001, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999)
"""The quantiles that a manifest keeps of each feature."""

_MIDDLE: Final = QUANTILES.index(0.5)


def median_of(quantiles: Sequence[float] | None) -> float | None:
    """Return the middle of a feature's spread; None where the feature was never known.

    Parameters
    ----------
    quantiles : sequence of float or None
        In the order of `QUANTILES`.

    Returns
    -------
    float or None
        In the feature's unit.
    """
    return None if quantiles is None else quantiles[_MIDDLE]


def rarity_of(value: float, quantiles: Sequence[float] | None) -> float | None:
    """Return a share of genuine transfers that a value is rarer than.

    Parameters
    ----------
    value : float
        Of the feature; not NaN.
    quantiles : sequence of float or None
        In the order of `QUANTILES`.

    Returns
    -------
    float or None
        0.05, 0.01 or 0.001: fewer than this share of the genuine transfers in which the feature is known have a value as far out
        on the same side. None where the value is not rare, or nothing is known.

    Examples
    --------
    >>> rarity_of(100.0, (0.0, 0.0, 1.0, 5.0, 20.0, 80.0, 500.0))
    0.01
    """
    if quantiles is None:
        return None
    # Strictly beyond: of a value that many share nobody can say that few reach it.
    above = [1 - share for share, edge in zip(QUANTILES, quantiles, strict=True) if share > 0.5 and value > edge]
    below = [share for share, edge in zip(QUANTILES, quantiles, strict=True) if share < 0.5 and value < edge]
    beyond = above or below
    return round(min(beyond), 3) if beyond else None
