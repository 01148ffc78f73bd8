"""The entries of the lists that are in force, held in memory: a transfer asks them on its way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from fraudguard.clock import Clock
from fraudguard.column import to_ms
from fraudguard.decision import ListHit, ListKind
from fraudguard.serve.store.lists import EntryRow, Lists
from fraudguard.transfer import Transfer

__all__ = ["ListBook"]


class _ListedStore(Protocol):
    @property
    def lists(self) -> Lists:
        """The entries."""
        ...


class ListBook:
    """What the lists say of a transfer; read again from the store by `refresh`.

    Parameters
    ----------
    store : Store
        Where the lists are kept.
    clock : Clock
        The time.
    """

    def __init__(self, store: _ListedStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._entries: Mapping[str, tuple[EntryRow, ...]] = {}

    def refresh(self) -> None:
        """Read what is in force, so that what was added or revoked elsewhere counts."""
        entries: dict[str, tuple[EntryRow, ...]] = {}
        for entry in self._store.lists.in_force(to_ms(self._clock.now())):
            entries[entry.account_id] = (*entries.get(entry.account_id, ()), entry)
        self._entries = entries

    def hits(self, transfer: Transfer, *, at: datetime) -> tuple[ListHit, ...]:
        """Return the entries that a transfer meets at a moment: those of its payee, for its payer or for all."""
        listed = self._entries.get(transfer.payee_account_id)
        if listed is None:
            return ()
        at_ms, payer = to_ms(at), transfer.payer_account_id
        return tuple(
            ListHit(entry_id=entry.entry_id, kind=ListKind(entry.kind), reason_code=entry.reason_code)
            for entry in listed
            if entry.payer_account_id in {None, payer} and entry.expires_at_ms > at_ms
        )
