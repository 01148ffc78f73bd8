"""What tests put in place of the world: a clock that stands still, events made short."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fraudguard.transfer import Transfer

__all__ = ["START", "FakeClock", "make_transfer"]

START: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
"""A Monday, ten in the morning in China."""


@dataclass(slots=True)
class FakeClock:
    """A `fraudguard.clock.Clock` that moves only when told."""

    moment: datetime = field(default=START)

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment

    def advance(self, **duration: float) -> None:
        """Move on by a duration, in the words of `timedelta`."""
        self.moment += timedelta(**duration)


def make_transfer(transfer_id: str = "T1", *, after_s: float = 0.0, **fields: Any) -> Transfer:  # noqa: ANN401
    """Return a valid transfer, `after_s` seconds after `START`, with some fields of one's own."""
    plain: dict[str, Any] = {
        "event_time": START + timedelta(seconds=after_s),
        "payer_account_id": "payer-1",
        "payee_account_id": "payee-1",
        "amount_fen": 100_00,
    }
    return Transfer(transfer_id=transfer_id, **{**plain, **fields})
