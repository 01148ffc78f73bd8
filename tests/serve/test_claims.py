"""Requests in flight."""

import asyncio

import pytest

from fraudguard.errors import NotReadyError
from fraudguard.serve.claims import Claim, Claims


async def nothing() -> None:
    """Start no work."""


def test_who_goes_away_takes_nothing_with_him() -> None:
    """One of two who wait for the same answer is cancelled, and the other gets it."""

    async def run() -> tuple[object, bool]:
        claims = Claims()
        claim = claims.take(("transfer:T1",), b"as sent")
        first = asyncio.create_task(claims.work(claim, nothing()))
        await asyncio.sleep(0)
        second = claims.wait(claim)
        first.cancel()
        await asyncio.sleep(0)
        claims.fulfil(claim, "the answer")
        return await second, first.cancelled()

    assert asyncio.run(run()) == ("the answer", True)


def test_work_that_fails_at_its_start_fails_for_all() -> None:
    """All who wait get the error, and the name is free again."""

    async def run() -> tuple[list[str], Claim | None]:
        claims = Claims()
        claim = claims.take(("transfer:T1", "key:K1"), b"as sent")
        second = claims.wait(claim)

        async def start() -> None:
            raise NotReadyError("not now", "稍后再试")

        told = await asyncio.gather(claims.work(claim, start()), second, return_exceptions=True)
        return [type(one).__name__ for one in told], claims.find("key:K1")

    assert asyncio.run(run()) == (["NotReadyError", "NotReadyError"], None)


def test_a_record_that_is_not_durable_is_no_answer() -> None:
    """Settling with a failed record fails the claim."""

    async def run() -> bool:
        claims = Claims()
        claim = claims.take(("transfer:T1",), b"as sent")
        waiting = claims.wait(claim)
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        durable.set_exception(NotReadyError("not stored", "未写入"))
        answered = claims.settle(claim, "the answer", durable)
        with pytest.raises(NotReadyError, match="not stored"):
            await waiting
        return answered

    assert asyncio.run(run()) is False
