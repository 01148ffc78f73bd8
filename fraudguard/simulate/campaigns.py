"""The scam types of the world, as numbers.

The numbers are assumptions [A] shaped to published cases and statistics:
first payments, growth, gaps, who is approached, how soon it is reported. The
mix over the three types is assumed too: with the national mix, the two
rarer types would have a handful of cases.
"""

from dataclasses import dataclass
from typing import Final

from fraudguard.finding import ScamType
from fraudguard.simulate.orders import Profile
from fraudguard.simulate.rhythm import Hours

__all__ = ["CAMPAIGNS", "Campaign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One scam type.

    `drains` says that payments are shares of what is left; otherwise they
    rise from a small first one to the total loss. `ages` weighs the age
    bands of those approached.
    """

    scam_type: ScamType
    share: float
    steps: tuple[int, int]
    payees: tuple[int, int]
    loss_yuan: tuple[float, float]
    gap_s: tuple[float, float]
    hours: Hours
    profile: Profile
    drains: bool
    loan_chance: float
    break_chance: float
    report_delay_s: tuple[float, float]
    never_reported: float
    ages: tuple[float, ...]


CAMPAIGNS: Final = (
    Campaign(
        scam_type=ScamType.BRUSHING,
        share=0.45,
        steps=(3, 9),
        payees=(2, 4),
        loss_yuan=(16_000, 1.2),
        gap_s=(1_500, 1.2),
        hours=Hours.EVENING,
        profile=Profile.BRUSHING,
        drains=False,
        loan_chance=0.12,
        break_chance=0.05,
        report_delay_s=(5 * 3600, 1.2),
        never_reported=0.15,
        ages=(0.2, 1.6, 1.6, 1.0, 0.4, 0.2, 0.1),
    ),
    Campaign(
        scam_type=ScamType.POLICE_IMPERSONATION,
        share=0.22,
        steps=(2, 5),
        payees=(1, 3),
        loss_yuan=(56_000, 1.4),
        gap_s=(1_200, 1.0),
        hours=Hours.DAYTIME,
        profile=Profile.POLICE,
        drains=True,
        loan_chance=0.2,
        break_chance=0.45,
        report_delay_s=(10 * 3600, 1.2),
        never_reported=0.08,
        ages=(0.1, 1.0, 1.0, 1.0, 1.0, 1.2, 1.0),
    ),
    Campaign(
        scam_type=ScamType.SCREEN_SHARE_CANCEL,
        share=0.33,
        steps=(2, 6),
        payees=(2, 4),
        loss_yuan=(29_000, 1.2),
        gap_s=(60, 0.7),
        hours=Hours.DAYTIME,
        profile=Profile.SCREEN_SHARE,
        drains=True,
        loan_chance=0.2,
        break_chance=0.5,
        report_delay_s=(30 * 60, 1.1),
        never_reported=0.05,
        ages=(0.0, 0.2, 0.5, 1.2, 1.4, 1.2, 0.6),
    ),
)
