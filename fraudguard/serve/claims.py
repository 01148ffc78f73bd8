"""Requests in flight: the same id is worked on once, whoever asks again waits."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Claim", "Claims"]


@dataclass(slots=True, eq=False)
class Claim:
    """One request being worked on; its answer is of the kind the service that took it gives."""

    names: tuple[str, ...]
    fingerprint: bytes
    waiting: list[asyncio.Future[Any]] = field(default_factory=list)


class Claims:
    """Every claim on the log, by every name that must not be worked on twice."""

    def __init__(self) -> None:
        self._open: dict[str, Claim] = {}

    def find(self, name: str) -> Claim | None:
        """Return the claim on a name, or None."""
        return self._open.get(name)

    def take(self, names: tuple[str, ...], fingerprint: bytes) -> Claim:
        """Claim names that nobody holds."""
        claim = Claim(names, fingerprint)
        self._open.update(dict.fromkeys(names, claim))
        return claim

    async def work(self, claim: Claim, start: Coroutine[Any, Any, None]) -> Any:  # noqa: ANN401  # the service knows its kind
        """Start the work of a claim and return its answer, or tell all who wait that it failed."""
        mine = self.wait(claim)
        try:
            await start
        except BaseException as error:  # noqa: BLE001  # it is raised below, and to all others who wait
            self.fail(claim, error)
        return await mine

    def wait(self, claim: Claim) -> asyncio.Future[Any]:
        """Return a future of the answer to a claim, for one who waits alone.

        Each has his own: the work goes on when the one who asked goes away, as others may wait, and what took a place must be settled.
        """
        mine: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        claim.waiting.append(mine)
        return mine

    def settle(self, claim: Claim, answer: object, durable: asyncio.Future[None]) -> bool:
        """Answer a claim whose record is durable, or fail it with the record; return whether it was answered."""
        if (error := durable.exception()) is not None:
            self.fail(claim, error)
            return False
        self.fulfil(claim, answer)
        return True

    def fulfil(self, claim: Claim, answer: object) -> None:
        """Answer all who wait, and let go of the names."""
        for waiting in self._release(claim):
            waiting.set_result(answer)

    def fail(self, claim: Claim, error: BaseException) -> None:
        """Tell all who wait that it failed, and let go of the names."""
        for waiting in self._release(claim):
            waiting.set_exception(error)
            waiting.exception()  # seen: it may be that whoever waits goes away just now

    def _release(self, claim: Claim) -> list[asyncio.Future[Any]]:
        for name in claim.names:
            del self._open[name]
        return [waiting for waiting in claim.waiting if not waiting.done()]
