"""The scam types of the world, as numbers.

Shares, median losses, their spread, payments, delays and chances of signals
are assumptions [A] shaped to published statistics and cases: mean losses and
shares of losses come out near those published (`docs/explanation/simulator.md`
has the comparison). Gaps, growth and hours follow published sequences.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from fraudguard.finding import ScamType
from fraudguard.simulate.orders import Profile
from fraudguard.simulate.rhythm import Hours

__all__ = ["SCAM_PATTERNS", "Manner", "ScamPattern"]

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


class Manner(IntEnum):
    """How a loss is spread over payments."""

    LADDER = 0
    DRAIN = 1
    PRICE = 2
    LOANS = 3
    ROUND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ScamPattern:
    """One scam type.

    Parameters
    ----------
    share : float
        Of all cases, before drift.
    loss_yuan : tuple of float
        Median and log-sigma of the whole loss.
    payments, payees : tuple of int
        Fewest and most.
    first_yuan : tuple of float
        Range of small first payments; with chance `bait` they are refunded with a little more.
    growth : tuple of float
        From one payment to the next.
    gap_s : tuple of float
        Median and log-sigma of the pause between payments.
    overnight : float
        Chance that a pause lasts until another day.
    ages : tuple of float
        How much each age band is approached.
    term_break, loan_in : float
        Chance that savings or a loan are turned into balance first.
    flagged_call, fraud_page, warned_96110 : float
        Chance of each signal, where the customer's signals are heard.
    stops : float
        Chance that a warning in the app ends the case.
    delay_s : tuple of float
        Median and log-sigma from the last payment (the first, if `from_first`) to the report.
    never_reported : float
        Share of cases nobody reports.
    courier : bool
        Whether cash may be fetched and handed over instead.
    """

    scam_type: ScamType
    share: float
    loss_yuan: tuple[float, float]
    payments: tuple[int, int]
    payees: tuple[int, int]
    first_yuan: tuple[float, float] = (100, 1_000)
    growth: tuple[float, float] = (1.0, 1.0)
    gap_s: tuple[float, float]
    overnight: float = 0.0
    hours: Hours
    profile: Profile
    manner: Manner
    bait: float = 0.0
    ages: tuple[float, ...]
    term_break: float = 0.05
    loan_in: float = 0.05
    flagged_call: float = 0.05
    fraud_page: float = 0.1
    warned_96110: float = 0.1
    stops: float = 0.12
    delay_s: tuple[float, float]
    from_first: bool = False
    never_reported: float
    courier: bool = False


SCAM_PATTERNS: Final = (
    ScamPattern(
        scam_type=ScamType.BRUSHING, share=0.30, loss_yuan=(16_000, 1.2), payments=(3, 9), payees=(2, 6),
        first_yuan=(50, 500), growth=(1.6, 3.6), gap_s=(14 * _MINUTE, 1.0), overnight=0.12, hours=Hours.EVENING,
        profile=Profile.CHATTING, manner=Manner.LADDER, bait=0.8, ages=(0.2, 1.6, 1.6, 1.0, 0.4, 0.2, 0.1),
        term_break=0.05, loan_in=0.12, flagged_call=0.05, fraud_page=0.35, warned_96110=0.15, stops=0.18,
        delay_s=(5 * _HOUR, 1.2), never_reported=0.15,
    ),
    ScamPattern(
        scam_type=ScamType.INVESTMENT, share=0.12, loss_yuan=(47_000, 1.3), payments=(4, 10), payees=(3, 8),
        first_yuan=(500, 5_000), growth=(1.2, 1.9), gap_s=(1.8 * _DAY, 0.6), overnight=1.0, hours=Hours.GENERAL,
        profile=Profile.INVESTING, manner=Manner.LADDER, bait=0.4, ages=(0.0, 0.4, 1.3, 1.4, 0.9, 0.4, 0.2),
        term_break=0.20, loan_in=0.10, flagged_call=0.08, fraud_page=0.40, warned_96110=0.25, stops=0.05,
        delay_s=(20 * _DAY, 1.1), from_first=True, never_reported=0.10, courier=True,
    ),
    ScamPattern(
        scam_type=ScamType.PURCHASE_SERVICE, share=0.12, loss_yuan=(3_000, 1.0), payments=(1, 3), payees=(1, 2),
        gap_s=(3 * _HOUR, 1.4), hours=Hours.EVENING, profile=Profile.CHATTING, manner=Manner.PRICE,
        ages=(0.5, 1.3, 1.2, 1.0, 0.6, 0.4, 0.2), term_break=0.01, loan_in=0.02, flagged_call=0.02, fraud_page=0.12,
        warned_96110=0.03, stops=0.20, delay_s=(4 * _DAY, 1.0), never_reported=0.45,
    ),
    ScamPattern(
        scam_type=ScamType.FAKE_CUSTOMER_SERVICE, share=0.07, loss_yuan=(15_000, 1.1), payments=(2, 5), payees=(2, 4),
        growth=(0.8, 1.6), gap_s=(4 * _MINUTE, 0.8), hours=Hours.DAYTIME, profile=Profile.REFUND, manner=Manner.DRAIN,
        ages=(0.2, 1.4, 1.4, 1.0, 0.4, 0.3, 0.1), term_break=0.10, loan_in=0.35, flagged_call=0.30, fraud_page=0.10,
        warned_96110=0.15, stops=0.15, delay_s=(50 * _MINUTE, 1.1), never_reported=0.10, courier=True,
    ),
    ScamPattern(
        scam_type=ScamType.SCREEN_SHARE_CANCEL, share=0.05, loss_yuan=(29_000, 1.2), payments=(2, 6), payees=(2, 5),
        gap_s=(55, 0.7), hours=Hours.DAYTIME, profile=Profile.SCREEN_SHARE, manner=Manner.DRAIN,
        ages=(0.0, 0.2, 0.5, 1.2, 1.4, 1.2, 0.6), term_break=0.55, loan_in=0.20, flagged_call=0.35, fraud_page=0.15,
        warned_96110=0.20, stops=0.15, delay_s=(30 * _MINUTE, 1.1), never_reported=0.05, courier=True,
    ),
    ScamPattern(
        scam_type=ScamType.FAKE_LOAN, share=0.08, loss_yuan=(14_700, 0.9), payments=(2, 5), payees=(1, 3),
        first_yuan=(500, 5_000), growth=(1.3, 2.4), gap_s=(40 * _MINUTE, 1.0), overnight=0.1, hours=Hours.GENERAL,
        profile=Profile.CHATTING, manner=Manner.LADDER, ages=(0.0, 1.0, 1.5, 1.2, 0.4, 0.1, 0.0),
        term_break=0.02, loan_in=0.30, flagged_call=0.08, fraud_page=0.35, warned_96110=0.10, stops=0.12,
        delay_s=(_DAY, 1.2), never_reported=0.20,
    ),
    ScamPattern(
        scam_type=ScamType.CREDIT_REPAIR, share=0.06, loss_yuan=(33_000, 1.0), payments=(2, 6), payees=(2, 6),
        gap_s=(15 * _MINUTE, 0.7), hours=Hours.DAYTIME, profile=Profile.CREDIT, manner=Manner.LOANS,
        ages=(0.0, 1.5, 1.8, 0.6, 0.1, 0.0, 0.0), term_break=0.05, loan_in=0.75, flagged_call=0.30, fraud_page=0.20,
        warned_96110=0.12, stops=0.12, delay_s=(6 * _HOUR, 1.1), never_reported=0.10,
    ),
    ScamPattern(
        scam_type=ScamType.IMPERSONATE_BOSS_FRIEND, share=0.05, loss_yuan=(17_000, 1.4), payments=(1, 3), payees=(1, 2),
        gap_s=(18 * _MINUTE, 0.9), hours=Hours.OFFICE, profile=Profile.CHATTING, manner=Manner.ROUND,
        ages=(0.0, 0.4, 1.0, 1.3, 1.0, 0.6, 0.3), term_break=0.02, loan_in=0.01, flagged_call=0.06, fraud_page=0.02,
        warned_96110=0.05, stops=0.10, delay_s=(3 * _HOUR, 1.2), never_reported=0.08,
    ),
    ScamPattern(
        scam_type=ScamType.POLICE_IMPERSONATION, share=0.03, loss_yuan=(56_000, 1.4), payments=(2, 6), payees=(1, 3),
        gap_s=(20 * _MINUTE, 1.0), overnight=0.15, hours=Hours.DAYTIME, profile=Profile.POLICE, manner=Manner.DRAIN,
        ages=(0.1, 1.0, 1.0, 1.0, 1.0, 1.2, 1.0), term_break=0.45, loan_in=0.20, flagged_call=0.40, fraud_page=0.10,
        warned_96110=0.25, stops=0.06, delay_s=(10 * _HOUR, 1.2), never_reported=0.08, courier=True,
    ),
    ScamPattern(
        scam_type=ScamType.ROMANCE, share=0.03, loss_yuan=(26_000, 1.3), payments=(4, 14), payees=(1, 5),
        first_yuan=(200, 2_000), growth=(1.0, 1.5), gap_s=(3 * _DAY, 0.8), overnight=1.0, hours=Hours.EVENING,
        profile=Profile.CHATTING, manner=Manner.LADDER, ages=(0.0, 0.6, 1.2, 1.2, 0.9, 0.5, 0.2),
        term_break=0.06, loan_in=0.10, flagged_call=0.03, fraud_page=0.12, warned_96110=0.08, stops=0.05,
        delay_s=(30 * _DAY, 1.0), never_reported=0.40, courier=True,
    ),
    ScamPattern(
        scam_type=ScamType.GAME_TRADE, share=0.04, loss_yuan=(2_700, 0.9), payments=(2, 4), payees=(1, 3),
        first_yuan=(50, 500), growth=(1.8, 2.6), gap_s=(7 * _MINUTE, 0.8), hours=Hours.EVENING, profile=Profile.CHATTING,
        manner=Manner.LADDER, ages=(2.0, 2.0, 0.7, 0.2, 0.0, 0.0, 0.0), term_break=0.0, loan_in=0.02, flagged_call=0.02,
        fraud_page=0.15, warned_96110=0.05, stops=0.15, delay_s=(6 * _HOUR, 1.1), never_reported=0.50,
    ),
    ScamPattern(
        scam_type=ScamType.OTHER, share=0.05, loss_yuan=(6_000, 1.0), payments=(1, 3), payees=(1, 2),
        gap_s=(_HOUR, 1.3), hours=Hours.GENERAL, profile=Profile.CHATTING, manner=Manner.PRICE,
        ages=(0.3, 1.0, 1.0, 1.0, 0.8, 0.6, 0.4), delay_s=(_DAY, 1.2), never_reported=0.40,
    ),
)  # fmt: skip
