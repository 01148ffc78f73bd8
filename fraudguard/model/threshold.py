"""Steps of a policy from the alerts that officers can work."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Intervention, Policy, Step, Tier
from fraudguard.errors import DataError, DefinitionError

__all__ = ["AlertBudget", "choose_policy", "policy_of_steps", "threshold_after", "threshold_at"]

_PER: Final = 10_000
_TWO_HOURS_S: Final = 7_200
_ONE_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBudget:
    """How many transfers in 10,000 each step may reach, counted from the top.

    Parameters
    ----------
    alerts : float
        Alerts officers can work per 10,000 transfers: everything with a tier.
    remind : float
        Transfers per 10,000 that get at least a reminder; five times the alerts
        by default, since a reminder costs no officer's time.

    Raises
    ------
    DefinitionError
        If they are not ``0 < alerts <= remind <= 10,000``.
    """

    alerts: float
    remind: float = 0.0

    def __post_init__(self) -> None:
        if not self.remind:
            object.__setattr__(self, "remind", min(5 * self.alerts, float(_PER)))
        if not 0 < self.alerts <= self.remind <= _PER:
            raise DefinitionError(
                f"alert budget {self.alerts} and reminders {self.remind} per 10,000: 0 < alerts <= reminders <= 10,000",
                f"每万笔预警 {self.alerts}、提醒 {self.remind}：须满足 0 < 预警 <= 提醒 <= 10000",
            )

    def steps(self) -> tuple[tuple[float, Step], ...]:
        """Return (transfers per 10,000, step without its score), mildest first."""
        shape = (
            (self.remind, Intervention.REMIND, None, None),
            (self.alerts, Intervention.VERIFY_TRANSACTION, Tier.LOW, None),
            (0.6 * self.alerts, Intervention.REVERIFY_IDENTITY, Tier.MEDIUM, None),
            (0.3 * self.alerts, Intervention.DELAY_SETTLEMENT, Tier.HIGH, _TWO_HOURS_S),
            (0.1 * self.alerts, Intervention.SUSPEND_SERVICE, Tier.URGENT, _ONE_DAY_S),
        )
        return tuple(
            (rate, Step(score_from=1.0, intervention=intervention, tier=tier, hold_s=hold_s))
            for rate, intervention, tier, hold_s in shape
        )


def choose_policy(score: NDArray[np.float64], budget: AlertBudget) -> Policy:
    """Return the policy whose steps reach at most the budget's share of these scores.

    Parameters
    ----------
    score : ndarray of float64, shape (n_transfers,)
        Calibrated probabilities of a window that training did not see.
    budget : AlertBudget
        How many transfers each step may reach.

    Returns
    -------
    Policy
        Strictly ascending. Of two steps that the scores cannot tell apart the
        graver stays. The version is made from the steps.

    Raises
    ------
    DataError
        If there are no scores.
    """
    if len(score) == 0:
        raise DataError("no scores to choose thresholds from", "没有可用于选择阈值的分数")
    descending = np.sort(score)[::-1]
    steps: list[Step] = []
    for rate, step in reversed(budget.steps()):
        threshold = threshold_at(descending, rate)
        if 0.0 < threshold <= 1.0 and (not steps or threshold < steps[0].score_from):
            steps.insert(0, replace(step, score_from=threshold))
    return policy_of_steps(steps)


def policy_of_steps(steps: Sequence[Step]) -> Policy:
    """Return the policy of some steps; its version is made from them, so that equal steps have equal versions.

    Parameters
    ----------
    steps : sequence of Step
        Mildest first.

    Returns
    -------
    Policy
        Checked.
    """
    text = "\n".join(f"{s.score_from!r} {s.intervention} {s.tier} {s.hold_s}" for s in steps)
    return Policy(version=f"p-{hashlib.sha256(text.encode()).hexdigest()[:12]}", steps=tuple(steps))


def threshold_at(descending: NDArray[np.float64], per_10_000: float) -> float:
    """Return a score that at most so many of these scores reach.

    Parameters
    ----------
    descending : ndarray of float64, shape (n_transfers,)
        Scores, largest first; at least one.
    per_10_000 : float
        Transfers per 10,000 that may reach it.

    Returns
    -------
    float
        Halfway between the lowest score inside and the highest outside. Equal
        scores go together, and stay outside when they do not all fit; infinite when scores of 1 do not.
    """
    return threshold_after(descending, int(per_10_000 * len(descending) / _PER))


def threshold_after(descending: NDArray[np.float64], fits: int) -> float:
    """Return a score that at most so many of these scores reach, as `threshold_at` does.

    Parameters
    ----------
    descending : ndarray of float64, shape (n_transfers,)
        Scores, largest first; at least one.
    fits : int
        Transfers that may reach it.

    Returns
    -------
    float
        As `threshold_at`.
    """
    if fits >= len(descending):
        return float(descending[-1]) / 2
    outside = descending[fits]
    inside = descending[:fits][descending[:fits] > outside]
    lowest = inside[-1] if len(inside) else 1.0
    if lowest <= outside:
        return math.inf  # no score can keep out what is already certain
    halfway = outside + (lowest - outside) / 2
    return float(halfway if halfway > outside else lowest)
