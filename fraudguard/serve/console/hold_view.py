"""A hold of money as a page shows it, with what the customer is told."""

from dataclasses import dataclass

from fraudguard.column import from_ms, to_ms
from fraudguard.serve.console.queue_rows import Clock, clock_until
from fraudguard.serve.console.show import local_time
from fraudguard.serve.holds import REASONS, HoldAct, HoldState, expires_at, notice_of, state_of
from fraudguard.serve.store.holds import HoldRow

__all__ = ["HoldView", "hold_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldView:
    """One hold."""

    assessment_id: str
    transfer_id: str
    state: str
    until: str
    clock: Clock | None
    notice: str
    release_reasons: tuple[str, ...]
    extend_reasons: tuple[str, ...]


def hold_view(hold: HoldRow, *, now_ms: int, lang: str) -> HoldView:
    """Return what a page shows of a hold.

    Parameters
    ----------
    hold : HoldRow
        From the store.
    now_ms : int
        The moment of the page.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    HoldView
        With its clock while it lasts.
    """
    state = state_of(hold, from_ms(now_ms))
    until_ms = to_ms(expires_at(hold))
    return HoldView(
        assessment_id=hold.assessment_id,
        transfer_id=hold.transfer_id,
        state=state.value,
        until=local_time(until_ms),
        clock=clock_until(until_ms, now_ms=now_ms, lang=lang) if state is HoldState.HELD else None,
        notice=notice_of(hold).text(lang),
        release_reasons=tuple(sorted(REASONS[HoldAct.RELEASE])),
        extend_reasons=tuple(sorted(REASONS[HoldAct.EXTEND])),
    )
