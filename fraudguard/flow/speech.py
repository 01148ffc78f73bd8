"""How a flow is said in words: money, moments, masked tokens, texts of both languages."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from fraudguard.wording import Bilingual
from fraudguard.wording.words import read_wording

__all__ = ["Speech", "masked_token"]

_SIGNS: Final = {"CNY": ("{}元", "¥{}"), "XXX": ("{}", "{}")}
_EXACT_BELOW_FEN: Final = 100_000


def masked_token(account_id: str) -> str:
    """Return an account token as it may stand in a picture that is passed on.

    Parameters
    ----------
    account_id : str
        Token of an account.

    Returns
    -------
    str
        Its ends.

    Examples
    --------
    >>> masked_token("6217000000001000"), masked_token("aea129bc0a6"), masked_token("first")
    ('6217****1000', 'ae****a6', 'f****t')
    """
    shown = 4 if len(account_id) >= 12 else 2 if len(account_id) >= 8 else 1
    return f"{account_id[:shown]}****{account_id[-shown:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A language, a time zone and a currency.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language.
    time_zone : str
        In which moments are read.
    currency : str
        Of the amounts, ISO 4217; ``XXX`` where the source names none.
    """

    lang: str = "zh"
    time_zone: str = "Asia/Shanghai"
    currency: str = "CNY"

    def text(self, name: str, **values: object) -> str:
        """Return a text of the picture with its values filled in."""
        return _text("picture", name).text(self.lang).format(**values)

    def layer(self, layer: int) -> str:
        """Return what the accounts of a layer are called."""
        if layer == 0:
            return self.text("payer")
        return self.text("layer", layer=_text("numeral", str(layer)).text(self.lang))

    def money(self, fen: int) -> str:
        """Return an amount in yuan; with cents only when they are there and it is small."""
        return self._amount(fen, digits=2 if fen % 100 and fen < _EXACT_BELOW_FEN else 0)

    def exact(self, fen: int) -> str:
        """Return an amount in yuan to the fen, as an order to stop a payment needs it."""
        return self._amount(fen, digits=2)

    def _amount(self, fen: int, *, digits: int) -> str:
        zh, en = _SIGNS.get(self.currency, (f"{self.currency} {{}}", f"{self.currency} {{}}"))
        return (zh if self.lang == "zh" else en).format(f"{fen / 100:,.{digits}f}")

    def duration(self, minutes: float) -> str:
        """Return how long something took: minutes, from two hours on hours, from two days on days."""
        name, length = ("days", 1_440) if minutes >= 2_880 else ("hours", 60) if minutes >= 120 else ("minutes", 1)
        return self.text(name, number=f"{minutes / length:.{0 if length == 1 else 1}f}".removesuffix(".0"))

    def moment(self, moment: datetime, beside: datetime | None = None) -> str:
        """Return a moment to the minute; without the day when that is the day of another moment beside it."""
        zone = ZoneInfo(self.time_zone)
        here = moment.astimezone(zone)
        if beside is None:
            return f"{here:%Y-%m-%d %H:%M}"
        return f"{here:%H:%M}" if here.date() == beside.astimezone(zone).date() else f"{here:%m-%d %H:%M}"


@cache
def _text(table: str, name: str) -> Bilingual:
    return Bilingual(**read_wording("flow.toml")[table][name])
