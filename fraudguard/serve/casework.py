"""Work on cases: take one, hold it, do something about it, give it back.

A case is held for a while and no longer: whoever forgets one keeps nobody from it. Each change is one statement of the
database that names what the page knew, so two people never act on one case without one of them being told.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.errors import ConflictError, DataError
from fraudguard.serve.attempts import Attempt
from fraudguard.serve.officer import CurrentOfficer
from fraudguard.serve.pace import HOLD_S, PIN_S
from fraudguard.serve.rights import Act, Role, allowed
from fraudguard.serve.store import Store
from fraudguard.serve.store.case_rows import ActRow, CaseRow, Hold, StopRow
from fraudguard.serve.transitions import CaseState, Move, next_state

__all__ = ["MOST_AT_ONCE", "Assigned", "Casework", "ChangedError", "LimitError", "LostError", "Sent", "TakenError"]

MOST_HELD: Final = 3
MOST_AT_ONCE: Final = 50
_REASON_MAX: Final = 500


class TakenError(ConflictError):
    """Somebody else holds the case."""

    def __init__(self, case: CaseRow) -> None:
        super().__init__(f"{case.case_id} is held by {case.holder}", f"案件 {case.case_id} 正由 {case.holder} 处置")
        self.case = case


class LostError(ConflictError):
    """The officer's hold has run out, or somebody took the case over; nothing was recorded."""

    def __init__(self, case: CaseRow) -> None:
        super().__init__(
            "you hold this case no more; what you sent was not recorded",
            "您的处置权已经到期或被接管；提交的内容没有记录",
        )
        self.case = case


class ChangedError(ConflictError):
    """The case has changed since the page was loaded; nothing was recorded."""

    def __init__(self, case: CaseRow) -> None:
        super().__init__(
            "the case has changed since you loaded it; check it and send again", "案件已有更新；请核对后再提交"
        )
        self.case = case


class LimitError(ConflictError):
    """The officer holds as many cases as one may."""

    def __init__(self, held: Sequence[CaseRow]) -> None:
        super().__init__(
            f"you hold {len(held)} cases already; end one or give one back",
            f"您手上已有 {len(held)} 起案件；请先办结或退回一起",
        )
        self.held = held


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it came: of which page it was, and under which id.

    Parameters
    ----------
    hold : Hold
        Who held the case, by which token, in which version, when the page was made.
    form_id : str or None
        The same for a form that is sent twice.
    """

    hold: Hold
    form_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What became of one case of many.

    Parameters
    ----------
    case_id : str
        Which.
    is_done : bool
        Whether it was given to the officer named.
    holder : str
        Who holds it now; empty for nobody.
    """

    case_id: str
    is_done: bool
    holder: str


