"""The chain of the trail: each line carries the hash of the one before, so that none can be changed, removed or slipped in unseen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import msgspec

from fraudguard.wording.bilingual import Bilingual

__all__ = ["FIRST", "ChainReport", "Link", "check_chain", "digest_of"]

FIRST: Final = bytes(32)
"""What stands before the first line."""

_MISSING: Final = Bilingual(
    zh="缺少此行，或另一行占了它的位置", en="it is missing, or another line stands in its place"
)
_CHANGED: Final = Bilingual(zh="它或其前某行被改动", en="it, or one before it, was changed")
_CUT: Final = Bilingual(zh="末尾有行被删除", en="lines at the end were removed")
_encoder: Final = msgspec.json.Encoder()


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the trail with its number and its hash, as it is stored and exported.

    Parameters
    ----------
    trail_id : int
        Its number, from 1.
    at_ms : int
        When, milliseconds since 1970.
    officer : str
        Who: an officer, or the name of an API key.
    act, subject, detail : str
        What, on what, and how; never what was seen.
    digest : bytes
        SHA-256 of the digest before and of the line.
    """

    trail_id: int
    at_ms: int
    officer: str
    act: str
    subject: str
    detail: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a check of the chain found.

    Parameters
    ----------
    checked : int
        Lines that fit, from the first.
    digest : bytes
        Hash of the last of them: noted elsewhere, it proves that nothing before was changed since.
    broken_at : int or None
        Number of the first line that does not fit.
    because_en, because_zh : str
        Why it does not.
    """

    checked: int
    digest: bytes
    broken_at: int | None = None
    because_en: str = ""
    because_zh: str = ""


def digest_of(before: bytes, said: tuple[int, int, str, str, str, str]) -> bytes:
    """Return the hash of a line: number, moment, officer, act, subject, detail, behind the hash before it."""
    return hashlib.sha256(before + _encoder.encode(said)).digest()


def check_chain(links: Iterable[Link], *, head: tuple[int, bytes] | None = None) -> ChainReport:
    """Return whether lines hang together, from the first to the last.

    Parameters
    ----------
    links : iterable of Link
        In their order; they are not held in memory.
    head : tuple of (int, bytes) or None
        Number and hash that the store says are the last.

    Returns
    -------
    ChainReport
        Ends at the first line that does not fit.

    Examples
    --------
    >>> check_chain([]).checked
    0
    """
    number, before = 0, FIRST
    for link in links:
        if link.trail_id != number + 1:
            return _broken(number, before, _MISSING, at=number + 1)
        said = (link.trail_id, link.at_ms, link.officer, link.act, link.subject, link.detail)
        if digest_of(before, said) != link.digest:
            return _broken(number, before, _CHANGED, at=link.trail_id)
        number, before = link.trail_id, link.digest
    if head is not None and head != (number, before):
        return _broken(number, before, _CUT, at=number + 1)
    return ChainReport(checked=number, digest=before)


def _broken(checked: int, digest: bytes, because: Bilingual, *, at: int) -> ChainReport:
    return ChainReport(checked=checked, digest=digest, broken_at=at, because_en=because.en, because_zh=because.zh)
