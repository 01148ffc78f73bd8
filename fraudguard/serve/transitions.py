"""The life of a case as data: which move leads from which state to which, and what right it needs.

Buttons, checks, the page of the manual and a property test are all made from `TRANSITIONS`. Who holds a case is
not a state: a case is held for a while and then not, whatever state it is in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fraudguard.errors import ConflictError
from fraudguard.serve.rights import Act, Role, allowed
from fraudguard.wording import word

__all__ = ["ENDED", "TRANSITIONS", "CaseState", "Move", "Step", "moves_for", "next_state"]


class CaseState(StrEnum):
    """Where the work on a case stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    STOP_DRAFTED = "stop_drafted"
    STOPPED = "stopped"
    CLOSED = "closed"


class Move(StrEnum):
    """One thing that is done to a case, as its log names it."""

    RAISE = "raise"
    JOIN = "join"
    CLAIM = "claim"
    GIVE_BACK = "give_back"
    TAKE_OVER = "take_over"
    ASSIGN = "assign"
    ATTEMPT = "attempt"
    NOTE = "note"
    WAIT = "wait"
    DRAFT_STOP = "draft_stop"
    WITHDRAW_STOP = "withdraw_stop"
    SIGN_STOP = "sign_stop"
    REFUSE_STOP = "refuse_stop"
    FEED_BACK = "feed_back"
    RELEASE_HOLD = "release_hold"
    EXTEND_HOLD = "extend_hold"
    FIND = "find"
    LEARN = "learn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a move does.

    Parameters
    ----------
    to : CaseState
        State after it.
    act : Act or None
        The right it needs; None for what the service does by itself.
    needs_hold : bool
        Whether only who holds the case may do it.
    """

    to: CaseState
    act: Act | None
    needs_hold: bool = True


def _held(to: CaseState, act: Act) -> Step:
    return Step(to=to, act=act)


def _free(to: CaseState, act: Act | None) -> Step:
    return Step(to=to, act=act, needs_hold=False)


def _work(state: CaseState) -> Mapping[Move, Step]:
    """Return what is done while a case is worked, from a state in which it is."""
    begun = CaseState.OPEN if state is CaseState.NEW else state
    return {
        Move.JOIN: _free(CaseState.OPEN if state is CaseState.WAITING else state, None),
        Move.LEARN: _free(CaseState.CLOSED, None),
        Move.CLAIM: _free(begun, Act.CLAIM),
        Move.GIVE_BACK: _held(begun, Act.CLAIM),
        Move.TAKE_OVER: _free(begun, Act.TAKE_OVER),
        Move.ASSIGN: _free(begun, Act.ASSIGN),
        Move.NOTE: _held(begun, Act.RECORD_ATTEMPT),
        Move.RELEASE_HOLD: _free(begun, Act.RELEASE),
        Move.EXTEND_HOLD: _free(begun, Act.RELEASE),
        Move.FIND: _held(CaseState.CLOSED, Act.RECORD_FINDING),
    }


def _spoken(state: CaseState) -> Mapping[Move, Step]:
    """Return what is done while somebody can still be spoken to."""
    return {
        **_work(state),
        Move.ATTEMPT: _held(CaseState.OPEN, Act.RECORD_ATTEMPT),
        Move.WAIT: _held(CaseState.WAITING, Act.RECORD_ATTEMPT),
        Move.DRAFT_STOP: _held(CaseState.STOP_DRAFTED, Act.DRAFT_STOP),
    }


TRANSITIONS: Final[Mapping[CaseState, Mapping[Move, Step]]] = {
    CaseState.NEW: _spoken(CaseState.NEW),
    CaseState.OPEN: _spoken(CaseState.OPEN),
    CaseState.WAITING: _spoken(CaseState.WAITING),
    CaseState.STOP_DRAFTED: {
        **_work(CaseState.STOP_DRAFTED),
        Move.ATTEMPT: _held(CaseState.STOP_DRAFTED, Act.RECORD_ATTEMPT),
        Move.WITHDRAW_STOP: _held(CaseState.OPEN, Act.DRAFT_STOP),
        Move.SIGN_STOP: _free(CaseState.STOPPED, Act.SIGN_STOP),
        Move.REFUSE_STOP: _free(CaseState.OPEN, Act.SIGN_STOP),
    },
    CaseState.STOPPED: {
        **_work(CaseState.STOPPED),
        Move.ATTEMPT: _held(CaseState.STOPPED, Act.RECORD_ATTEMPT),
        Move.FEED_BACK: _held(CaseState.OPEN, Act.DRAFT_STOP),
    },
    CaseState.CLOSED: {
        Move.FIND: _free(CaseState.CLOSED, Act.RECORD_FINDING),
        Move.LEARN: _free(CaseState.CLOSED, None),
    },
}
"""From a state, by a move, to what; a move that is not named cannot be made."""

ENDED: Final = frozenset({CaseState.CLOSED})
"""States in which no work waits."""


def next_state(state: CaseState, move: Move) -> Step:
    """Return what a move does in a state.

    Parameters
    ----------
    state : CaseState
        Where the case stands.
    move : Move
        What is to be done.

    Returns
    -------
    Step
        The state after it, and what it needs.

    Raises
    ------
    ConflictError
        If the move cannot be made in that state.

    Examples
    --------
    >>> next_state(CaseState.OPEN, Move.DRAFT_STOP).to
    <CaseState.STOP_DRAFTED: 'stop_drafted'>
    """
    step = TRANSITIONS[state].get(move)
    if step is None:
        en, zh = ((word("move", move, lang), word("case_state", state, lang)) for lang in ("en", "zh"))
        raise ConflictError(
            f"“{en[0]}” cannot be done while the case is “{en[1]}”; load it again",
            f"案件状态为“{zh[1]}”，不能“{zh[0]}”；请重新打开案件",
        )
    return step


def moves_for(state: CaseState, role: Role, *, holds: bool) -> frozenset[Move]:
    """Return what somebody may do to a case now.

    Parameters
    ----------
    state : CaseState
        Where the case stands.
    role : Role
        Theirs.
    holds : bool
        Whether they hold it.

    Returns
    -------
    frozenset of Move
        What a page offers, and a route accepts.
    """
    return frozenset(
        move
        for move, step in TRANSITIONS[state].items()
        if step.act is not None and allowed(role, step.act) and (holds or not step.needs_hold)
    )
