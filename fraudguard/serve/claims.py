"""Requests in flight: the same id is worked on once, whoever asks again waits."""

import asyncio
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