class Casework:
    """The desk's work.

    Parameters
    ----------
    store : Store
        Where cases are kept.
    clock : Clock
        The time.
    """

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._cases = store.cases
        self._clock = clock

    @property
    def now_ms(self) -> int:
        """The moment, in milliseconds since 1970."""
        return to_ms(self._clock.now())

    def gather(self) -> None:
        """Make cases of the alerts that came since the last time."""
        self._store.gathering.gather()

    def claim(self, officer: CurrentOfficer, case_id: str) -> CaseRow:
        """Give a case to an officer.

        Raises
        ------
        TakenError
            If somebody else holds it.
        LimitError
            If the officer holds as many as one may.
        """
        officer.require(Act.CLAIM)
        self._require_room(officer.name, but=case_id)
        case = self._cases.get(case_id)
        next_state(CaseState(case.state), Move.CLAIM)
        act = self.act(case_id, officer.name, Move.CLAIM)
        if not self._cases.claim(case_id, officer.name, act=act, token=_token(), until_ms=self.now_ms + 1000 * HOLD_S):
            raise TakenError(self._cases.get(case_id))
        return self._cases.get(case_id)

    def claim_next(self, officer: CurrentOfficer) -> CaseRow | None:
        """Give an officer the case that comes first; an urgent one already in hand comes before all.

        Returns
        -------
        CaseRow or None
            None when nothing waits.

        Raises
        ------
        LimitError
            If the officer holds as many as one may.
        """
        officer.require(Act.CLAIM)
        self.gather()
        held = self._cases.held_by(officer.name, now_ms=self.now_ms)
        if held and held[0].tier_rank == 0:
            return held[0]
        self._require_room(officer.name)
        act = self.act("", officer.name, Move.CLAIM)
        case_id = self._cases.claim_next(act=act, token=_token(), until_ms=self.now_ms + 1000 * HOLD_S)
        return None if case_id is None else self._cases.get(case_id)

    def give_back(self, officer: CurrentOfficer, case_id: str, sent: Sent) -> None:
        """Let go of a case; raises LostError if it is held no more, and ChangedError if it is another by now."""
        free = {"holder": None, "held_until_ms": 0, "hold_token": ""}
        self.do(officer, self.act(case_id, officer.name, Move.GIVE_BACK, sent=sent), sent=sent, values=free)

    def take_over(self, officer: CurrentOfficer, case_id: str, reason: str) -> None:
        """Take a case from who holds it, for a reason that its log keeps.

        Raises
        ------
        DataError
            If there is no reason.
        """
        officer.require(Act.TAKE_OVER)
        case = self._cases.get(case_id)
        next_state(CaseState(case.state), Move.TAKE_OVER)
        if not 0 < len(reason.strip()) <= _REASON_MAX:
            raise DataError("write why you take it over, in up to 500 characters", "请写明接管理由，不超过 500 字")
        act = self.act(case_id, officer.name, Move.TAKE_OVER, before=case.holder or "", reason=reason.strip())
        self._cases.seize(case_id, act=act, token=_token(), until_ms=self.now_ms + 1000 * HOLD_S)

    def assign(self, officer: CurrentOfficer, case_ids: Sequence[str], to: str) -> Sequence[Assigned]:
        """Give several cases to an officer, those that nobody holds.

        Raises
        ------
        DataError
            If there are none, too many, or nobody of that name may work cases.
        """
        officer.require(Act.ASSIGN)
        if not 0 < len(case_ids) <= MOST_AT_ONCE:
            raise DataError(f"choose 1 to {MOST_AT_ONCE} cases", f"请选择 1 到 {MOST_AT_ONCE} 起案件")
        found = self._store.officers.find(to)
        if found is None or found.disabled or not allowed(Role(found.role), Act.CLAIM):
            raise DataError("choose an officer who works cases", "请选择可以处置案件的人员")
        return [self._assign_one(officer, case_id, to) for case_id in dict.fromkeys(case_ids)]

    def require_kept(self, officer: CurrentOfficer, case_id: str, sent: Sent, *, is_speaking: bool) -> None:
        """Hold a case for longer, much longer while speaking to the payer.

        Raises
        ------
        LostError
            If it is held no more.
        """
        officer.require(Act.CLAIM)
        until_ms = self.now_ms + 1000 * (PIN_S if is_speaking else HOLD_S)
        if not self._cases.keep(case_id, sent.hold, now_ms=self.now_ms, until_ms=until_ms):
            raise LostError(self._cases.get(case_id))

    def require_holding(self, officer: CurrentOfficer, case_id: str, sent: Sent) -> None:
        """Go on only if a finding may be recorded now: an open case is held, as the page knew it.

        Raises
        ------
        LostError
            If it is held no more.
        ChangedError
            If it has changed since the page was made.
        """
        case = self._cases.get(case_id)
        step = next_state(CaseState(case.state), Move.FIND)
        if not step.needs_hold:
            return
        if not case.is_held(self.now_ms) or (case.holder, case.hold_token) != (officer.name, sent.hold.token):
            raise LostError(case)
        if case.version != sent.hold.version:
            raise ChangedError(case)

    def close(self, officer: CurrentOfficer, case_id: str, sent: Sent, *, finding: str) -> None:
        """End a case whose transfers have their finding by now."""
        case = self._cases.get(case_id)
        ended = {"closed_at_ms": case.closed_at_ms or self.now_ms, "holder": None, "held_until_ms": 0}
        act = self.act(case_id, officer.name, Move.FIND, sent=sent, finding=finding)
        self.do(officer, act, sent=sent, values=ended)

    def note(self, officer: CurrentOfficer, case_id: str, sent: Sent, *, text: str) -> None:
        """Write a note into the log of a case.

        Raises
        ------
        DataError
            If there is no text, or too much.
        """
        if not 0 < len(text.strip()) <= _REASON_MAX:
            raise DataError("write a note of up to 500 characters", "请填写备注，不超过 500 字")
        self.do(officer, self.act(case_id, officer.name, Move.NOTE, sent=sent, note=text.strip()), sent=sent)

    def record_attempt(self, officer: CurrentOfficer, case_id: str, sent: Sent, *, attempt: Attempt) -> None:
        """Record an attempt to reach the payer; the first one stops the first clock."""
        case, now_ms = self._cases.get(case_id), self.now_ms
        wait_ms = None if attempt.wait_min is None else now_ms + 60_000 * attempt.wait_min
        values = {"first_act_at_ms": case.first_act_at_ms or now_ms, "waits_until_ms": wait_ms}
        act = self.act(case_id, officer.name, attempt.move, sent=sent, **attempt.detail())
        self.do(officer, act, sent=sent, values=values)

    def do(
        self,
        officer: CurrentOfficer,
        act: ActRow,
        *,
        sent: Sent | None,
        values: Mapping[str, Any] | None = None,
        stop: StopRow | None = None,
    ) -> None:
        """Make a move, if the officer may and the case still is as the page knew it.

        Raises
        ------
        LostError
            If the officer holds it no more.
        ChangedError
            If it has changed since.
        ConflictError
            If the move cannot be made in its state.
        """
        case = self._cases.get(act.case_id)
        step = next_state(CaseState(case.state), Move(act.move))
        if step.act is not None:
            officer.require(step.act)
        hold = sent.hold if sent is not None and step.needs_hold else None
        given = {"held_until_ms": max(case.held_until_ms, self.now_ms + 1000 * HOLD_S)} if step.needs_hold else {}
        changed = {**given, **(values or {}), "state": step.to.value}
        if not self._cases.do(act, changed, from_state=case.state, hold=hold, stop=stop):
            raise self._why_not(officer.name, act.case_id)

    def act(  # what a line of the log names
        self,
        case_id: str,
        officer: str,
        move: Move,
        *,
        sent: Sent | None = None,
        form_id: str | None = None,
        **detail: object,
    ) -> ActRow:
        """Return a line of a case's log, not yet written."""
        form_id = form_id if sent is None else sent.form_id
        return ActRow(
            case_id=case_id, at_ms=self.now_ms, officer=officer, move=move.value, detail=detail, form_id=form_id
        )

    def _assign_one(self, officer: CurrentOfficer, case_id: str, to: str) -> Assigned:
        act = self.act(case_id, officer.name, Move.ASSIGN, to=to)
        is_done = self._cases.claim(case_id, to, act=act, token=_token(), until_ms=self.now_ms + 1000 * PIN_S)
        return Assigned(case_id=case_id, is_done=is_done, holder=self._cases.get(case_id).holder or "")

    def _require_room(self, name: str, *, but: str = "") -> None:
        held = self._cases.held_by(name, now_ms=self.now_ms)
        if len(held) >= MOST_HELD and but not in {case.case_id for case in held}:
            raise LimitError(held)

    def _why_not(self, name: str, case_id: str) -> ConflictError:
        case = self._cases.get(case_id)
        is_mine = case.is_held(self.now_ms) and case.holder == name
        return ChangedError(case) if is_mine else LostError(case)


def _token() -> str:
    return secrets.token_urlsafe(16)
