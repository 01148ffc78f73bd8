"""What the store keeps of a case, as plain values."""

from typing import Any

import msgspec

__all__ = ["ActRow", "CaseFilter", "CaseLine", "CaseRow", "DeskCounts", "Hold", "StopRow"]


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``case_``."""

    case_id: str
    payer_account_id: str
    payee_account_id: str
    lead_seq: int
    tier: str
    tier_rank: int
    score: float
    amount_fen: int
    channel: str | None
    opened_at_ms: int
    last_alert_at_ms: int
    drains_from_ms: int
    first_due_ms: int
    close_due_ms: int
    state: str
    waits_until_ms: int | None = None
    first_act_at_ms: int | None = None
    closed_at_ms: int | None = None
    holder: str | None = None
    held_until_ms: int = 0
    hold_token: str = ""
    version: int = 1

    def is_held(self, now_ms: int) -> bool:
        """Return whether somebody holds it now."""
        return self.holder is not None and self.held_until_ms > now_ms


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the queue, with the first reason of its gravest alert."""

    case: CaseRow
    reasons: str


class ActRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``case_act``; `form_id` makes a form that is sent twice one act."""

    case_id: str
    at_ms: int
    officer: str
    move: str
    detail: dict[str, Any] = {}
    form_id: str | None = None


class StopRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``stop_sign``: which stop of a payee's account was signed, in which case."""

    payee_account_id: str
    number: int
    case_id: str


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """What a page knew when its form was sent: who held the case, by which token, in which version."""

    officer: str
    token: str
    version: int


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases a page of the queue shows."""

    state: str = ""
    tier: str = ""
    holder: str = ""
    channel: str = ""
    least_fen: int = 0
    text: str = ""


class DeskCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How much work there is."""

    unclaimed: int
    overdue: int
    mine: int
    closed_today: int
    savable_fen: int
