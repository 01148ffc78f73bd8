"""How much a bank can see of a transfer: fields, accounts, signals.

A clearing house sees the message alone, the payer's bank its own customer and
the session, a bank of both sides, or an alliance of banks, the payee's account as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.column import columns_of
from fraudguard.transfer import Transfer
from fraudguard.wording import Bilingual

__all__ = ["EVERYTHING", "SIGHTS", "VIEW_FIELDS", "Sight", "View"]


class View(StrEnum):
    """Whose eyes a transfer is seen with."""

    MESSAGE_ONLY = "message_only"
    BANK_PAYER_VIEW = "bank_payer_view"
    BANK_BOTH_SIDES = "bank_both_sides"


_MESSAGE: Final = (
    "event_time", "amount_fen", "currency", "payer_account_id", "payee_account_id", "payer_bank_code", "payee_bank_code",
    "category_purpose", "purpose_code", "remittance_info",
)  # fmt: skip
_OF_PAYEE: Final = ("payee_balance_before_fen",)
_ALL: Final = tuple(column.name for column in columns_of(Transfer) if column.name != "transfer_id")

VIEW_FIELDS: Final[Mapping[View, tuple[str, ...]]] = {
    View.MESSAGE_ONLY: _MESSAGE,
    View.BANK_PAYER_VIEW: tuple(name for name in _ALL if name not in _OF_PAYEE),
    View.BANK_BOTH_SIDES: _ALL,
}
"""Fields of a transfer. The payer's bank knows its own customer's account too, a bank of both sides that of the payee as well."""

_TITLES: Final = {
    View.MESSAGE_ONLY: Bilingual("仅报文", "message only"),
    View.BANK_PAYER_VIEW: Bilingual("付款行", "payer's bank"),
    View.BANK_BOTH_SIDES: Bilingual("收付两侧", "both sides"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a transfer.

    Parameters
    ----------
    view : View
        Whose eyes.
    signals : bool
        Whether signals of operator, police, app and bank arrive.
    """

    view: View
    signals: bool

    @property
    def title(self) -> Bilingual:
        """Its name for a table."""
        named = _TITLES[self.view]
        if self.signals:
            return named
        return Bilingual(f"{named.zh}，无信号", f"{named.en}, no signals")


SIGHTS: Final = tuple(Sight(view, signals) for view in reversed(View) for signals in (True, False))
"""From everything down to the bare message."""

EVERYTHING: Final = SIGHTS[0]
