"""The scores at which steps begin: the best choice that the officers can work.

A policy orders transfers by score and cuts the order in five places, n1 >= n2 >= ... >= n5: the first n5
transfers are suspended, those up to n4 delayed, and so on. What it is worth is a sum over the cuts, of
what the step above each adds for the transfers inside it. Low and medium alerts take a call, high and
urgent ones a call and a visit, so that the officers' work is ``n2 * call + n4 * visit``. For each pair
(n2, n4) that fits, the best n1, n3 and n5 are independent of each other and found by running maxima.
The search over pairs is complete, so the choice is the best there is among the cuts looked at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Policy, Step
from fraudguard.model.gains import LADDER
from fraudguard.model.threshold import policy_of_steps, threshold_after

__all__ = ["Cuts", "choose_cuts", "cut_places", "policy_at"]

_EACH: Final = 500
"""So many cuts from the top are all looked at."""

_FURTHER: Final = 700
"""And so many more, even in the logarithm of their place: whichever is taken there hardly matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """How many of the highest scores reach each step, and what that is worth.

    Parameters
    ----------
    reached : tuple of int
        Transfers that reach each step of `LADDER`, mildest first, never rising; equal neighbours mean that
        the milder of the two steps is empty.
    worth_fen : float
        Expected worth of the policy on these transfers, at least 0.
    """

    reached: tuple[int, ...]
    worth_fen: float


def choose_cuts(
    score: NDArray[np.float64], gain_fen: NDArray[np.float64], *, call_min: float, visit_min: float, minutes: float
) -> Cuts:
    """Return the cuts of most worth that so many minutes of officers can work.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities.
    gain_fen : ndarray of float64, shape (5, n_transfers)
        Worth of each step of `LADDER` on each transfer.
    call_min, visit_min : float
        Minutes of a call, and of a visit.
    minutes : float
        Minutes of officers that may be filled.

    Returns
    -------
    Cuts
        Equal scores are on the same side of every cut. Of choices of equal worth, the one with fewest visits, then fewest calls.
    """
    places = cut_places(np.sort(score)[::-1])
    added = _added(score, gain_fen, places)
    outer, outer_at = _best_from(added[0])
    inner, inner_at = _best_until(added[4])
    best = (-math.inf, 0, 0)
    for visited in range(len(places)):
        left = minutes - places[visited] * visit_min
        end = int(np.searchsorted(places * call_min, left, side="right"))
        if end <= visited:
            break  # deeper cuts take more work still
        middle = np.maximum.accumulate(added[2, visited:end])
        worth = added[1, visited:end] + outer[visited:end] + middle + added[3, visited] + inner[visited]
        at = int(np.argmax(worth))
        if worth[at] > best[0]:
            best = (float(worth[at]), visited, visited + at)
    worth_fen, visited, called = best
    middle_at = visited + int(np.argmax(added[2, visited : called + 1]))
    chosen = (outer_at[called], called, middle_at, visited, inner_at[visited])
    return Cuts(reached=tuple(int(places[place]) for place in chosen), worth_fen=worth_fen)


def cut_places(descending: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return after how many of the highest scores an order may be cut.

    Parameters
    ----------
    descending : ndarray of float64, shape (n_transfers,)
        Scores, largest first.

    Returns
    -------
    ndarray of int64
        Ascending from 0: each place between two scores that differ, thinned out below the first 500.
    """
    falls = np.flatnonzero(np.diff(descending) < 0) + 1
    ends = [len(descending)] if len(descending) and descending[-1] > 0 else []
    places = np.concatenate(([0], falls, ends)).astype(np.int64)
    if len(places) <= _EACH + _FURTHER:
        return places
    far = np.geomspace(_EACH, len(places) - 1, _FURTHER).round().astype(np.int64)
    return places[np.unique(np.concatenate((np.arange(_EACH), far)))]


def policy_at(score: NDArray[np.float64], reached: Sequence[int]) -> Policy:
    """Return the policy that cuts these scores in these places.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities; at least one.
    reached : sequence of int
        Transfers that reach each step of `LADDER`; a place of `cut_places` each.

    Returns
    -------
    Policy
        Without the steps that are empty.
    """
    descending = np.sort(score)[::-1]
    steps: list[Step] = []
    for step, count, graver in zip(LADDER, reached, (*reached[1:], 0), strict=True):
        if count > graver:
            steps.append(
                Step(
                    score_from=threshold_after(descending, count),
                    intervention=step.intervention,
                    tier=step.tier,
                    hold_s=step.hold_s,
                )
            )
    return policy_of_steps(steps)


def _added(score: NDArray[np.float64], gain_fen: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each step adds to the milder one, summed over the transfers inside each place."""
    order = np.argsort(-score, kind="stable")
    extra = np.diff(gain_fen[:, order], axis=0, prepend=0.0)
    sums = np.zeros((len(extra), len(score) + 1))
    np.cumsum(extra, axis=1, out=sums[:, 1:])
    return sums[:, places]


def _best_until(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the largest value up to each place, and the first place that has it."""
    best = np.maximum.accumulate(values)
    is_new = np.concatenate(([True], best[1:] > best[:-1]))
    return best, np.maximum.accumulate(np.where(is_new, np.arange(len(values)), 0))


def _best_from(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the largest value from each place on, and a place that has it."""
    best, at = _best_until(values[::-1])
    return best[::-1], len(values) - 1 - at[::-1]
