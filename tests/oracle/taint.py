"""Taint: a pool of money of which a part is tainted, both halved in seven days by steps of 1/64."""

import math
from dataclasses import dataclass
from typing import Final

from tests.oracle.story import DAY_MS

__all__ = ["WHOLE", "Pool", "tainted_part"]

WHOLE: Final = 2**16

_STEPS: Final = 64
_STEP_MS: Final = 7 * DAY_MS // _STEPS
_MOST_FEN: Final = 2**46


@dataclass(frozen=True, slots=True)
class Pool:
    """Money in an account, as of a moment that moves on by whole steps."""

    fen: int = 0
    tainted_fen: int = 0
    as_of_ms: int = 0

    def poured(self, now_ms: int, fen: int, share: int) -> "Pool":
        """Return the pool after money came in of which a share is tainted."""
        pool = self.at(now_ms) if self.fen else Pool(as_of_ms=now_ms)
        whole = min(pool.fen + fen, _MOST_FEN)
        return Pool(whole, min(pool.tainted_fen + (fen * share) // WHOLE, whole), pool.as_of_ms)

    def at(self, now_ms: int) -> "Pool":
        """Return what is left of the pool."""
        steps = (now_ms - self.as_of_ms) // _STEP_MS
        return Pool(_decayed(self.fen, steps), _decayed(self.tainted_fen, steps), self.as_of_ms + steps * _STEP_MS)


def _decayed(fen: int, steps: int) -> int:
    halvings, step = divmod(steps, _STEPS)
    return fen * round(WHOLE * math.pow(2, -step / _STEPS)) // WHOLE >> halvings


def tainted_part(pool: Pool, now_ms: int) -> int:
    """Return which part of a pool is tainted, in 1/65536."""
    left = pool.at(now_ms)
    return left.tainted_fen * WHOLE // left.fen if left.fen else 0
