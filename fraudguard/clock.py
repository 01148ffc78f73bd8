"""The one place where the wall clock is read."""

from datetime import UTC, datetime
from typing import Protocol

__all__ = ["Clock", "SystemClock"]


class Clock(Protocol):
    """Tells the moment; a test passes one that stands still."""

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        return datetime.now(UTC)
