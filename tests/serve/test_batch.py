"""How a batch keeps company: it holds little when single requests come, and much when it is alone."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from fraudguard.serve.batch import BatchService, Line
from fraudguard.serve.fence import Fence
from fraudguard.serve.scoring import Ask, Reply
from tests.fakes import FakeClock, make_transfer


class Scoring:
    """Answers each request after some turns of the event loop, and may have a single request come with it."""

    def __init__(self, fence: Fence, *, others: bool) -> None:
        self._fence = fence
        self._others = others
        self.begun = 0

    async def assess(self, ask: Ask) -> Reply:
        """Return an answer."""
        self.begun += 1
        if self._others:
            with self._fence.entered():
                pass
        for _ in range(50):
            await asyncio.sleep(0)
        return Reply(assessment_id=ask.transfer.transfer_id, body=b"{}")


def most_held(*, others: bool) -> int:
    """Return how many transfers a batch of 2,000 holds at most while it waits for their records."""
    fence = Fence(in_flight_limit=10, lag_limit_s=0)
    scoring = Scoring(fence, others=others)
    unused: Any = None
    batches = BatchService(
        live=unused, scoring=scoring, judge=unused, clock=FakeClock(), fence=fence, at_once=1  # type: ignore[arg-type]
    )  # fmt: skip

    def lines() -> Iterator[Line]:
        for number in range(1, 2_001):
            yield Line(number, make_transfer(f"T{number}"))

    async def run() -> int:
        order: list[int] = []
        told = most = 0
        async for outcomes in batches.record(lines()):
            most = max(most, scoring.begun - told)
            told += len(outcomes)
            order.extend(outcome.line.number for outcome in outcomes)
        assert order == list(range(1, 2_001))
        return most

    return asyncio.run(run())


@pytest.mark.parametrize(("others", "least", "greatest"), [(True, 32, 64), (False, 240, 272)])
def test_a_batch_holds_little_beside_others(others: bool, least: int, greatest: int) -> None:  # noqa: FBT001  # a parameter of a test
    """What waits for its record stands before a single request's; alone, a batch fills whole commits."""
    assert least <= most_held(others=others) <= greatest
