"""Small numbers for words, while orders are arrays."""

from typing import Final

from fraudguard.finding import ScamType
from fraudguard.transfer import Channel, EventType

__all__ = [
    "CARD_PAYMENT",
    "CASH_WITHDRAWAL",
    "CHANNELS",
    "EVENT_TYPES",
    "FUND_REDEMPTION",
    "LOAN_DISBURSEMENT",
    "SCAM_TYPES",
    "TERM_DEPOSIT_BREAK",
    "channel_code",
]

CHANNELS: Final = tuple(Channel)
EVENT_TYPES: Final = tuple(EventType)
SCAM_TYPES: Final = (ScamType.BRUSHING, ScamType.POLICE_IMPERSONATION, ScamType.SCREEN_SHARE_CANCEL)

CARD_PAYMENT: Final = EVENT_TYPES.index(EventType.CARD_PAYMENT)
CASH_WITHDRAWAL: Final = EVENT_TYPES.index(EventType.CASH_WITHDRAWAL)
FUND_REDEMPTION: Final = EVENT_TYPES.index(EventType.FUND_REDEMPTION)
LOAN_DISBURSEMENT: Final = EVENT_TYPES.index(EventType.LOAN_DISBURSEMENT)
TERM_DEPOSIT_BREAK: Final = EVENT_TYPES.index(EventType.TERM_DEPOSIT_BREAK)


def channel_code(channel: Channel) -> int:
    """Return the number of a channel."""
    return CHANNELS.index(channel)
