"""Which case comes first, as expressions of the database: the queue and "claim the next" order by the same."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Float, case, cast, or_

from fraudguard.serve.pace import DRAIN, GONE
from fraudguard.serve.store.case_rows import CaseFilter
from fraudguard.serve.store.case_tables import case_
from fraudguard.serve.transitions import CaseState

__all__ = ["is_claimable", "is_free", "is_open", "is_overdue", "matches", "rank", "savable"]

_NEAR: Final = 5
"""A case in the last fifth of its time comes first in its tier."""


def is_open() -> ColumnElement[bool]:
    """Return the condition that work waits."""
    return case_.c.state != CaseState.CLOSED.value


def is_free(now_ms: int) -> ColumnElement[bool]:
    """Return the condition that nobody holds it."""
    return or_(case_.c.holder.is_(None), case_.c.held_until_ms <= now_ms)


def is_claimable(now_ms: int) -> ColumnElement[bool]:
    """Return the condition that "claim the next" may give it to somebody."""
    waits = (case_.c.state == CaseState.WAITING.value) & (case_.c.waits_until_ms > now_ms)
    signing = case_.c.state.in_((CaseState.STOP_DRAFTED.value, CaseState.STOPPED.value))
    return is_open() & is_free(now_ms) & ~waits & ~signing


def is_overdue(now_ms: int) -> ColumnElement[bool]:
    """Return the condition that one of its two clocks has run out."""
    first = case_.c.first_act_at_ms.is_(None) & (case_.c.first_due_ms <= now_ms)
    return is_open() & or_(first, case_.c.close_due_ms <= now_ms)


def savable(now_ms: int) -> ColumnElement[float]:
    """Return the money that can still be saved, in fen: the chance that it is needed, the amount, what is left of it."""
    past = now_ms - case_.c.drains_from_ms
    left = case(*((past < until_ms, share) for until_ms, share in DRAIN), else_=GONE)
    return cast(case_.c.score * case_.c.amount_fen * left, Float)


def rank(now_ms: int) -> tuple[ColumnElement[Any], ...]:
    """Return what to order by: tier, then what is nearly late, then savable money."""
    allotted = case_.c.first_due_ms - case_.c.last_alert_at_ms
    is_near = case_.c.first_act_at_ms.is_(None) & (_NEAR * (case_.c.first_due_ms - now_ms) < allotted)
    return case_.c.tier_rank, case((is_near, 0), else_=1), savable(now_ms).desc(), case_.c.case_id


def matches(wanted: CaseFilter, now_ms: int) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter."""
    conditions = [_in_state(wanted.state, now_ms)]
    equal = ((case_.c.tier, wanted.tier), (case_.c.holder, wanted.holder), (case_.c.channel, wanted.channel))
    conditions += [column == value for column, value in equal if value]
    if wanted.holder:
        conditions.append(case_.c.held_until_ms > now_ms)
    if wanted.least_fen:
        conditions.append(case_.c.amount_fen >= wanted.least_fen)
    if wanted.text:
        columns = (case_.c.case_id, case_.c.payer_account_id, case_.c.payee_account_id)
        conditions.append(or_(*(column.contains(wanted.text, autoescape=True) for column in columns)))
    return conditions


def _in_state(state: str, now_ms: int) -> ColumnElement[bool]:
    if state == "unclaimed":
        return is_claimable(now_ms)
    if state == "overdue":
        return is_overdue(now_ms)
    if state == "closed":
        return ~is_open()
    if state in set(CaseState):
        return case_.c.state == state
    return is_open()
