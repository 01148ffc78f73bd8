"""Holds: how long money stays, who let it go, who kept it longer, and what the customer is told.

A hold is a recommendation that the bank carries out. What can be done in which state is one table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from fraudguard.clock import Clock
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import ConflictError, DataError, ReusedIdError
from fraudguard.serve.naming import new_id
from fraudguard.serve.store import Store
from fraudguard.serve.store.holds import ActRow, HoldRow
from fraudguard.serve.store.rows import decode_reasons
from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.words import read_wording

__all__ = [
    "ACTS_IN",
    "REASONS",
    "HoldAct",
    "HoldLimits",
    "HoldReason",
    "HoldService",
    "HoldState",
    "expires_at",
    "notice_of",
    "state_of",
]


class HoldState(StrEnum):
    """How a hold stands."""

    HELD = "held"
    RELEASED = "released"
    EXPIRED = "expired"


class HoldAct(StrEnum):
    """What can be done with one."""

    RELEASE = "release"
    EXTEND = "extend"


class HoldReason(StrEnum):
    """Why it is done."""

    VERIFIED_WITH_PAYER = "verified_with_payer"
    VERIFIED_PAYEE = "verified_payee"
    INFORMED_PAYER_INSISTS = "informed_payer_insists"
    APPEAL_UPHELD = "appeal_upheld"
    BY_ORDER = "by_order"
    PAYER_UNREACHABLE = "payer_unreachable"
    VERIFICATION_PENDING = "verification_pending"
    VISIT_PENDING = "visit_pending"


ACTS_IN: Final[Mapping[HoldState, frozenset[HoldAct]]] = {
    HoldState.HELD: frozenset(HoldAct),
    HoldState.RELEASED: frozenset(),
    HoldState.EXPIRED: frozenset(),
}
"""What can be done in which state: money that went cannot be held, nor let go again."""

REASONS: Final[Mapping[HoldAct, frozenset[HoldReason]]] = {
    HoldAct.RELEASE: frozenset({
        HoldReason.VERIFIED_WITH_PAYER,
        HoldReason.VERIFIED_PAYEE,
        HoldReason.INFORMED_PAYER_INSISTS,
        HoldReason.APPEAL_UPHELD,
        HoldReason.BY_ORDER,
    }),
    HoldAct.EXTEND: frozenset({
        HoldReason.PAYER_UNREACHABLE,
        HoldReason.VERIFICATION_PENDING,
        HoldReason.VISIT_PENDING,
        HoldReason.BY_ORDER,
    }),
}
"""Which reasons an act takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """How long money may be held in all.

    Parameters
    ----------
    extensions_max : int
        So many extensions of one hold.
    total_max_s : int
        So many seconds from the decision on.
    """

    extensions_max: int
    total_max_s: int


def expires_at(hold: HoldRow) -> datetime:
    """Return until when a hold lasts, with its extensions."""
    return from_ms(hold.decided_at_ms) + timedelta(seconds=_total_s(hold))


def state_of(hold: HoldRow, at: datetime) -> HoldState:
    """Return how a hold stands at a moment."""
    if any(act.act == HoldAct.RELEASE for act in hold.acts):
        return HoldState.RELEASED
    return HoldState.HELD if at < expires_at(hold) else HoldState.EXPIRED


def notice_of(hold: HoldRow) -> Bilingual:
    """Return what the customer is told: why the money is held, what they can do, and which papers they need."""
    words = {name: Bilingual(**both) for name, both in read_wording("notice.toml").items()}
    reasons = decode_reasons(hold.reasons)
    until = expires_at(hold).isoformat(timespec="minutes")
    told = {}
    for lang in ("zh", "en"):
        first = getattr(reasons[0], f"text_{lang}") if reasons else words["no_reason"].text(lang)
        held = words["held"].text(lang).format(until=until, reason=first)
        told[lang] = "\n".join([held, words["remedy"].text(lang), words["papers"].text(lang)])
    return Bilingual(**told)


class HoldService:
    """Releases and extends; each act is a row of its own, and done once."""

    def __init__(self, *, store: Store, clock: Clock, limits: HoldLimits) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits

    def act(  # noqa: PLR0913  # what an act says, each by name
        self,
        assessment_id: str,
        *,
        act: HoldAct,
        reason: HoldReason,
        author: str,
        act_id: str | None = None,
        hold_s: int | None = None,
        note: str | None = None,
    ) -> tuple[HoldRow, bool]:
        """Return a hold after an act, and whether it had been done before.

        Raises
        ------
        DataError
            If the act does not take this reason.
        ReusedIdError
            If the act's id was used with another content.
        ConflictError
            If the hold is in no state for it, or would last too long.
        """
        row = self.row(act, reason=reason, author=author, act_id=act_id, hold_s=hold_s, note=note)
        known = self._store.holds.find_act(row.act_id)
        if known is None:
            return self._store.holds.act(assessment_id, row, self.checked(row)), False
        if (known[0], _said(known[1])) != (assessment_id, _said(row)):
            raise ReusedIdError(
                "this act_id was sent with another content; use a new id", "该 act_id 已带其他内容提交过；请用新编号"
            )
        return self._store.holds.get(assessment_id), True

    def row(  # what an act says, each by name
        self,
        act: HoldAct,
        *,
        reason: HoldReason,
        author: str,
        act_id: str | None = None,
        hold_s: int | None = None,
        note: str | None = None,
    ) -> ActRow:
        """Return the row of an act.

        Raises
        ------
        DataError
            If the act does not take this reason.
        """
        if reason not in REASONS[act]:
            known = ", ".join(sorted(REASONS[act]))
            raise DataError(f"to {act} a hold takes the reasons {known}", f"{act} 可用的原因：{known}")
        now = self._clock.now()
        return ActRow(
            act_id=act_id or new_id("act", now),
            act=act.value,
            hold_s=hold_s,
            reason_code=reason.value,
            note=note,
            author=author,
            at_ms=to_ms(now),
        )

    def checked(self, row: ActRow) -> "_Checked":
        """Return the check that a hold must pass for an act."""
        return _Checked(row, self._limits)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Goes on only if a hold is in a state for an act."""

    row: ActRow
    limits: HoldLimits

    def __call__(self, hold: HoldRow) -> None:
        state = state_of(hold, from_ms(self.row.at_ms))
        if HoldAct(self.row.act) not in ACTS_IN[state]:
            raise ConflictError(
                f"the hold is {state} and cannot be changed any more", f"该暂缓的状态为 {state}，不能再处理"
            )
        if self.row.hold_s is not None:
            self._require_room(hold, self.row.hold_s)

    def _require_room(self, hold: HoldRow, hold_s: int) -> None:
        if len(hold.acts) >= self.limits.extensions_max:
            raise ConflictError(
                f"the hold was extended {len(hold.acts)} times already, and no more than {self.limits.extensions_max} are allowed",
                f"该暂缓已延长 {len(hold.acts)} 次，至多 {self.limits.extensions_max} 次",
            )
        left_s = self.limits.total_max_s - _total_s(hold)
        if hold_s > left_s:
            raise ConflictError(
                f"the hold may last {max(left_s, 0)} seconds more, {self.limits.total_max_s} in all",
                f"该暂缓至多还可延长 {max(left_s, 0)} 秒，合计不超过 {self.limits.total_max_s} 秒",
            )


def _total_s(hold: HoldRow) -> int:
    return hold.hold_s + sum(act.hold_s or 0 for act in hold.acts)


def _said(row: ActRow) -> tuple[object, ...]:
    return (row.act, row.hold_s, row.reason_code, row.note)
