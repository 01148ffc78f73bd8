"""One text in the two languages."""

from dataclasses import dataclass

__all__ = ["Bilingual"]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in Chinese and in English.

    Parameters
    ----------
    zh, en : str
        Neither may be empty.
    """

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """Return the text in `lang`, ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en
