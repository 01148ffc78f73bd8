"""How values are written for people: yuan, local time, masked accounts."""

from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Final

from fraudguard.column import Column, from_ms
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.wording import word

__all__ = ["fact", "label", "local_time", "masked", "yuan"]

# China keeps one time all year, so the offset is enough and no zone database is needed.
CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
_ENDS: Final = 4
_READABLE: Final = frozenset({"remittance_info", "device_os", "ip_country"})


def yuan(amount_fen: int) -> str:
    """Return an amount in yuan, with separators and two places.

    Parameters
    ----------
    amount_fen : int
        In fen.

    Returns
    -------
    str
        Such as ``49,800.00``.

    Examples
    --------
    >>> yuan(4_980_000)
    '49,800.00'
    """
    sign, fen = ("-", -amount_fen) if amount_fen < 0 else ("", amount_fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


def local_time(moment: datetime | int) -> str:
    """Return a moment as the clock in China shows it.

    Parameters
    ----------
    moment : datetime or int
        Aware, or milliseconds since 1970.

    Returns
    -------
    str
        Such as ``2026-11-23 14:02:11``.

    Examples
    --------
    >>> from datetime import UTC
    >>> local_time(datetime(2026, 11, 23, 6, 2, 11, tzinfo=UTC))
    '2026-11-23 14:02:11'
    """
    aware = from_ms(moment) if isinstance(moment, int) else moment
    return aware.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def masked(token: str) -> str:
    """Return a token with its middle hidden; a short one keeps its last two letters.

    Parameters
    ----------
    token : str
        An account or device token.

    Returns
    -------
    str
        At most eight letters of it.

    Examples
    --------
    >>> masked("6217000012341004"), masked("a17")
    ('6217****1004', '****17')
    """
    if len(token) < 3 * _ENDS:
        return f"****{token[-2:]}" if len(token) > 2 else "****"
    return f"{token[:_ENDS]}****{token[-_ENDS:]}"


def fact(column: Column, value: object, lang: str) -> str:
    """Return one field of a transfer as an officer reads it.

    Parameters
    ----------
    column : Column
        The field.
    value : object
        Not None.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    str
        Masked where the field names a person's thing.
    """
    match value:
        case bool():
            text = gettext(lang, marked("是") if value else marked("否"))
        case int() if column.unit == "fen":
            text = yuan(value)
        case datetime():
            text = local_time(value)
        case StrEnum():
            text = word(column.name, value.value, lang)
        case str() if column.pii == "C2" and column.name not in _READABLE:
            text = masked(value)
        case tuple():
            text = "、".join(map(str, value))
        case _:
            text = str(value)
    return text


def label(column: Column, lang: str) -> str:
    """Return the short name of a field; an amount is named in yuan, as `fact` writes it.

    Parameters
    ----------
    column : Column
        The field.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    str
        What stands before the first comma of its description.

    Examples
    --------
    >>> from fraudguard.column import columns_of
    >>> from fraudguard.transfer import Transfer
    >>> {c.name: label(c, "zh") for c in columns_of(Transfer)}["amount_fen"]
    '金额（元）'
    """
    if lang == "zh":
        return column.zh.partition("，")[0].replace("（分）", "（元）")
    return column.en.partition(",")[0].replace("in fen", "in yuan")
