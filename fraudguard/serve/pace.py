"""How soon a case must be taken up, how soon ended, and how fast its money drains away."""

from collections.abc import Mapping
from typing import Final

from fraudguard.decision import Tier

__all__ = ["CLOSE_S", "DRAIN", "FIRST_ACT_S", "HOLD_S", "PIN_S", "savable_share"]

FIRST_ACT_S: Final[Mapping[Tier, int]] = {Tier.URGENT: 300, Tier.HIGH: 300, Tier.MEDIUM: 7_200, Tier.LOW: 86_400}
"""Seconds from an alert to the first contact with the payer."""

CLOSE_S: Final[Mapping[Tier, int]] = {Tier.URGENT: 7_200, Tier.HIGH: 86_400, Tier.MEDIUM: 172_800, Tier.LOW: 259_200}
"""Seconds from an alert to a finding."""

HOLD_S: Final = 300
"""How long a case stays with who took it, from their last act on it."""

PIN_S: Final = 1_800
"""The same while they speak to the payer."""

DRAIN: Final = (
    (300_000, 1.0),
    (600_000, 0.79),
    (900_000, 0.63),
    (1_800_000, 0.5),
    (3_600_000, 0.25),
    (7_200_000, 0.06),
)
"""Until so many milliseconds after the money may leave, this share of it is still there: half of it goes every fifteen
minutes. Beyond the last, `GONE`."""

GONE: Final = 0.01


def savable_share(past_ms: int) -> float:
    """Return which share of the money can still be saved.

    Parameters
    ----------
    past_ms : int
        Milliseconds since it could leave; negative while it is held.

    Returns
    -------
    float
        In (0, 1], falling in steps, the same that orders the queue.

    Examples
    --------
    >>> savable_share(-1), savable_share(20 * 60_000), savable_share(86_400_000)
    (1.0, 0.5, 0.01)
    """
    return next((share for until_ms, share in DRAIN if past_ms < until_ms), GONE)
