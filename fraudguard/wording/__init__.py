"""Words that people read, in Chinese and English; no such text stands in code elsewhere."""

from typing import TYPE_CHECKING, Any, Final

from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.reasons import choice_text, quantity_text, reason_text
from fraudguard.wording.words import word, words_of

if TYPE_CHECKING:
    from fraudguard.wording.dissuasion import (
        CheckQuestion,
        DissuasionScript,
        dissuasion_scripts,
        load_scripts,
        script_for,
    )

__all__ = [
    "Bilingual",
    "CheckQuestion",
    "DissuasionScript",
    "choice_text",
    "dissuasion_scripts",
    "load_scripts",
    "quantity_text",
    "reason_text",
    "script_for",
    "word",
    "words_of",
]

_OF_DISSUASION: Final = {"CheckQuestion", "DissuasionScript", "dissuasion_scripts", "load_scripts", "script_for"}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # a module's names have many types
    """Load the scripts' names when they are asked for: every room reads words, few need a YAML reader.

    Raises
    ------
    AttributeError
        If the room has no such name.
    """
    if name not in _OF_DISSUASION:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fraudguard.wording import dissuasion  # noqa: PLC0415  # lazy on purpose

    return getattr(dissuasion, name)
