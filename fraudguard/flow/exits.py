"""How money leaves the accounts that can be stopped."""

from enum import StrEnum
from typing import Final

from fraudguard.flow.movement import Movement
from fraudguard.transfer import Channel, EventType, PayeeType

__all__ = ["Exit", "exit_by_order", "exit_by_payee"]


class Exit(StrEnum):
    """Where money is that is no longer in an account of the flow."""

    CASH = "cash"
    CARD = "card"
    MERCHANT = "merchant"
    WALLET = "wallet"
    CRYPTO = "crypto"
    BEYOND = "beyond"
    SMALL = "small"
    UNSEEN = "unseen"


_BY_ORDER: Final = {
    EventType.CASH_WITHDRAWAL: Exit.CASH,
    EventType.CARD_PAYMENT: Exit.CARD,
    EventType.WALLET_TOPUP: Exit.WALLET,
    EventType.CRYPTO_OTC: Exit.CRYPTO,
}
_BY_PAYEE: Final = {PayeeType.MERCHANT: Exit.MERCHANT, PayeeType.WALLET: Exit.WALLET}


def exit_by_order(movement: Movement) -> Exit | None:
    """Return how the order itself takes the money out.

    Parameters
    ----------
    movement : Movement
        Any movement.

    Returns
    -------
    Exit or None
        None for what goes on to an account. A payment at a card terminal of unknown kind is a card payment; at a
        cash machine of unknown kind it may be a transfer, and in doubt the money is followed.
    """
    if movement.event_type is None:
        return Exit.CARD if movement.channel is Channel.POS else None
    return _BY_ORDER.get(movement.event_type)


def exit_by_payee(movement: Movement) -> Exit | None:
    """Return how the money leaves because of who is paid: a merchant or a wallet.

    Parameters
    ----------
    movement : Movement
        To an account that the flow has not reached.

    Returns
    -------
    Exit or None
        None for a person, an organisation, an own account, and for who is not known.
    """
    return None if movement.payee_type is None else _BY_PAYEE.get(movement.payee_type)
