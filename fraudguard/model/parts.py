"""A score taken apart: what payer, payee, pair, session, liquidity and network each add, and two sub-scores.

All of it is exact: the parts add up to the log-odds of the score.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.features.part import Part
from fraudguard.features.plan import FeatureColumn

__all__ = ["MULE_PARTS", "VICTIM_PARTS", "ScoreParts", "score_parts"]

VICTIM_PARTS: Final = (Part.PAYER, Part.SESSION, Part.LIQUIDITY, Part.PAIR)
"""What tells of a payer that is deceived; that the two never met belongs to both."""

MULE_PARTS: Final = (Part.PAYEE, Part.NETWORK, Part.PAIR)
"""What tells of a payee that passes money on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreParts:
    """The parts of one score, in log-odds.

    Parameters
    ----------
    base : float
        What every transfer starts from.
    parts : Mapping of Part to float
        What each part of the picture adds.
    payer_as_victim, payee_as_mule : float
        The probability that the parts of one side alone would give, were the other side ordinary; in [0, 1].
    """

    base: float
    parts: Mapping[Part, float]
    payer_as_victim: float
    payee_as_mule: float


def score_parts(contributions: NDArray[np.float64], *, base: float, columns: Sequence[FeatureColumn]) -> ScoreParts:
    """Return the parts of a score.

    Parameters
    ----------
    contributions : ndarray of float64, shape (n_features,)
        Each feature's part of the calibrated log-odds.
    base : float
        Log-odds that every transfer starts from.
    columns : sequence of FeatureColumn
        In the order of `contributions`.

    Returns
    -------
    ScoreParts
        Base and parts add up to the score's log-odds.
    """
    sums = dict.fromkeys(Part, 0.0)
    for column, contribution in zip(columns, contributions.tolist(), strict=True):
        sums[Part(column.part)] += contribution
    return ScoreParts(
        base=base,
        parts=sums,
        payer_as_victim=_probability(base + sum(sums[part] for part in VICTIM_PARTS)),
        payee_as_mule=_probability(base + sum(sums[part] for part in MULE_PARTS)),
    )


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(min(log_odds, 700.0), -700.0)))
