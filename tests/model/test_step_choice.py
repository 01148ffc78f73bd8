"""The choice of steps: what fits, what is best, what more officers do."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fraudguard.decision import Tier
from fraudguard.model.gains import LADDER
from fraudguard.model.step_choice import choose_cuts, cut_places, policy_at

CALL, VISIT = 16.0, 96.0
SCORES = st.sampled_from([0.0, 0.001, 0.1, 0.2, 0.5, 0.9, 1.0])


def windows(most: int) -> st.SearchStrategy[tuple[np.ndarray, np.ndarray]]:
    """Give scores, and the worth of each step on each transfer."""
    gains = st.integers(-20, 20).map(float)
    return st.integers(1, most).flatmap(
        lambda n: st.tuples(arrays(np.float64, n, elements=SCORES), arrays(np.float64, (5, n), elements=gains))
    )


def work_min(reached: tuple[int, ...]) -> float:
    """Return the minutes that cuts ask for."""
    return reached[1] * CALL + reached[3] * VISIT


def worth(score: np.ndarray, gain_fen: np.ndarray, reached: tuple[int, ...]) -> float:
    """Return what cuts are worth, transfer by transfer."""
    order = np.argsort(-score, kind="stable")
    ends = (*reached, 0)
    return sum(float(gain_fen[step, order[ends[step + 1] : ends[step]]].sum()) for step in range(5))


@given(window=windows(7), minutes=st.sampled_from([0.0, 20.0, 112.0, 130.0, 400.0, 10_000.0]))
def test_no_other_cuts_are_worth_more(window: tuple[np.ndarray, np.ndarray], minutes: float) -> None:
    """Of all cuts that fit, tried one by one, none is worth more than the chosen ones."""
    score, gain_fen = window

    chosen = choose_cuts(score, gain_fen, call_min=CALL, visit_min=VISIT, minutes=minutes)

    places = cut_places(np.sort(score)[::-1]).tolist()
    tried = [tuple(reversed(cuts)) for cuts in combinations_with_replacement(places, 5)]
    best = max(worth(score, gain_fen, cuts) for cuts in tried if work_min(cuts) <= minutes)
    assert work_min(chosen.reached) <= minutes
    assert chosen.worth_fen == pytest.approx(best)
    assert worth(score, gain_fen, chosen.reached) == pytest.approx(best)


@given(window=windows(60), minutes=st.floats(0, 5_000), more=st.floats(0, 5_000))
def test_more_officers_never_lower_the_worth(
    window: tuple[np.ndarray, np.ndarray], minutes: float, more: float
) -> None:
    """Whatever fits fits still with more minutes, so the best cannot be worse."""
    score, gain_fen = window

    fewer, further = (
        choose_cuts(score, gain_fen, call_min=CALL, visit_min=VISIT, minutes=m) for m in (minutes, minutes + more)
    )

    assert 0 <= fewer.worth_fen <= further.worth_fen


@given(window=windows(60), minutes=st.floats(0, 5_000))
def test_the_policy_reaches_what_was_chosen(window: tuple[np.ndarray, np.ndarray], minutes: float) -> None:
    """The thresholds cut the scores where the choice did, so that no tier has more alerts than can be worked."""
    score, gain_fen = window
    chosen = choose_cuts(score, gain_fen, call_min=CALL, visit_min=VISIT, minutes=minutes)

    policy = policy_at(score, chosen.reached)

    steps = [policy.step_at(value) for value in score.tolist()]
    reached = [sum(one.intervention.severity >= rung.intervention.severity for one in steps) for rung in LADDER]
    visited = sum(one.tier in {Tier.URGENT, Tier.HIGH} for one in steps)
    called = sum(one.tier is not None for one in steps)
    assert tuple(reached) == chosen.reached
    assert called * CALL + visited * VISIT <= minutes


def test_nothing_worthwhile_is_no_step() -> None:
    """Where every step costs more than it saves, all is allowed."""
    score = np.linspace(0.01, 0.9, 50)

    chosen = choose_cuts(score, np.full((5, 50), -1.0), call_min=CALL, visit_min=VISIT, minutes=1e9)

    assert chosen.reached == (0, 0, 0, 0, 0)
    assert policy_at(score, chosen.reached).steps == ()


def test_many_scores_are_thinned_far_from_the_top() -> None:
    """Each of the first 500 cuts stands, and the last one; between them few are left out in a row."""
    places = cut_places(np.linspace(1.0, 0.001, 100_000))

    assert places[:500].tolist() == list(range(500))
    assert places[-1] == 100_000
    assert len(places) <= 1_200
    assert (np.diff(places[500:]) / places[500:-1]).max() < 0.02


def test_equal_scores_are_not_cut_and_zero_is_no_step() -> None:
    """Ties stay together, and a score of 0 is on no step."""
    assert cut_places(np.array([0.9, 0.5, 0.5, 0.0])).tolist() == [0, 1, 3]
