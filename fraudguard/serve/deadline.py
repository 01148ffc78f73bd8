"""Answers in the caller's time: the judgement if it is durable by then, else what was declared beforehand.

The work goes on: the judgement is stored as ever, a retry gets it, and beside it stands what the caller was told in its place.
"""

import asyncio
from functools import partial

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.serve.fallback import DEADLINE, Fallback
from fraudguard.serve.journal import log
from fraudguard.serve.reply import LateAssessment
from fraudguard.serve.scoring import Ask, Reply, ScoringService
from fraudguard.serve.store import Store
from fraudguard.serve.store.late_answers import LateAnswer
from fraudguard.serve.telemetry import Telemetry

__all__ = ["Deadlines"]


class Deadlines:
    """Waits for a judgement as long as the caller does, and no longer.

    Parameters
    ----------
    scoring : ScoringService
        Judges.
    store : Store
        Where it is noted what a caller was told.
    fallback : Fallback
        What is told.
    clock : Clock
        The time.
    telemetry : Telemetry
        What to count.
    """

    def __init__(
        self, *, scoring: ScoringService, store: Store, fallback: Fallback, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._scoring = scoring
        self._store = store
        self._fallback = fallback
        self._clock = clock
        self._telemetry = telemetry
        self._notes: set[asyncio.Task[None]] = set()

    async def assess(self, ask: Ask, *, deadline_ms: int, waited_s: float = 0.0) -> Reply | LateAssessment:
        """Return the answer to a request, or at the deadline what was declared.

        Parameters
        ----------
        ask : Ask
            The request.
        deadline_ms : int
            How long the caller waits, from its arrival.
        waited_s : float
            How long it has waited already.

        Returns
        -------
        Reply or LateAssessment
            A reply is durable; of the other nothing is stored yet.
        """
        work = asyncio.ensure_future(self._scoring.assess(ask))
        await asyncio.wait({work}, timeout=max(deadline_ms / 1_000 - waited_s, 0.0))
        if work.done():
            return work.result()
        late = self._late(ask, deadline_ms)
        work.add_done_callback(partial(self._settle, late))
        return late

    async def finish(self) -> None:
        """Wait until everything told is noted."""
        await asyncio.gather(*self._notes, return_exceptions=True)

    def _late(self, ask: Ask, deadline_ms: int) -> LateAssessment:
        self._telemetry.count_degraded(DEADLINE)
        return LateAssessment(
            transfer_id=ask.transfer.transfer_id,
            created_at=self._clock.now(),
            mode=ask.mode,
            intervention=self._fallback.intervention(ask.transfer.amount_fen),
            degraded_reasons=(DEADLINE,),
            deadline_ms=deadline_ms,
        )

    def _settle(self, late: LateAssessment, work: asyncio.Task[Reply]) -> None:
        # Failed: nothing is stored, so nothing stands against what was told. Replayed: the judgement itself had been told before.
        if work.cancelled() or work.exception() is not None or work.result().replayed:
            return
        note = asyncio.ensure_future(asyncio.to_thread(self._note, work.result().assessment_id, late))
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)

    def _note(self, assessment_id: str, late: LateAssessment) -> None:
        told = LateAnswer(told=late.intervention.value, deadline_ms=late.deadline_ms, told_at_ms=to_ms(late.created_at))
        try:
            self._store.late_answers.add(assessment_id, told)
        except Exception as error:  # noqa: BLE001  # the answer has gone out; that it is not noted must be seen
            self._telemetry.late_failures.inc()
            log.error("an answer at a deadline is not noted", kind=type(error).__name__, assessment=assessment_id)
