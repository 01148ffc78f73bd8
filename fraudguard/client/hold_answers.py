"""What the service answers about lists, holds and appeals, as typed values."""

from datetime import datetime

import msgspec

from fraudguard.client.answers import Text

__all__ = [
    "Appeal",
    "AppealEnd",
    "AppealPage",
    "HoldActOut",
    "HoldDetail",
    "HoldPage",
    "ListEntry",
    "ListPage",
    "Revocation",
]


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """Why an entry counts no longer, who said so, and when."""

    note: str
    author: str
    revoked_at: datetime


class ListEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An account on a list: why, until when, and whether it counts now."""

    entry_id: str
    kind: str
    account_id: str
    payer_account_id: str | None
    reason_code: str
    note: str | None
    evidence: str | None
    author: str
    created_at: datetime
    expires_at: datetime
    in_force: bool
    revocation: Revocation | None


class HoldActOut(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with a hold: by whom, when and why."""

    act_id: str
    act: str
    hold_s: int | None
    reason_code: str
    note: str | None
    author: str
    at: datetime


class HoldDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Money that is or was held, and the notice that the customer is owed."""

    assessment_id: str
    transfer_id: str
    intervention: str
    state: str
    held_from: datetime
    expires_at: datetime
    acts: tuple[HoldActOut, ...]
    notice: Text


class AppealEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How an appeal ended."""

    note: str
    author: str
    ended_at: datetime


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """An objection to a hold, and until when it is to be answered."""

    appeal_id: str
    assessment_id: str
    appellant: str
    grounds: str
    author: str
    state: str
    received_at: datetime
    due_at: datetime
    is_overdue: bool
    end: AppealEnd | None


class ListPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries, and where the next ones begin."""

    data: tuple[ListEntry, ...]
    has_more: bool
    next_cursor: str | None


class HoldPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some holds, and where the next ones begin."""

    data: tuple[HoldDetail, ...]
    has_more: bool
    next_cursor: str | None


class AppealPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some appeals, and where the next ones begin."""

    data: tuple[Appeal, ...]
    has_more: bool
    next_cursor: str | None
