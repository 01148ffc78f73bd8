"""Who is let in: as many as can be answered in time."""

import asyncio
from itertools import count

import pytest

from fraudguard.serve.fence import Fence, OverloadedError


def test_those_above_the_number_are_refused_at_once() -> None:
    """A place that is given back is taken by the next."""
    fence = Fence(in_flight_limit=2, lag_limit_s=0)
    with fence.entered():
        with fence.entered(), pytest.raises(OverloadedError, match="Retry-After"), fence.entered():
            pass
        assert fence.in_flight == 1
        with fence.entered():
            assert fence.in_flight == 2
    assert fence.in_flight == 0


def test_a_place_is_given_back_after_an_error() -> None:
    """A request that failed is not in flight."""
    fence = Fence(in_flight_limit=1, lag_limit_s=0)
    with pytest.raises(ZeroDivisionError), fence.entered():
        _ = 1 / 0

    assert fence.in_flight == 0


def late_fence(step_s: float) -> Fence:
    """Return a fence of 16 places whose loop's clock went on by so much at each look."""
    fence = Fence(in_flight_limit=16, lag_limit_s=0.05)

    async def main() -> None:
        watching = asyncio.create_task(fence.watch(count(step=step_s).__next__, look_s=0))
        for _ in range(5):
            await asyncio.sleep(0)
        watching.cancel()

    asyncio.run(main())
    return fence


def test_a_loop_that_is_late_lets_in_an_eighth() -> None:
    """The lag is measured against the loop's own clock; a hiccup with hardly anybody inside refuses nobody."""
    punctual, late = late_fence(0.04), late_fence(0.08)

    assert punctual.lag_s == pytest.approx(0.04)
    assert late.lag_s == pytest.approx(0.08)
    with punctual.entered(), punctual.entered(), punctual.entered():
        assert punctual.in_flight == 3
    with late.entered(), late.entered(), pytest.raises(OverloadedError), late.entered():
        pass
