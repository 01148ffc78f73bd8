"""Draft, sign, refuse, withdraw, and what the payee's bank answered."""

from typing import Any

from fraudguard.errors import ConflictError, DataError
from fraudguard.serve.casework import Casework, Sent
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.rights import Act
from fraudguard.serve.stops import MOST_STOPS, Feedback, Stop, StopLimitError, stop_in
from fraudguard.serve.store import Store
from fraudguard.serve.store.case_rows import StopRow
from fraudguard.serve.transitions import Move

__all__ = ["StopService"]

_REASON_MAX = 500


class StopService:
    """The way of a stop-payment request; each step is a line of its case's log.

    Parameters
    ----------
    store : Store
        Where cases are kept.
    work : Casework
        By which moves are made.
    """

    def __init__(self, *, store: Store, work: Casework) -> None:
        self._cases = store.cases
        self._work = work

    def draft(self, officer: CurrentOfficer, case_id: str, sent: Sent, *, facts: dict[str, Any]) -> None:
        """Draft a request from complete facts.

        Raises
        ------
        StopLimitError
            If the account was stopped twice already.
        """
        officer.require(Act.DRAFT_STOP)
        self._next(case_id)
        self._work.do(officer, self._work.act(case_id, officer.name, Move.DRAFT_STOP, sent=sent, **facts), sent=sent)

    def withdraw(self, officer: CurrentOfficer, case_id: str, sent: Sent) -> None:
        """Take a draft back before it is signed."""
        self._work.do(officer, self._work.act(case_id, officer.name, Move.WITHDRAW_STOP, sent=sent), sent=sent)

    def sign(self, officer: CurrentOfficer, case_id: str, form_id: str | None) -> None:
        """Sign a draft of somebody else; the 48 hours begin.

        Raises
        ------
        ConflictError
            If there is no draft, or it is one's own, or somebody else signs a stop of the account at the same moment.
        StopLimitError
            If the account was stopped twice already.
        """
        officer.require(Act.SIGN_STOP)
        stop = self._drafted(case_id)
        if stop.drafted_by == officer.name:
            raise ConflictError("nobody signs their own draft", "不能签发自己起草的止付")
        signed = self._next(case_id)
        act = self._work.act(case_id, officer.name, Move.SIGN_STOP, form_id=form_id, number=signed.number)
        self._work.do(officer, act, sent=None, stop=signed)

    def refuse(self, officer: CurrentOfficer, case_id: str, form_id: str | None, *, reason: str) -> None:
        """Send a draft back, with a reason.

        Raises
        ------
        DataError
            If there is no reason.
        """
        officer.require(Act.SIGN_STOP)
        if not 0 < len(reason.strip()) <= _REASON_MAX:
            raise DataError("write why, in up to 500 characters", "请写明理由，不超过 500 字")
        self._drafted(case_id)
        self._move(officer, case_id, Move.REFUSE_STOP, form_id=form_id, reason=reason.strip())

    def feed_back(
        self, officer: CurrentOfficer, case_id: str, sent: Sent, *, feedback: Feedback, stopped_fen: int | None
    ) -> None:
        """Record what the payee's bank answered.

        Raises
        ------
        DataError
            If money was stopped and no amount is named, or the other way round.
        """
        if (feedback is Feedback.STOPPED) != (stopped_fen is not None):
            raise DataError("name the amount that was stopped, and only then", "止付成功须填止付余额，其他结果不填")
        told: dict[str, Any] = {"feedback": feedback.value, "stopped_fen": stopped_fen}
        act = self._work.act(case_id, officer.name, Move.FEED_BACK, sent=sent, **told)
        self._work.do(officer, act, sent=sent)

    def _move(self, officer: CurrentOfficer, case_id: str, move: Move, *, form_id: str | None, **told: Any) -> None:  # noqa: ANN401  # what an act tells
        self._work.do(officer, self._work.act(case_id, officer.name, move, form_id=form_id, **told), sent=None)

    def _drafted(self, case_id: str) -> Stop:
        stop = stop_in(self._cases.acts(case_id))
        if stop is None or stop.signed_by is not None:
            raise ConflictError("there is no draft to sign", "没有待签的止付草稿")
        return stop

    def _next(self, case_id: str) -> StopRow:
        payee = self._cases.get(case_id).payee_account_id
        before = self._cases.stops_of(payee)
        if before >= MOST_STOPS:
            raise StopLimitError
        return StopRow(payee_account_id=payee, number=before + 1, case_id=case_id)
