"""Which part of the picture a feature tells: payer, payee, pair, session, liquidity or network.

Told from what the feature is made of; where it is made of several, the one that says most about fraud.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from fraudguard.features.expression import Field
from fraudguard.features.known import Observation, Observed
from fraudguard.features.term import Constant, Operation, Term
from fraudguard.features.view import Entity, Reading
from fraudguard.signal import SignalType

__all__ = ["Part", "leaves_of", "part_of"]


class Part(StrEnum):
    """Whose story a feature tells; of a mixture the one that stands first here."""

    NETWORK = "network"
    PAIR = "pair"
    PAYEE = "payee"
    LIQUIDITY = "liquidity"
    PAYER = "payer"
    SESSION = "session"


_PARTS: Final = tuple(Part)
_OF_ENTITY: Final = {
    Entity.PAYER: Part.PAYER,
    Entity.HOLDER: Part.PAYER,
    Entity.PAYEE: Part.PAYEE,
    Entity.PAIR: Part.PAIR,
    Entity.DEVICE: Part.SESSION,
}
_OF_FIELD: Final = {
    "amount_fen": Part.PAYER,
    "payer_balance_before_fen": Part.LIQUIDITY,
    "payee_balance_before_fen": Part.PAYEE,
    "payee_name_match": Part.PAYEE,
    "payee_type": Part.PAYEE,
    "is_new_payee": Part.PAIR,
    "payee_added_at": Part.PAIR,
}
_LIQUID: Final = ("payer_term_break", "payer_redemption", "payer_loan", "payer_liquidated", "payer_since_liquidated")
_LIQUID_SIGNALS: Final = {
    SignalType.LOAN_APPLICATION,
    SignalType.TERM_DEPOSIT_BREAK,
    SignalType.FUND_REDEMPTION,
    SignalType.CASH_BOOKING,
}


def part_of(term: Term) -> Part:
    """Return which part of the picture a term tells.

    Parameters
    ----------
    term : Term
        The value of a feature.

    Returns
    -------
    Part
        SESSION for a constant.

    Examples
    --------
    >>> from fraudguard.features import field, network
    >>> part_of(field("amount_fen") / network("payee_in_findings"))
    <Part.NETWORK: 'network'>
    """
    return min(map(_part_of_leaf, leaves_of(term)), key=_PARTS.index, default=Part.SESSION)


def leaves_of(term: Term) -> Iterator[Term]:
    """Give what a term is made of: readings, observations and fields.

    Parameters
    ----------
    term : Term
        Any.

    Yields
    ------
    Term
        From left to right; no constants.
    """
    if isinstance(term, Operation):
        yield from leaves_of(term.left)
        yield from leaves_of(term.right)
    elif not isinstance(term, Constant):
        yield term


def _part_of_leaf(leaf: Term) -> Part:
    match leaf:
        case Reading():
            return _OF_ENTITY[leaf.entity]
        case Observation():
            return _part_of_observation(leaf)
        case Field():
            return _OF_FIELD.get(leaf.name, Part.SESSION)
        case _:
            raise TypeError(f"{type(leaf).__name__} is no leaf of a term")


def _part_of_observation(leaf: Observation) -> Part:
    if leaf.observed is Observed.NETWORK:
        return Part.LIQUIDITY if leaf.name.startswith(_LIQUID) else Part.NETWORK
    if leaf.of_payee:
        return Part.PAYEE
    if leaf.observed is Observed.ACCOUNT:
        return Part.PAYER
    return Part.LIQUIDITY if leaf.name in _LIQUID_SIGNALS else Part.SESSION
