"""How much a key may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.serve.quota import Quota, Quotas, TooManyError


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s


def test_a_burst_is_taken_and_then_the_rate() -> None:
    """Three at once, then one each half second."""
    clock, quota = Hand(), Quota(rate_per_s=2, burst=3)
    quotas = Quotas(clock)
    for _ in range(3):
        quotas.take("k", quota)
    with pytest.raises(TooManyError, match="2 times a second, 3 at once; wait 1 s"):
        quotas.take("k", quota)
    clock.now_s = 0.5
    quotas.take("k", quota)
    with pytest.raises(TooManyError):
        quotas.take("k", quota)


def test_one_key_does_not_spend_what_is_anothers() -> None:
    """Each has a bucket of its own."""
    quotas, quota = Quotas(Hand()), Quota(rate_per_s=1, burst=1)
    quotas.take("one", quota)
    quotas.take("other", quota)
    with pytest.raises(TooManyError):
        quotas.take("one", quota)


@given(
    waits=st.lists(st.floats(0, 3), max_size=80),
    rate_per_s=st.integers(1, 20),
    burst=st.integers(1, 30),
)
def test_no_stretch_of_time_sees_more_than_burst_and_rate(waits: list[float], rate_per_s: int, burst: int) -> None:
    """Between any two moments at most the burst, and the rate times what lies between, are taken."""
    clock, quota = Hand(), Quota(rate_per_s=rate_per_s, burst=burst)
    quotas = Quotas(clock)
    taken: list[float] = []
    for wait_s in waits:
        clock.now_s += wait_s
        try:
            quotas.take("k", quota)
        except TooManyError:
            continue
        taken.append(clock.now_s)
    for first in range(len(taken)):
        for last in range(first, len(taken)):
            assert last - first + 1 <= burst + rate_per_s * (taken[last] - taken[first]) + 1e-6
