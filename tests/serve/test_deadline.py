"""The caller's deadline: a judgement in time, or what was declared, and never both told as one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fraudguard.decision import Intervention
from fraudguard.errors import NotReadyError
from fraudguard.serve.deadline import Deadlines
from fraudguard.serve.fallback import Fallback
from fraudguard.serve.reply import LateAssessment
from fraudguard.serve.scoring import Ask, Reply, ask_of
from fraudguard.serve.store.late_answers import LateAnswer
from fraudguard.serve.telemetry import Telemetry
from tests.fakes import FakeClock, make_transfer

FALLBACK: Final = Fallback(from_fen=1_000, below=Intervention.ALLOW, above=Intervention.VERIFY_TRANSACTION)
REPLY: Final = Reply(assessment_id="asm_1", body=b"{}")


class FakeStore:
    """Keeps what was told, or cannot."""

    def __init__(self, *, fails: bool) -> None:
        self.late_answers = self
        self.told: list[tuple[str, LateAnswer]] = []
        self._fails = fails

    def add(self, assessment_id: str, answer: LateAnswer) -> None:
        """Note it.

        Raises
        ------
        NotReadyError
            If it was told to.
        """
        if self._fails:
            raise NotReadyError("gone", "不可用")
        self.told.append((assessment_id, answer))


class FakeScoring:
    """Answers when a test lets it."""

    def __init__(self, answer: Callable[[], Awaitable[Reply]]) -> None:
        self._answer = answer

    async def assess(self, _ask: Ask) -> Reply:
        """Wait, and answer."""
        return await self._answer()


def asked(
    answer: Callable[[asyncio.Event], Awaitable[Reply]], *, amount_fen: int = 100, fails: bool = False
) -> tuple[Any, list[tuple[str, LateAnswer]], str]:
    """Ask with a deadline of one millisecond, let the judgement come after it, and return answer, notes and metrics."""
    telemetry, store = Telemetry(), FakeStore(fails=fails)

    async def main() -> Any:  # noqa: ANN401  # a reply, or a late answer
        gate = asyncio.Event()
        scoring: Any = FakeScoring(lambda: answer(gate))
        plain: dict[str, Any] = {"store": store, "fallback": FALLBACK, "clock": FakeClock(), "telemetry": telemetry}
        deadlines = Deadlines(scoring=scoring, **plain)
        told = await deadlines.assess(ask_of(make_transfer("T1", amount_fen=amount_fen)), deadline_ms=1)
        gate.set()
        for _ in range(5):
            await asyncio.sleep(0)
        await deadlines.finish()
        return told

    return asyncio.run(main()), store.told, telemetry.render().decode()


async def at_once(_gate: asyncio.Event) -> Reply:
    """Answer in time."""
    return REPLY


async def after(gate: asyncio.Event) -> Reply:
    """Answer after the deadline."""
    await gate.wait()
    return REPLY


def test_a_judgement_in_time_is_the_answer() -> None:
    """Nothing else is told or noted."""
    told, notes, _ = asked(at_once)

    assert (told, notes) == (REPLY, [])


def test_at_the_deadline_the_declared_is_told_and_noted() -> None:
    """It is graver from the declared amount on, says that it is degraded, and stands beside the judgement later."""
    small, notes, metrics = asked(after, amount_fen=999)
    large, _, _ = asked(after, amount_fen=1_000)

    assert isinstance(small, LateAssessment)
    assert (small.intervention, large.intervention) == (Intervention.ALLOW, Intervention.VERIFY_TRANSACTION)
    assert (small.degraded, small.degraded_reasons, small.deadline_ms) == (True, ("deadline",), 1)
    assert [(name, note.told) for name, note in notes] == [("asm_1", "allow")]
    assert 'fraudguard_degraded_total{reason="deadline"} 1.0' in metrics


def test_a_judgement_told_before_is_not_contradicted() -> None:
    """A retry of what was answered long ago leaves no note, however late its answer is."""

    async def replayed(gate: asyncio.Event) -> Reply:
        await gate.wait()
        return Reply(assessment_id="asm_1", body=b"{}", replayed=True)

    _, notes, _ = asked(replayed)

    assert notes == []


def test_a_judgement_that_fails_leaves_no_note() -> None:
    """Nothing was stored, so there is nothing to stand beside."""

    async def failing(gate: asyncio.Event) -> Reply:
        await gate.wait()
        raise NotReadyError("gone", "不可用")

    told, notes, _ = asked(failing)

    assert isinstance(told, LateAssessment)
    assert notes == []


def test_a_note_that_cannot_be_written_is_counted() -> None:
    """The answer has gone out; the operator sees that it is not noted."""
    _, notes, metrics = asked(after, fails=True)

    assert notes == []
    assert "fraudguard_late_answer_failures_total 1.0" in metrics
