"""The circuit breaker: whatever a model says, so much and no more is held up."""

from datetime import datetime, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from fraudguard.decision import Decision, Intervention, Tier, Versions
from fraudguard.serve.breaker import TRIPPED, Breaker, Held
from tests.fakes import START, make_transfer

HOLDING: Final = [Intervention.DELAY_SETTLEMENT, Intervention.SUSPEND_SERVICE]


def decision(
    *,
    after_s: float = 0.0,
    amount_fen: int = 100,
    intervention: Intervention = Intervention.DELAY_SETTLEMENT,
) -> Decision:
    """Return a decision, urgent and with a hold when it holds money."""
    return Decision(
        transfer=make_transfer("T1", amount_fen=amount_fen),
        score=0.95,
        intervention=intervention,
        tier=Tier.URGENT,
        hold_s=7200 if intervention.holds_money else None,
        reasons=(),
        versions=Versions(model="m", features="f", policy="p"),
        decided_at=START + timedelta(seconds=after_s),
    )


def test_the_hold_above_the_cap_is_verified_instead() -> None:
    """It keeps its tier, so that officers see it, and says why it is weaker."""
    breaker = Breaker(holds_per_minute=2, delayed_fen_per_hour=0)

    passed = [breaker.pass_on(decision(after_s=second)) for second in range(3)]

    assert [one.intervention for one in passed[:2]] == [Intervention.DELAY_SETTLEMENT] * 2
    assert passed[2].intervention is Intervention.VERIFY_TRANSACTION
    assert (passed[2].hold_s, passed[2].tier, passed[2].degraded_reasons) == (None, Tier.URGENT, (TRIPPED,))
    assert breaker.is_open


def test_it_closes_by_itself_when_the_minute_is_over() -> None:
    """Nobody has to reset it; 60 seconds after the first of two holds there is room for one."""
    breaker = Breaker(holds_per_minute=2, delayed_fen_per_hour=0)
    for second in range(2):
        breaker.pass_on(decision(after_s=second))

    assert breaker.is_open_at(START + timedelta(seconds=59.999))
    assert not breaker.is_open_at(START + timedelta(seconds=60))
    assert breaker.pass_on(decision(after_s=60)).degraded_reasons == ()
    assert breaker.pass_on(decision(after_s=60)).degraded_reasons == (TRIPPED,)


def test_money_is_capped_by_the_hour() -> None:
    """The transfer that reaches the sum is still held, the next is not, until an hour has passed."""
    breaker = Breaker(holds_per_minute=0, delayed_fen_per_hour=1_000)

    first = breaker.pass_on(decision(amount_fen=5_000))
    second = breaker.pass_on(decision(after_s=3_599, amount_fen=1))
    third = breaker.pass_on(decision(after_s=3_600, amount_fen=1))

    assert [one.intervention.holds_money for one in (first, second, third)] == [True, False, True]


def test_what_holds_no_money_is_never_weakened() -> None:
    """Verifying costs nobody hours, and an open breaker lets it pass as it is."""
    breaker = Breaker(holds_per_minute=1, delayed_fen_per_hour=1)
    breaker.pass_on(decision())

    for intervention in set(Intervention) - set(HOLDING):
        asked = decision(intervention=intervention)
        assert breaker.pass_on(asked) is asked


def test_zero_switches_it_off() -> None:
    """Any number may be held."""
    breaker = Breaker(holds_per_minute=0, delayed_fen_per_hour=0)

    assert not any(breaker.pass_on(decision(amount_fen=10**9)).degraded_reasons for _ in range(1_000))


def test_a_restart_is_no_way_around_it() -> None:
    """What was held before counts, as far as it is not too old."""
    breaker = Breaker(holds_per_minute=0, delayed_fen_per_hour=1_000)
    at_ms = int(START.timestamp() * 1_000)
    breaker.recall([Held(at_ms - 3_600_000, 900), Held(at_ms - 1, 999)])

    assert not breaker.is_open_at(START)
    assert breaker.pass_on(decision(amount_fen=1)).degraded_reasons == ()
    assert breaker.is_open


