"""Words that people read, in Chinese and English; no such text stands in code elsewhere."""

from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.reasons import choice_text, quantity_text, reason_text
from fraudguard.wording.words import word, words_of

__all__ = ["Bilingual", "choice_text", "quantity_text", "reason_text", "word", "words_of"]
