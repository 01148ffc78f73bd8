"""Small numbers for words, while orders are arrays."""

from typing import Final

from fraudguard.signal import SignalSource, SignalType
from fraudguard.transfer import Channel, EventType

__all__ = [
    "CARD_PAYMENT",
    "CASH_WITHDRAWAL",
    "CHANNELS",
    "CRYPTO_OTC",
    "EVENT_TYPES",
    "FUND_REDEMPTION",
    "LOAN_DISBURSEMENT",
    "SIGNAL_SOURCES",
    "SIGNAL_TYPES",
    "TERM_DEPOSIT_BREAK",
    "WALLET_TOPUP",
    "channel_code",
]

CHANNELS: Final = tuple(Channel)
SIGNAL_TYPES: Final = tuple(SignalType)
SIGNAL_SOURCES: Final = tuple(SignalSource)
EVENT_TYPES: Final = tuple(EventType)
CARD_PAYMENT: Final = EVENT_TYPES.index(EventType.CARD_PAYMENT)
CASH_WITHDRAWAL: Final = EVENT_TYPES.index(EventType.CASH_WITHDRAWAL)
CRYPTO_OTC: Final = EVENT_TYPES.index(EventType.CRYPTO_OTC)
FUND_REDEMPTION: Final = EVENT_TYPES.index(EventType.FUND_REDEMPTION)
LOAN_DISBURSEMENT: Final = EVENT_TYPES.index(EventType.LOAN_DISBURSEMENT)
WALLET_TOPUP: Final = EVENT_TYPES.index(EventType.WALLET_TOPUP)
TERM_DEPOSIT_BREAK: Final = EVENT_TYPES.index(EventType.TERM_DEPOSIT_BREAK)


def channel_code(channel: Channel) -> int:
    """Return the number of a channel."""
    return CHANNELS.index(channel)
