"""The log as the definitions see it: which transfers are remembered, who held what, whom a finding names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from fraudguard.account import Account
from fraudguard.column import Event, to_ms
from fraudguard.finding import Finding
from fraudguard.transfer import Transfer

__all__ = ["DAY_MS", "HOUR_MS", "Remembered", "Story", "tell"]

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS

_FORGOTTEN_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Remembered:
    """A transfer whose id was new when it came, with what was known at that place of the log."""

    place: int
    transfer: Transfer
    time_ms: int
    sender: str | None
    receiver: str | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A log, its transfers that are remembered, and the accounts behind its findings on transfers."""

    log: Sequence[Event]
    rows: list[tuple[int, Account]] = field(default_factory=list)
    remembered: list[Remembered] = field(default_factory=list)
    parties: dict[int, tuple[str, str]] = field(default_factory=dict)

    def named(self, place: int, account_id: str, name: str) -> object:
        """Return a field of an account as the latest row before a place has it that names it, else None."""
        mine = (row for at, row in reversed(self.rows) if at < place and row.account_id == account_id)
        return next((value for row in mine if (value := getattr(row, name)) is not None), None)

    def holder(self, place: int, account_id: str) -> str | None:
        """Return who holds an account, as far as rows before a place say."""
        token = self.named(place, account_id, "holder_token")
        return None if token is None else str(token)


def tell(log: Sequence[Event], retention_ms: int) -> Story:
    """Go through a log with nothing but the ids that are remembered, oldest first."""
    story, ids = Story(log), dict[str, Transfer]()
    story.rows.extend((place, event) for place, event in enumerate(log) if isinstance(event, Account))
    pairs = set[tuple[str, str]]()
    for place, event in enumerate(log):
        if isinstance(event, Transfer) and event.transfer_id not in ids:
            _forget(ids, to_ms(event.event_time) - retention_ms)
            ids[event.transfer_id] = event
            pair = _parties(event)
            story.remembered.append(_remembered(story, place, event, is_first=pair not in pairs))
            pairs.add(pair)
        elif isinstance(event, Finding) and event.transfer_id in ids:
            story.parties[place] = _parties(ids[event.transfer_id])
    return story


def _forget(ids: dict[str, Transfer], before_ms: int) -> None:
    for transfer_id, transfer in list(islice(ids.items(), _FORGOTTEN_AT_ONCE)):
        if to_ms(transfer.event_time) >= before_ms:
            return
        del ids[transfer_id]


def _parties(transfer: Transfer) -> tuple[str, str]:
    return transfer.payer_account_id, transfer.payee_account_id


def _remembered(story: Story, place: int, transfer: Transfer, *, is_first: bool) -> Remembered:
    return Remembered(
        place,
        transfer,
        to_ms(transfer.event_time),
        story.holder(place, transfer.payer_account_id),
        story.holder(place, transfer.payee_account_id),
        is_first,
    )
