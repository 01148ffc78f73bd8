"""How a long step tells how far it is, without knowing who listens."""

from collections.abc import Callable

__all__ = ["Progress", "silent"]

Progress = Callable[[int, int], None]
"""Called with (done, total) as a step goes on; both in the step's own unit."""


def silent(_done: int, _total: int) -> None:
    """Listen to nothing."""
