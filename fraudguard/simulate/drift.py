"""What changes while the world runs: the mix of scams, how gangs work, what the bank's systems send.

A month is thirty days. All numbers are assumptions [A]; the direction of the
shift to cash follows police notices from late 2024.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fraudguard.finding import ScamType
from fraudguard.simulate.scam_types import SCAM_PATTERNS, ScamPattern
from fraudguard.simulate.streams import FloatArray
from fraudguard.simulate.world import World

__all__ = ["Drift", "build_drift"]

MONTH_DAYS: Final = 30
_WALK: Final = 0.15
_NEW_TYPE_DAYS: Final = 60
_NEW_TYPE_SHARE: Final = 0.03
_COURIER: Final = (0.02, 0.20)
_SLOW_FROM_MONTH: Final = 4
_SECOND_PHONE_FROM_MONTH: Final = 3
_COACHED_FROM_MONTH: Final = 2
_COACHED: Final = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The world's changes.

    Parameters
    ----------
    patterns : tuple of ScamPattern
        The known types, then new ones in the order of their appearance.
    shares : ndarray, (months, patterns)
        Mix of cases in each month; rows sum to 1.
    days : int
        Length of the period.
    """

    patterns: tuple[ScamPattern, ...]
    shares: FloatArray
    days: int

    def month(self, day: float) -> int:
        """Return the month of a day; days before the first count as the first."""
        return min(max(0, int(day // MONTH_DAYS)), len(self.shares) - 1)

    def courier_share(self, day: float) -> float:
        """Return which part of the cases that can end in cash does."""
        through = min(max(day / self.days, 0.0), 1.0)
        return _COURIER[0] + (_COURIER[1] - _COURIER[0]) * through

    def coached_share(self, day: float) -> float:
        """Return which part of victims is told to split, to wait and to tell the bank a story."""
        return _COACHED if self.month(day) >= _COACHED_FROM_MONTH else 0.0

    def second_phone_share(self, day: float) -> float:
        """Return which part of screen sharing has moved to a second phone, out of the bank's sight."""
        return 0.5 if self.month(day) >= _SECOND_PHONE_FROM_MONTH else 0.0

    def dwell_times(self, day: float, *, slow: bool) -> float:
        """Return by how much a gang lets money rest longer than before."""
        return 3.0 if slow and self.month(day) >= _SLOW_FROM_MONTH else 1.0

    def tracing_times(self, day: float) -> float:
        """Return how the time until accounts are stopped shrinks as detection gets better: a tenth each month."""
        return float(0.9 ** self.month(day))


def build_drift(world: World) -> Drift:
    """Draw the changes of a world.

    Parameters
    ----------
    world : World
        The stage.

    Returns
    -------
    Drift
        The mix walks at random in its logits; a new type appears every sixty days.
    """
    days = world.period.days
    months = max(1, -(-days // MONTH_DAYS))
    rng = world.stream("drift")
    new = tuple(_new_type(rng) for _ in range((days - 1) // _NEW_TYPE_DAYS))
    patterns = (*SCAM_PATTERNS, *new)
    start = np.log([pattern.share for pattern in patterns])
    logits = start + np.cumsum(_WALK * rng.standard_normal((months, len(patterns))), axis=0)
    logits[0] = start
    appears = np.concatenate([np.zeros(len(SCAM_PATTERNS)), _NEW_TYPE_DAYS * (1 + np.arange(len(new)))])
    shares = np.exp(logits) * (np.arange(months)[:, None] * MONTH_DAYS >= appears)
    return Drift(patterns=patterns, shares=shares / shares.sum(axis=1, keepdims=True), days=days)


def _new_type(rng: np.random.Generator) -> ScamPattern:
    """Make a type nobody has seen: the payments of one, the story and phone of another."""
    how, story = (SCAM_PATTERNS[place] for place in rng.choice(len(SCAM_PATTERNS), 2, replace=False))
    return replace(
        how, scam_type=ScamType.OTHER, share=_NEW_TYPE_SHARE, profile=story.profile, hours=story.hours, ages=story.ages,
        flagged_call=story.flagged_call, fraud_page=story.fraud_page, loss_yuan=story.loss_yuan,
    )  # fmt: skip
