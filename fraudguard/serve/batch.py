"""Many transfers in one request: each judged and recorded like a single one, or only estimated.

Both give up the event loop after a few transfers, so that single requests are answered meanwhile.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from fraudguard.clock import Clock
from fraudguard.decision import Decision
from fraudguard.errors import NotReadyError
from fraudguard.serve.fence import Fence
from fraudguard.serve.judge import Judge
from fraudguard.serve.live import LiveLog
from fraudguard.serve.mode import Mode
from fraudguard.serve.scoring import Reply, ScoringService, ask_of
from fraudguard.transfer import Transfer

__all__ = ["BatchService", "Line", "Outcome"]

_AT_ONCE: Final = 16
"""Transfers between two breaths of the event loop: a millisecond or two."""

_IN_FLIGHT: Final = 256
"""Transfers that may wait for their record when nobody else is there: enough to fill a commit."""

_BESIDE_OTHERS: Final = 48
"""Transfers that may wait for their record while single requests come: theirs is committed behind these."""

_BREATHS: Final = 4
"""Turns of the event loop left to single requests, each of which takes several to be answered."""

_ALONE_AFTER: Final = 64
"""Breaths without a single request after which a batch has the service to itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a batch says: a transfer, or why there is none.

    Parameters
    ----------
    number : int
        Its place in the batch, from 1.
    transfer : Transfer or Exception
        What to judge, or what is wrong with the line.
    """

    number: int
    transfer: Transfer | Exception


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a line.

    Parameters
    ----------
    line : Line
        As it came.
    answer : Reply, Decision or Exception
        The answer of a transfer that was recorded, the decision on one that was only estimated, or what went wrong.
    """

    line: Line
    answer: Reply | Decision | Exception


class BatchService:
    """Judges the lines of a batch in their order."""

    def __init__(
        self, *, live: LiveLog, scoring: ScoringService, judge: Judge, clock: Clock, fence: Fence, at_once: int
    ) -> None:
        self._live = live
        self._scoring = scoring
        self._judge = judge
        self._clock = clock
        self._fence = fence
        self._admitted, self._breaths_alone = 0, 0
        self._at_once = at_once
        self._inside = 0

    def enter(self) -> None:
        """Take one of the few places, before a batch is read into memory; give it back by `leave`.

        Raises
        ------
        NotReadyError
            If all are taken.
        """
        if self._inside >= self._at_once:
            raise NotReadyError(
                f"{self._at_once} batches are being answered already; try the same batch later",
                f"已有 {self._at_once} 批正在评估；请稍后重试同一批",
            )
        self._inside += 1

    def leave(self) -> None:
        """Give a place back."""
        self._inside -= 1

    async def record(self, lines: Iterable[Line], *, mode: Mode = Mode.LIVE) -> AsyncIterator[list[Outcome]]:
        """Yield what came of the lines, in their order, a few at a time; each is durable before it is told."""
        waiting: deque[asyncio.Task[Outcome]] = deque()
        for group in _in_groups(lines):
            waiting.extend(asyncio.ensure_future(self._record_line(line, mode)) for line in group)
            beside_others = await self._breathe()
            while len(waiting) > (_BESIDE_OTHERS if beside_others else _IN_FLIGHT):
                yield [await waiting.popleft() for _ in range(_AT_ONCE)]
        while waiting:
            yield [await waiting.popleft() for _ in range(min(_AT_ONCE, len(waiting)))]

    async def estimate(self, lines: Iterable[Line]) -> AsyncIterator[list[Outcome]]:
        """Yield what would be decided on the lines against the present state; nothing is recorded, and none sees another."""
        for group in _in_groups(lines):
            yield self._estimate_group(group)
            await self._breathe()

    async def _breathe(self) -> bool:
        """Leave the event loop to others; return whether single requests came of late."""
        admitted = self._fence.admitted
        self._breaths_alone = self._breaths_alone + 1 if admitted == self._admitted else 0
        self._admitted = admitted
        beside_others = self._breaths_alone < _ALONE_AFTER
        for _ in range(_BREATHS if beside_others else 1):
            await asyncio.sleep(0)
        return beside_others

    async def _record_line(self, line: Line, mode: Mode) -> Outcome:
        if isinstance(line.transfer, Exception):
            return Outcome(line, line.transfer)
        try:
            return Outcome(line, await self._scoring.assess(ask_of(line.transfer, mode=mode)))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this line's, and the others go on
            return Outcome(line, error)

    def _estimate_group(self, group: list[Line]) -> list[Outcome]:
        transfers = [line.transfer for line in group if isinstance(line.transfer, Transfer)]
        try:
            decisions = iter(self._estimate(transfers))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is these lines', and the others go on
            return [Outcome(line, line.transfer if isinstance(line.transfer, Exception) else error) for line in group]
        return [
            Outcome(line, line.transfer if isinstance(line.transfer, Exception) else next(decisions)) for line in group
        ]

    def _estimate(self, transfers: list[Transfer]) -> tuple[Decision, ...]:
        self._live.require_ready()
        if not transfers:
            return ()
        rows = np.array([self._live.features.query(transfer) for transfer in transfers])
        return self._judge.decide_rows(transfers, rows, at=self._clock.now())


def _in_groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    iterator = iter(lines)
    while group := list(islice(iterator, _AT_ONCE)):
        yield group
