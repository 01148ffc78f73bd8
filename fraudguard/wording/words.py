"""The words of the coded fields: interventions, tiers, findings, scam types, channels."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from fraudguard.errors import DefinitionError
from fraudguard.wording.bilingual import Bilingual

__all__ = ["read_wording", "word", "words_of"]


def word(kind: str, code: str, lang: str) -> str:
    """Return what people read for a coded value.

    Parameters
    ----------
    kind : str
        Which list the code belongs to: ``intervention``, ``tier``, ``finding``, ``scam_type``, or the name of
        a coded field of the transfer, such as ``channel``.
    code : str
        A member of the list.
    lang : {"zh", "en"}
        Language.

    Returns
    -------
    str
        Never empty.

    Raises
    ------
    DefinitionError
        If there is no such kind or code.

    Examples
    --------
    >>> word("intervention", "delay_settlement", "zh")
    '延迟支付结算'
    """
    words = words_of(kind)
    if code not in words:
        raise DefinitionError(
            f"no {kind} {code!r}; there are {sorted(words)}", f"{kind} 中没有 {code!r}；可用的有 {sorted(words)}"
        )
    return words[code].text(lang)


@cache
def words_of(kind: str) -> dict[str, Bilingual]:
    """Return all words of a kind, in the order of the file.

    Parameters
    ----------
    kind : str
        As in `word`.

    Returns
    -------
    dict of str to Bilingual
        By code.

    Raises
    ------
    DefinitionError
        If there is no such kind.
    """
    kinds = read_wording("words.toml")
    if kind not in kinds:
        raise DefinitionError(
            f"no kind of word {kind!r}; there are {sorted(kinds)}", f"没有词类 {kind!r}；可用的有 {sorted(kinds)}"
        )
    return {code: Bilingual(**text) for code, text in kinds[kind].items()}


@cache
def read_wording(name: str) -> dict[str, Any]:
    """Return a wording file of this folder as tables, read once.

    Parameters
    ----------
    name : str
        File name, such as ``words.toml``.

    Returns
    -------
    dict
        The parsed TOML.
    """
    return tomllib.loads(files("fraudguard.wording").joinpath(name).read_text("utf-8"))
