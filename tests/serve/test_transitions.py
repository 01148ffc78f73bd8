"""The life of a case: what leads where, and that nothing leads anywhere else."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import ConflictError
from fraudguard.serve.rights import Role, allowed
from fraudguard.serve.transitions import ENDED, TRANSITIONS, CaseState, Move, moves_for, next_state

MOVES = st.lists(st.sampled_from(list(Move)), max_size=30)


def walk(moves: list[Move]) -> list[CaseState]:
    """Return the states a case goes through; moves that cannot be made are refused and change nothing."""
    states = [CaseState.NEW]
    for move in moves:
        try:
            states.append(next_state(states[-1], move).to)
        except ConflictError:
            states.append(states[-1])
    return states


@given(MOVES)
def test_an_ended_case_stays_ended(moves: list[Move]) -> None:
    """Once a finding has ended a case, no work brings it back into the queue."""
    states = walk([*moves, Move.FIND, *moves])

    assert set(states[len(moves) + 1 :]) == ENDED


@given(MOVES)
def test_nothing_is_stopped_that_was_not_drafted(moves: list[Move]) -> None:
    """Whatever is done in whatever order: before a case is stopped, a draft was signed."""
    states = walk(moves)
    before = {earlier for earlier, later in pairwise(states) if later is CaseState.STOPPED}

    assert before <= {CaseState.STOP_DRAFTED, CaseState.STOPPED}


def test_every_state_can_be_reached_and_left() -> None:
    """The table has no state that work cannot lead to, and none but the ended ones that it cannot leave."""
    reached = {step.to for steps in TRANSITIONS.values() for step in steps.values()} | {CaseState.NEW}
    left = {state for state, steps in TRANSITIONS.items() if any(step.to is not state for step in steps.values())}

    assert (set(TRANSITIONS), reached, left) == (set(CaseState), set(CaseState), set(CaseState) - ENDED)


@given(state=st.sampled_from(list(CaseState)), role=st.sampled_from(list(Role)), holds=st.booleans())
def test_buttons_are_what_routes_accept(state: CaseState, role: Role, *, holds: bool) -> None:
    """What a page offers is in the table, is the role's right, and needs a hold only from who has it."""
    for move in moves_for(state, role, holds=holds):
        step = next_state(state, move)

        assert step.act is not None
        assert allowed(role, step.act)
        assert holds or not step.needs_hold


@given(st.sampled_from(list(CaseState)))
def test_holding_never_takes_a_move_away(state: CaseState) -> None:
    """Who holds a case may do at least what they might do without."""
    assert all(moves_for(state, role, holds=False) <= moves_for(state, role, holds=True) for role in Role)
