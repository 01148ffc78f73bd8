"""The circuit breaker: how much a model may hold up before people look at it.

A model that goes wrong holds thousands of payments in minutes. Two caps bound it, whatever it says: transfers held within a minute,
and money delayed within an hour. Above them nothing more is held; the officers still get the alert, and the answer says that it is less than what
the model asked for.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fraudguard.column import to_ms
from fraudguard.decision import Decision, Intervention

__all__ = ["MEMORY_MS", "TRIPPED", "Breaker", "Held"]

TRIPPED: Final = "circuit_breaker"
"""The reason that a weakened answer gives."""

MEMORY_MS: Final = 3_600_000
"""How far back it looks."""

_MINUTE_MS: Final = 60_000
_STEP_MS: Final = 60_000
"""What is dated further back than this was dated by a clock that was set back; less is a matter of order."""

_STRONGEST: Final = Intervention.VERIFY_TRANSACTION


@dataclass(frozen=True, slots=True)
class Held:
    """One transfer held: when, and how much.

    Parameters
    ----------
    at_ms : int
        Moment of the decision, milliseconds since 1970.
    amount_fen : int
        Its amount.
    """

    at_ms: int
    amount_fen: int


class Breaker:
    """Weakens decisions that hold money once too many do.

    Parameters
    ----------
    holds_per_minute : int
        As many transfers may be held within any minute; 0 for any number.
    delayed_fen_per_hour : int
        Once so much money was held within an hour, no more is; 0 for any sum.

    Examples
    --------
    >>> breaker = Breaker(holds_per_minute=100, delayed_fen_per_hour=0)
    >>> breaker.is_open
    False
    """

    def __init__(self, *, holds_per_minute: int, delayed_fen_per_hour: int) -> None:
        self._holds_max = holds_per_minute
        self._fen_max = delayed_fen_per_hour
        self._minute: deque[Held] = deque()
        self._hour: deque[Held] = deque()
        self._hour_fen = 0
        self._now_ms = 0
        self._ahead_ms = 0

    @property
    def is_open(self) -> bool:
        """Whether a decision that holds would be weakened, as of the last one seen."""
        too_many = 0 < self._holds_max <= len(self._minute)
        too_much = 0 < self._fen_max <= self._hour_fen
        return too_many or too_much

    def recall(self, held: Iterable[Held]) -> None:
        """Remember what was held before this process began, oldest first: a restart is no way around the caps."""
        for one in held:
            self._go_on(one.at_ms)
            self._remember(one.amount_fen)

    def is_open_at(self, at: datetime) -> bool:
        """Return whether it is open at a moment; by a clock that was set back, as much later as that clock has gone on since."""
        self._go_on(to_ms(at))
        return self.is_open

    def pass_on(self, decision: Decision) -> Decision:
        """Return a decision, or what is left of it.

        Parameters
        ----------
        decision : Decision
            What model and policy say.

        Returns
        -------
        Decision
            The same while the caps allow; else at most `VERIFY_TRANSACTION`, with the same tier and the reason.
        """
        if not decision.intervention.holds_money:
            return decision
        self._go_on(to_ms(decision.decided_at))
        if self.is_open:
            return decision.at_most(_STRONGEST, because=TRIPPED)
        self._remember(decision.transfer.amount_fen)
        return decision

    def _go_on(self, at_ms: int) -> None:
        self._set(at_ms)
        while self._minute and self._minute[0].at_ms <= self._now_ms - _MINUTE_MS:
            self._minute.popleft()
        while self._hour and self._hour[0].at_ms <= self._now_ms - MEMORY_MS:
            self._hour_fen -= self._hour.popleft().amount_fen

    def _set(self, at_ms: int) -> None:
        # Never back, or caps would not hold. And on from there at the pace of a clock that was set back: waiting for it to catch up,
        # nothing would be forgotten, and it would stay open as long as the step was.
        if at_ms >= self._now_ms:
            self._ahead_ms = 0
        elif at_ms + self._ahead_ms < self._now_ms - _STEP_MS:
            self._ahead_ms = self._now_ms - at_ms
        self._now_ms = max(self._now_ms, at_ms + self._ahead_ms)

    def _remember(self, amount_fen: int) -> None:
        held = Held(self._now_ms, amount_fen)
        self._minute.append(held)
        self._hour.append(held)
        self._hour_fen += held.amount_fen
