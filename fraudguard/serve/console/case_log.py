"""The log of a case in words: when, who, what."""

from dataclasses import dataclass
from typing import Any, Final

from fraudguard.serve.console.show import local_time, yuan
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.store.case_rows import ActRow
from fraudguard.wording import word

__all__ = ["ActLine", "act_line"]

_KINDS: Final = {"raise": "system", "join": "system", "learn": "system", "attempt": "contact", "wait": "contact"}
_WORDS: Final = ("tier", "finding", "contact", "reached", "attitude", "hold_reason", "feedback")
_SAID: Final = {
    "amount_fen": marked("{value} 元"),
    "before": marked("原处置人 {value}"),
    "to": marked("分派给 {value}"),
    "wait_min": marked("{value} 分钟后再联系"),
    "number": marked("第 {value} 次"),
    "stopped_fen": marked("止付余额 {value} 元"),
    "script": marked("话术 {value}"),
}
_LEFT_OUT: Final = ("version", "answers", "payee_account_id", "payee_bank_code", "transfer_time_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """One line of the log."""

    at: str
    officer: str
    move: str
    told: str
    kind: str


def act_line(act: ActRow, lang: str) -> ActLine:
    """Return the line of an act.

    Parameters
    ----------
    act : ActRow
        From the store.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    ActLine
        What was typed stands as it was typed; all else in the reader's language.
    """
    return ActLine(
        at=local_time(act.at_ms),
        officer=act.officer or gettext(lang, marked("系统")),
        move=word("move", act.move, lang),
        told=" · ".join(part for name, value in act.detail.items() if (part := _told(name, value, lang))),
        kind=_KINDS.get(act.move, "work"),
    )


def _told(name: str, value: Any, lang: str) -> str:  # noqa: ANN401  # what an act tells
    if value is None or value == "" or name in _LEFT_OUT:
        return ""
    if name == "done":
        return "、".join(word("done", one, lang) for one in value)
    if name in _WORDS:
        return word(name, value, lang)
    if name in _SAID:
        return gettext(lang, _SAID[name]).format(value=yuan(value) if name.endswith("_fen") else value)
    return str(value)
