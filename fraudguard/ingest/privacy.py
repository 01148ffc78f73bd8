"""Finding what may not be in a file, or not in the clear: by the name of a column and by what its cells look like.

Classes are those of JR/T 0171-2020. C3 (what proves who a customer is:
passwords, biometrics, card tracks, CVN, expiry) is refused. Plain card, ID
and phone numbers are C2: a warning, and tokens are offered.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from fraudguard.wording import Bilingual

__all__ = ["PrivacyHit", "is_card_number", "is_identity_number", "scan_privacy"]

_LUHN_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_CARD: Final = re.compile(r"(?<!\d)(?:62\d{14,17}|[3-6]\d{15})(?!\d)")
_IDENTITY: Final = re.compile(
    r"(?<!\d)[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
_PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_TRACK: Final = re.compile(r"(?<!\d)\d{13,19}[=D]\d{7,}|%B\d{13,19}\^")
_NAMES_C3: Final = re.compile(
    r"(^|_)(pin|pinblock|password|passwd|pwd|cvv2?|cvn2?|cvc2?|track[123]?|magstripe|otp|fingerprint|face_template|iris|voiceprint)"
    r"(_|$)|密码|口令|磁道|验证码|安全码|指纹|人脸|虹膜|声纹|生物特征|有效期",
    re.IGNORECASE,
)
_NAMES_PERSON: Final = re.compile(r"姓名|户名|(^|_)(full_?name|customer_?name|payer_?name|payee_?name)$", re.IGNORECASE)
_MEASURES: Final = ("_fen", "_s", "_ms", "_count")
_ENOUGH: Final = 0.01
"""A card number by chance: one sixteen-digit number in ten passes Luhn, so a hundredth of the cells must look like one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyHit:
    """Something personal in a column.

    Parameters
    ----------
    table, column : str
        Where.
    kind : Bilingual
        What it looks like.
    level : {"C3", "C2"}
        C3 is refused.
    rows : int
        Cells that look like it; 0 when only the name says so.
    first_row : int
        The first of them, from 1.
    """

    table: str
    column: str
    kind: Bilingual
    level: str
    rows: int
    first_row: int


@dataclass(frozen=True, slots=True)
class _Look:
    """A kind of personal data: a quick pattern for the whole column, an exact test for a cell."""

    kind: Bilingual
    level: str
    pattern: re.Pattern[str]
    exact: Callable[[str], bool]


def _always(_text: str) -> bool:
    return True


def is_card_number(text: str) -> bool:
    """Return whether digits pass the check of ISO/IEC 7812-1 (Luhn).

    Parameters
    ----------
    text : str
        Digits only.

    Returns
    -------
    bool
        One random number in ten passes.

    Examples
    --------
    >>> is_card_number("4111111111111111"), is_card_number("4111111111111112")
    (True, False)
    """
    digits = [int(digit) for digit in reversed(text)]
    return (sum(digits[::2]) + sum(_LUHN_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0


def is_identity_number(text: str) -> bool:
    """Return whether eighteen characters pass the check of GB 11643.

    Parameters
    ----------
    text : str
        Seventeen digits and a check character.

    Returns
    -------
    bool
        One random number in eleven passes.

    Examples
    --------
    >>> is_identity_number("11010519491231002X"), is_identity_number("110105194912310021")
    (True, False)
    """
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == text[17].upper()


_LOOKS: Final = (
    _Look(Bilingual(zh="磁道数据", en="track data"), "C3", _TRACK, _always),
    _Look(Bilingual(zh="身份证号", en="resident ID number"), "C2", _IDENTITY, is_identity_number),
    _Look(Bilingual(zh="银行卡号", en="bank card number"), "C2", _CARD, is_card_number),
    _Look(Bilingual(zh="手机号", en="mobile phone number"), "C2", _PHONE, _always),
)


def scan_privacy(name: str, table: Any) -> list[PrivacyHit]:  # noqa: ANN401  # pyarrow has no types
    """Look through every column of a table.

    Parameters
    ----------
    name : str
        What messages call the table.
    table : pyarrow.Table
        As in the file.

    Returns
    -------
    list of PrivacyHit
        C3 first; no value of a cell is in it.
    """
    hits = [hit for column in table.column_names for hit in _scan_column(name, column, table[column])]
    return sorted(hits, key=lambda hit: (hit.level != "C3", hit.column))


def _scan_column(name: str, column: str, cells: Any) -> Iterator[PrivacyHit]:  # noqa: ANN401  # pyarrow has no types
    by_name = (
        (_NAMES_C3, Bilingual(zh="鉴别信息（按列名）", en="authentication data, by its name"), "C3"),
        (_NAMES_PERSON, Bilingual(zh="姓名（按列名）", en="a person's name, by its name"), "C2"),
    )
    for names, kind, level in by_name:
        if names.search(column):
            yield PrivacyHit(table=name, column=column, kind=kind, level=level, rows=0, first_row=0)
    text = None if column.endswith(_MEASURES) else _as_text(cells)
    if text is not None:
        for look in _LOOKS:
            yield from _looks_like(name, column, text, look=look)


def _as_text(cells: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    kind = cells.type
    if pa.types.is_integer(kind):
        return cells.cast(pa.large_string())
    return cells if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None


def _looks_like(name: str, column: str, text: Any, *, look: _Look) -> Iterator[PrivacyHit]:  # noqa: ANN401  # pyarrow
    candidates = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(text, r"\d{11}"), fill_value=False))
    places = candidates.to_pylist()
    found = [
        place
        for place, cell in zip(places, text.take(candidates).to_pylist(), strict=True)
        if any(look.exact(match.group()) for match in look.pattern.finditer(cell))
    ]
    told = len(text) - text.null_count
    if found and (look.level == "C3" or len(found) >= max(1, _ENOUGH * told) or "info" in column):
        yield PrivacyHit(
            table=name, column=column, kind=look.kind, level=look.level, rows=len(found), first_row=found[0] + 1
        )