def test_a_clock_that_steps_back_opens_nothing() -> None:
    """A decision dated before the last one counts at the last one's moment."""
    breaker = Breaker(holds_per_minute=1, delayed_fen_per_hour=0)
    breaker.pass_on(decision(after_s=100))

    assert breaker.pass_on(decision(after_s=0)).degraded_reasons == (TRIPPED,)
    assert breaker.is_open_at(START - timedelta(days=1))


def test_a_clock_that_was_set_back_does_not_keep_it_open() -> None:
    """A minute by that clock is a minute, though it shows an hour that was before; set right again, it is not a leap."""
    breaker = Breaker(holds_per_minute=1, delayed_fen_per_hour=0)
    breaker.pass_on(decision(after_s=7_200))
    back = [breaker.is_open_at(START + timedelta(seconds=second)) for second in (0, 59, 60)]
    breaker.pass_on(decision(after_s=61))
    right = [breaker.is_open_at(START + timedelta(seconds=7_200 + second)) for second in (61, 120, 121)]

    assert back == [True, True, False]
    assert right == [True, True, False]


def test_what_a_clock_dated_ahead_is_forgotten_in_its_hour() -> None:
    """After a restart with the clock set back, what was held before counts for an hour from then."""
    breaker = Breaker(holds_per_minute=0, delayed_fen_per_hour=100)
    ahead_ms = int((START + timedelta(days=30)).timestamp() * 1_000)
    breaker.recall([Held(ahead_ms, 100)])

    open_at = [breaker.is_open_at(START + timedelta(minutes=minute)) for minute in (0, 59, 60)]
    assert open_at == [True, True, False]


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 40), st.integers(1, 400), st.sampled_from(HOLDING)),
        max_size=60,
    ),
    holds=st.integers(1, 5),
    fen=st.integers(1, 1_000),
)
def test_no_minute_and_no_hour_holds_more_than_the_caps(
    steps: list[tuple[float, int, Intervention]], holds: int, fen: int
) -> None:
    """In any minute at most so many are held; in any hour less than the cap before the last one."""
    breaker = Breaker(holds_per_minute=holds, delayed_fen_per_hour=fen)
    held: list[tuple[datetime, int]] = []
    second = 0.0
    for wait_s, amount_fen, intervention in steps:
        second += wait_s
        passed = breaker.pass_on(decision(after_s=second, amount_fen=amount_fen, intervention=intervention))
        if passed.intervention.holds_money:
            held.append((passed.decided_at, amount_fen))
    for place, (at, _) in enumerate(held):
        before = held[:place]
        assert len([one for one, _ in before if at - one < timedelta(seconds=59.99)]) < holds
        assert sum(amount for one, amount in before if at - one < timedelta(seconds=3_599.99)) < fen


@given(
    waits_s=st.lists(st.integers(0, 40), max_size=60),
    back_s=st.integers(61, 100_000),
    set_back_at=st.integers(0, 60),
    holds=st.integers(1, 5),
)
def test_a_clock_set_back_once_changes_no_answer(waits_s: list[int], back_s: int, set_back_at: int, holds: int) -> None:
    """What is passed on is what would have been by a clock that was left alone, but for the pause in which it was set."""
    left_alone, set_back = (Breaker(holds_per_minute=holds, delayed_fen_per_hour=0) for _ in range(2))
    alone_s = back = 0
    for number, wait_s in enumerate(waits_s):
        if number == set_back_at:
            back = back_s + wait_s
        else:
            alone_s += wait_s
        seen_s = alone_s - back + (back - back_s if back else 0)
        assert left_alone.pass_on(decision(after_s=alone_s)).degraded_reasons == (
            set_back.pass_on(decision(after_s=seen_s)).degraded_reasons
        )
