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
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


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
        """Start the work of a claim and return its answer, or tell all who wait that it failed.

        The work goes on when the one who asked goes away: others may wait, and what took a place must be settled.
        """
        try:
            await start
        except BaseException as error:
            self.fail(claim, error)
            raise
        return await asyncio.shield(claim.answer)

    def settle(self, claim: Claim, answer: object, durable: asyncio.Future[None]) -> bool:
        """Answer a claim whose record is durable, or fail it with the record; return whether it was answered."""
        if (error := durable.exception()) is not None:
            self.fail(claim, error)
            return False
        self.fulfil(claim, answer)
        return True

    def fulfil(self, claim: Claim, answer: object) -> None:
        """Answer all who wait, and let go of the names."""
        self._release(claim)
        claim.answer.set_result(answer)

    def fail(self, claim: Claim, error: BaseException) -> None:
        """Tell all who wait that it failed, and let go of the names."""
        self._release(claim)
        claim.answer.set_exception(error)
        claim.answer.exception()  # seen: it may be that nobody waits

    def _release(self, claim: Claim) -> None:
        for name in claim.names:
            del self._open[name]
