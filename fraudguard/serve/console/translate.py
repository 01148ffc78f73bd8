"""Page text: written in Chinese, with an English catalog beside it."""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

__all__ = ["CATALOG_PATH", "LANGUAGES", "gettext", "marked"]

LANGUAGES: Final = ("zh", "en")
CATALOG_PATH: Final = Path(__file__).parent / "locale" / "en.po"


def gettext(lang: str, message: str) -> str:
    """Return a text of a page in a language.

    Parameters
    ----------
    lang : {"zh", "en"}
        The reader's.
    message : str
        The Chinese text, which is also its key.

    Returns
    -------
    str
        The Chinese text itself when there is no English.
    """
    return _english().get(message, message) if lang == "en" else message


def marked(message: str) -> str:
    """Return a text as it is; marks it for the catalog where it is written in Python."""
    return message


@cache
def _english() -> dict[str, str]:
    with CATALOG_PATH.open("rb") as file:
        catalog = read_po(file, locale="en")
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}
