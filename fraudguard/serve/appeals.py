"""Appeals: whoever is held up may object, is answered within fifteen days, and is let go at once when right."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import ConflictError, ReusedIdError
from fraudguard.serve.holds import HoldAct, HoldReason, HoldService, HoldState, state_of
from fraudguard.serve.naming import new_id
from fraudguard.serve.store import Store
from fraudguard.serve.store.appeals import Appealed, AppealRow, EndRow

__all__ = ["ANSWERED_WITHIN", "OUTCOMES_IN", "AppealService", "AppealState", "Appellant", "appeal_state"]

ANSWERED_WITHIN: Final = timedelta(days=15)
"""Anti-Money Laundering Law (2024), Article 39; the Anti-Telecom and Online Fraud Law, Article 32, asks for an answer in time."""


class Appellant(StrEnum):
    """Who objects."""

    PAYER = "payer"
    PAYEE = "payee"


class AppealState(StrEnum):
    """How an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


OUTCOMES_IN: Final[Mapping[AppealState, frozenset[AppealState]]] = {
    AppealState.OPEN: frozenset({AppealState.UPHELD, AppealState.REJECTED}),
    AppealState.UPHELD: frozenset(),
    AppealState.REJECTED: frozenset(),
}
"""What may come of an appeal: it ends once."""


def appeal_state(appealed: Appealed) -> AppealState:
    """Return how an appeal stands."""
    return AppealState.OPEN if appealed.end is None else AppealState(appealed.end.outcome)


class AppealService:
    """Takes appeals and ends them; one that is upheld releases the hold in the same transaction."""

    def __init__(self, *, store: Store, holds: HoldService, clock: Clock) -> None:
        self._store = store
        self._holds = holds
        self._clock = clock

    def lodge(
        self, assessment_id: str, *, appellant: Appellant, grounds: str, author: str, appeal_id: str | None = None
    ) -> tuple[Appealed, bool]:
        """Return an appeal, and whether it had been lodged before.

        Raises
        ------
        ReusedIdError
            If its id was used with another content.
        ConflictError
            If another appeal against the same hold is open.
        """
        self._store.holds.get(assessment_id)
        row = self._row(assessment_id, appellant=appellant, grounds=grounds, author=author, appeal_id=appeal_id)
        known = self._store.appeals.find(row.appeal_id)
        if known is None:
            self._require_none_open(assessment_id)
            self._store.appeals.add(row)
            return self._store.appeals.get(row.appeal_id), False
        if _said(known.appeal) != _said(row):
            raise ReusedIdError(
                "this appeal_id was sent with another content; use a new id",
                "该 appeal_id 已带其他内容提交过；请用新编号",
            )
        return known, True

    def end(self, appeal_id: str, *, outcome: AppealState, note: str, author: str) -> Appealed:
        """Return an appeal that has ended; upheld, it releases the hold if that still lasts.

        Raises
        ------
        ConflictError
            If it had ended before.
        """
        known = self._store.appeals.get(appeal_id)
        if outcome not in OUTCOMES_IN[appeal_state(known)]:
            raise ConflictError(
                f"the appeal is {appeal_state(known)} and cannot become {outcome}",
                f"该申诉的状态为 {appeal_state(known)}，不能改为 {outcome}",
            )
        now = self._clock.now()
        row = EndRow(appeal_id=appeal_id, outcome=outcome.value, note=note, author=author, ended_at_ms=to_ms(now))
        release = self._holds.row(HoldAct.RELEASE, reason=HoldReason.APPEAL_UPHELD, author=author, note=appeal_id)
        assessment_id = known.appeal.assessment_id
        still = outcome is AppealState.UPHELD and self._is_held(assessment_id, now)
        self._store.appeals.end(
            row, assessment_id=assessment_id, release=release if still else None, check=self._holds.checked(release)
        )
        return self._store.appeals.get(appeal_id)

    def _is_held(self, assessment_id: str, at: datetime) -> bool:
        return state_of(self._store.holds.get(assessment_id), at) is HoldState.HELD

    def _require_none_open(self, assessment_id: str) -> None:
        if self._store.appeals.page(before=None, limit=1, is_open=True, assessment_id=assessment_id):
            raise ConflictError(
                "an appeal against this hold is open; wait until it is decided",
                "对该暂缓的申诉正在处理；请等待办结",
            )

    def _row(
        self, assessment_id: str, *, appellant: Appellant, grounds: str, author: str, appeal_id: str | None
    ) -> AppealRow:
        now = self._clock.now()
        return AppealRow(
            appeal_id=appeal_id or new_id("apl", now),
            assessment_id=assessment_id,
            appellant=appellant.value,
            grounds=grounds,
            author=author,
            received_at_ms=to_ms(now),
            due_at_ms=to_ms(now + ANSWERED_WITHIN),
        )


def _said(row: AppealRow) -> tuple[object, ...]:
    return (row.assessment_id, row.appellant, row.grounds)
