"""What each step is expected to be worth on each transfer: money saved, less friction, less the officer's work."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Step
from fraudguard.model.capacity import DeskCapacity
from fraudguard.model.costs import PlanCosts
from fraudguard.model.threshold import AlertBudget

__all__ = ["LADDER", "expected_gain", "money_left", "persuades", "review_fen", "saved_share"]

LADDER: Final[tuple[Step, ...]] = tuple(step for _, step in AlertBudget(alerts=1.0).steps())
"""The five steps a plan may use, mildest first; their scores are not chosen yet."""


def expected_gain(
    step: Step,
    *,
    score: NDArray[np.float64],
    amount_fen: NDArray[np.float64],
    off_duty_min: NDArray[np.float64],
    capacity: DeskCapacity,
    costs: PlanCosts,
) -> NDArray[np.float64]:
    """Return what a step is expected to be worth on each of some transfers.

    The officer is taken to begin at the last moment that the tier's target allows.

    Parameters
    ----------
    step : Step
        Of `LADDER`.
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities.
    amount_fen : ndarray of float64, shape (n_transfers,)
        Amounts.
    off_duty_min : ndarray of float64, shape (n_transfers,)
        Minutes from the transfer until somebody is on duty.
    capacity : DeskCapacity
        Gives the targets.
    costs : PlanCosts
        The assumptions.

    Returns
    -------
    ndarray of float64, shape (n_transfers,)
        Fen; negative where the step costs more than it saves.
    """
    saved = amount_fen * saved_share(step, off_duty_min, capacity=capacity, costs=costs)
    friction = costs.friction_fen[step.intervention]
    return score * saved - (1.0 - score) * friction - review_fen(step, costs)


def saved_share(
    step: Step, off_duty_min: NDArray[np.float64], *, capacity: DeskCapacity, costs: PlanCosts
) -> NDArray[np.float64]:
    """Return what a step saves of a likely victim's money, as a multiple of the alerted amount.

    Parameters
    ----------
    step : Step
        Of `LADDER`.
    off_duty_min : ndarray of float64, shape (n_transfers,)
        Minutes until somebody is on duty.
    capacity : DeskCapacity
        Gives the targets.
    costs : PlanCosts
        The assumptions.

    Returns
    -------
    ndarray of float64, shape (n_transfers,)
        At least the share the intervention stops alone; above 1 where what would follow is saved too.
    """
    alone = costs.stops_alone[step.intervention]
    if step.tier is None:
        return np.full_like(off_duty_min, alone)
    wait = off_duty_min + capacity.targets_min[step.tier]
    talked = persuades(step, costs)
    this = 1.0 - (1.0 - alone) * (1.0 - talked * money_left(step, wait, costs))
    return this + talked * costs.follows * np.exp2(-wait / costs.follow_half_life_min)


def money_left(step: Step, wait_min: NDArray[np.float64], costs: PlanCosts) -> NDArray[np.float64]:
    """Return the share of a transfer's money that can still be stopped when an officer begins.

    Parameters
    ----------
    step : Step
        Its hold, or the pause of its intervention, keeps all of the money for a while.
    wait_min : ndarray of float64
        Minutes from the transfer.
    costs : PlanCosts
        The assumptions.

    Returns
    -------
    ndarray of float64
        1 during the pause; half of it a half-life later.

    Examples
    --------
    >>> delay = LADDER[3]
    >>> money_left(delay, np.array([0.0, 120.0, 140.0, 160.0]), PlanCosts(half_life_min=20)).tolist()
    [1.0, 1.0, 0.5, 0.25]
    """
    pause = costs.pause_min[step.intervention] if step.hold_s is None else step.hold_s / 60
    return np.exp2(-np.maximum(wait_min - pause, 0.0) / costs.half_life_min)


def persuades(step: Step, costs: PlanCosts) -> float:
    """Return the share of likely victims whom the officer's work of a step persuades; 0 where no officer looks."""
    if step.tier is None:
        return 0.0
    return costs.visit_persuades if DeskCapacity.is_visited(step.tier) else costs.call_persuades


def review_fen(step: Step, costs: PlanCosts) -> float:
    """Return what the officer's work of a step costs; 0 where no officer looks."""
    if step.tier is None:
        return 0.0
    return costs.call_fen + (costs.visit_fen if DeskCapacity.is_visited(step.tier) else 0.0)
