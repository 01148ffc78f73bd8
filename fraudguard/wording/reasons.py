"""How a reason is said: the feature, its value, and what is normal beside it."""

import math
from functools import cache
from typing import Final

from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.words import read_wording, word

__all__ = ["choice_text", "quantity_text", "reason_text"]

_DURATIONS: Final = ((86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s"))
_EMPTY: Final = Bilingual(zh="", en="")


def reason_text(
    title: Bilingual,
    *,
    unit: str,
    value: float | None,
    baseline: float | None,
    baseline_of: str,
    rarity: float | None = None,
) -> Bilingual:
    """Return the sentence an officer or customer reads.

    Parameters
    ----------
    title : Bilingual
        What the feature measures.
    unit : {"fen", "s", "count", "ratio", "share", "flag", "hour", "log10", ""}
        Unit of value and baseline.
    value : float or None
        None when it is unknown.
    baseline : float or None
        What is normal; None when there is nothing to compare with.
    baseline_of : {"own", "population"}
        Whose normal the baseline is.
    rarity : float or None
        Fewer than this share of genuine transfers have a value as far out.

    Returns
    -------
    Bilingual
        One sentence without a full stop.

    Examples
    --------
    >>> title = Bilingual(zh="付款账户近1天转出金额", en="Payer's money out in the last day")
    >>> reason_text(title, unit="fen", value=4_980_000, baseline=210_000, baseline_of="own").zh
    '付款账户近1天转出金额 ¥49,800.00，本人平时约 ¥2,100.00'
    """
    if value is None or math.isnan(value):
        return _sentence("unknown", title)
    if unit == "flag":
        return _sentence("flag", title, value=_text("flag", "yes" if value else "no"))
    said = quantity_text(value, unit)
    if baseline is None or math.isnan(baseline):
        return _with_rarity(_sentence("alone", title, value=said), rarity)
    return _with_rarity(_sentence(baseline_of, title, value=said, baseline=quantity_text(baseline, unit)), rarity)


def _with_rarity(said: Bilingual, rarity: float | None) -> Bilingual:
    if rarity is None:
        return said
    pattern, share = _text("sentence", "rare"), _short(100 * rarity)
    return Bilingual(zh=said.zh + pattern.zh.format(share=share), en=said.en + pattern.en.format(share=share))


def choice_text(title: Bilingual, *, kind: str, code: str) -> Bilingual:
    """Return the sentence of a coded field, such as the channel.

    Parameters
    ----------
    title : Bilingual
        What the field is called.
    kind, code : str
        As `fraudguard.wording.word` takes them.

    Returns
    -------
    Bilingual
        Title and word.

    Raises
    ------
    DefinitionError
        If there is no such kind or code.
    """
    return _sentence("flag", title, value=Bilingual(zh=word(kind, code, "zh"), en=word(kind, code, "en")))


def quantity_text(value: float, unit: str) -> Bilingual:
    """Return a number written in its unit.

    Parameters
    ----------
    value : float
        Not NaN.
    unit : str
        As in `reason_text`, without ``flag``.

    Returns
    -------
    Bilingual
        Money in yuan with thousands, seconds as a duration.

    Examples
    --------
    >>> quantity_text(5400, "s").en
    '1.5 h'
    """
    if unit == "s":
        return _duration(value)
    pattern = _text("unit", unit or "plain")
    number = _number(value, unit)
    return Bilingual(zh=pattern.zh.format(number=number), en=pattern.en.format(number=number))


def _duration(seconds: float) -> Bilingual:
    length, name = next((step for step in _DURATIONS if abs(seconds) >= step[0]), _DURATIONS[-1])
    number = _short(seconds / length)
    pattern = _text("duration", name)
    return Bilingual(zh=pattern.zh.format(number=number), en=pattern.en.format(number=number))


def _number(value: float, unit: str) -> str:
    if unit == "fen":
        return f"{value / 100:,.2f}"
    if unit == "share":
        return _short(100 * value)
    if unit == "hour":
        return f"{int(value)}"
    return _short(value)


def _short(value: float) -> str:
    if not math.isfinite(value) or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2f}"


def _sentence(name: str, title: Bilingual, *, value: Bilingual = _EMPTY, baseline: Bilingual = _EMPTY) -> Bilingual:
    pattern = _text("sentence", name)
    return Bilingual(
        zh=pattern.zh.format(title=title.zh, value=value.zh, baseline=baseline.zh),
        en=pattern.en.format(title=title.en, value=value.en, baseline=baseline.en),
    )


@cache
def _text(table: str, name: str) -> Bilingual:
    return Bilingual(**read_wording("reasons.toml")[table][name])
