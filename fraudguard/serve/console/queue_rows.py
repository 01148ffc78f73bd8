"""What the queue shows of a case: plain values, formatted and masked, and clocks that a script may go on with."""

from dataclasses import dataclass
from typing import Final

from fraudguard.column import from_ms
from fraudguard.serve.console.show import CHINA, masked, yuan
from fraudguard.serve.console.translate import gettext, marked
from fraudguard.serve.pace import savable_share
from fraudguard.serve.store.case_rows import CaseLine, CaseRow
from fraudguard.serve.store.rows import decode_reasons
from fraudguard.wording import word

__all__ = ["Clock", "QueueRow", "clock_of", "clock_until", "hold_clock", "queue_row", "savable_fen", "short_time"]

_HOUR_S: Final = 3_600
_DAY_S: Final = 86_400
_SOON_MS: Final = 120_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time left until a moment, as written when the page was made.

    Parameters
    ----------
    until_ms : int
        The moment; a script counts down to it.
    text : str
        What is left of it, or by how much it is past.
    kind : {"calm", "soon", "late", "done"}
        How it is shown, besides the word in the text.
    """

    until_ms: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue."""

    case_id: str
    tier: str
    tier_text: str
    score: str
    due: Clock
    hold: Clock | None
    savable: str
    formula: str
    amount: str
    payer: str
    payee: str
    channel: str
    reason: str
    state: str
    state_text: str
    holder: str
    is_mine: bool
    may_be_claimed: bool


def queue_row(line: CaseLine, *, now_ms: int, viewer: str, lang: str) -> QueueRow:
    """Return the line of a case.

    Parameters
    ----------
    line : CaseLine
        From the store.
    now_ms : int
        The moment of the page.
    viewer : str
        Who looks.
    lang : {"zh", "en"}
        Their language.

    Returns
    -------
    QueueRow
        Accounts masked, amounts in yuan, clocks in minutes.
    """
    case = line.case
    reasons = decode_reasons(line.reasons)
    first = reasons[0] if reasons else None
    is_held = case.is_held(now_ms)
    return QueueRow(
        case_id=case.case_id,
        tier=case.tier,
        tier_text=word("tier", case.tier, lang),
        score=f"{100 * case.score:.0f}%",
        due=clock_of(case, now_ms=now_ms, lang=lang),
        hold=hold_clock(case, now_ms=now_ms, lang=lang),
        savable=f"{savable_fen(case, now_ms) // 100:,}",
        formula=_formula(case, now_ms=now_ms, lang=lang),
        amount=f"{case.amount_fen // 100:,}",
        payer=masked(case.payer_account_id),
        payee=masked(case.payee_account_id),
        channel="" if case.channel is None else word("channel", case.channel, lang),
        reason="" if first is None else (first.text_zh if lang == "zh" else first.text_en),
        state=case.state,
        state_text=_state(case, lang),
        holder=(case.holder or "") if is_held else "",
        is_mine=is_held and case.holder == viewer,
        may_be_claimed=case.state != "closed" and not is_held,
    )


def savable_fen(case: CaseRow, now_ms: int) -> int:
    """Return the money that can still be saved, in fen, as the queue orders by."""
    return int(case.score * case.amount_fen * savable_share(now_ms - case.drains_from_ms))


def clock_of(case: CaseRow, *, now_ms: int, lang: str) -> Clock:
    """Return the clock that counts now: to the first contact, and after it to the end of the case."""
    if case.closed_at_ms is not None:
        return Clock(until_ms=0, text=short_time(case.closed_at_ms), kind="done")
    until_ms = case.first_due_ms if case.first_act_at_ms is None else case.close_due_ms
    return clock_until(until_ms, now_ms=now_ms, lang=lang)


def hold_clock(case: CaseRow, *, now_ms: int, lang: str) -> Clock | None:
    """Return the clock of the bank's hold; None when no money is held any more."""
    if case.drains_from_ms <= now_ms or case.closed_at_ms is not None:
        return None
    return clock_until(case.drains_from_ms, now_ms=now_ms, lang=lang)


def short_time(moment_ms: int) -> str:
    """Return a moment without its year, as the clock in China shows it."""
    return f"{from_ms(moment_ms).astimezone(CHINA):%m-%d %H:%M}"


def clock_until(until_ms: int, *, now_ms: int, lang: str) -> Clock:
    """Return a clock that runs until a moment."""
    left_ms = until_ms - now_ms
    kind = "late" if left_ms <= 0 else "soon" if left_ms < _SOON_MS else "calm"
    said = gettext(lang, marked("超时") if left_ms <= 0 else marked("剩"))
    return Clock(until_ms=until_ms, text=f"{said} {_length(abs(left_ms) // 1000)}", kind=kind)


def _length(seconds: int) -> str:
    if seconds >= 2 * _DAY_S:
        return f"{seconds // _DAY_S} d"
    if seconds >= _HOUR_S:
        return f"{seconds // _HOUR_S}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{seconds // 60}:{seconds % 60:02}"


def _formula(case: CaseRow, *, now_ms: int, lang: str) -> str:
    past_min = max(0, now_ms - case.drains_from_ms) // 60_000
    share = savable_share(now_ms - case.drains_from_ms)
    left = (
        gettext(lang, marked("尚在延迟中"))
        if case.drains_from_ms > now_ms
        else gettext(lang, marked("可转出后 {n} 分钟"))
    )
    return f"{100 * case.score:.0f}% × {yuan(case.amount_fen)} × {share:.2f} ({left.format(n=past_min)})"


def _state(case: CaseRow, lang: str) -> str:
    text = word("case_state", case.state, lang)
    if case.state == "waiting" and case.waits_until_ms is not None:
        return f"{text} {from_ms(case.waits_until_ms).astimezone(CHINA):%H:%M}"
    return text
