"""Who stands on a list, since when, why and until when; said by people, and never for good."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from fraudguard.clock import Clock
from fraudguard.column import from_ms, to_ms
from fraudguard.decision import ListKind
from fraudguard.errors import ConflictError, DataError, ReusedIdError
from fraudguard.serve.list_book import ListBook
from fraudguard.serve.naming import new_id
from fraudguard.serve.store import Store
from fraudguard.serve.store.lists import EntryRow, Listed, RevocationRow

__all__ = ["LONGEST", "REASONS", "ListReason", "ListService", "new_entry"]

LONGEST: Final = timedelta(days=366)
"""An entry is looked at again after a year at the latest."""


class ListReason(StrEnum):
    """Why an account stands on a list."""

    REPORTED_BY_VICTIM = "reported_by_victim"
    POLICE_REQUEST = "police_request"
    SUSPECTED_ACCOUNT = "suspected_account"
    PUBLIC_BODY = "public_body"
    VERIFIED_RELATION = "verified_relation"
    OWN_ACCOUNT = "own_account"
    KNOWN_MERCHANT = "known_merchant"


REASONS: Final = {
    ListKind.WATCH: frozenset({
        ListReason.REPORTED_BY_VICTIM,
        ListReason.POLICE_REQUEST,
        ListReason.SUSPECTED_ACCOUNT,
    }),
    ListKind.EXEMPT: frozenset({
        ListReason.PUBLIC_BODY,
        ListReason.VERIFIED_RELATION,
        ListReason.OWN_ACCOUNT,
        ListReason.KNOWN_MERCHANT,
    }),
}
"""Which reasons a list takes."""

_OF_ONE_PAYER: Final = frozenset({ListReason.VERIFIED_RELATION, ListReason.OWN_ACCOUNT})


def new_entry(  # noqa: PLR0913  # what an entry says, each by name
    *,
    kind: ListKind,
    account_id: str,
    reason: ListReason,
    author: str,
    at: datetime,
    expires_at: datetime,
    entry_id: str | None = None,
    payer_account_id: str | None = None,
    note: str | None = None,
    evidence: str | None = None,
) -> EntryRow:
    """Return a checked entry.

    Parameters
    ----------
    kind : ListKind
        Of which list.
    account_id : str
        The payee's account.
    reason : ListReason
        Why.
    author : str
        Who says so.
    at, expires_at : datetime
        Now, and until when it counts.
    entry_id : str or None
        One of the caller's own; else one is made.
    payer_account_id : str or None
        The only payer it counts for; None for all.
    note, evidence : str or None
        In words, and where the proof is kept.

    Returns
    -------
    EntryRow
        To be added.

    Raises
    ------
    DataError
        If it has expired, lasts longer than a year, or its reason is not one of its list, or needs a payer.
    """
    if not at < expires_at <= at + LONGEST:
        raise DataError(
            f"expires_at lies between now and {LONGEST.days} days from now; an entry is looked at again after that",
            f"expires_at 须在现在与 {LONGEST.days} 天之内；到期须重新核实",
        )
    if reason not in REASONS[kind]:
        known = ", ".join(sorted(REASONS[kind]))
        raise DataError(f"the {kind} list takes the reasons {known}", f"{kind} 名单可用的原因：{known}")
    if reason in _OF_ONE_PAYER and payer_account_id is None:
        raise DataError(f"{reason} is about one payer: send payer_account_id", f"{reason} 须写明 payer_account_id")
    return EntryRow(
        entry_id=entry_id or new_id("lst", at),
        kind=kind.value,
        account_id=account_id,
        payer_account_id=payer_account_id,
        reason_code=reason.value,
        note=note,
        evidence=evidence,
        author=author,
        created_at_ms=to_ms(at),
        expires_at_ms=to_ms(expires_at),
    )


class ListService:
    """Adds entries and revokes them; the book of what is in force follows at once."""

    def __init__(self, *, store: Store, book: ListBook, clock: Clock) -> None:
        self._store = store
        self._book = book
        self._clock = clock

    def add(self, row: EntryRow) -> tuple[Listed, bool]:
        """Return an entry as it stands on its list, and whether it had stood there before.

        Raises
        ------
        ReusedIdError
            If its id was used with another content.
        """
        known = self._store.lists.find(row.entry_id)
        if known is None:
            self._store.lists.add(row)
            self._book.refresh()
            return self._store.lists.get(row.entry_id), False
        if _said(known.entry) != _said(row):
            raise ReusedIdError(
                "this entry_id was sent with another content; use a new id",
                "该 entry_id 已带其他内容提交过；请用新编号",
            )
        return known, True

    def revoke(self, entry_id: str, *, author: str, note: str) -> Listed:
        """Return an entry that counts no longer.

        Raises
        ------
        ConflictError
            If it was revoked before.
        """
        known = self._store.lists.get(entry_id)
        if known.revocation is not None:
            when = from_ms(known.revocation.revoked_at_ms).isoformat()
            raise ConflictError(f"the entry was revoked at {when}", f"该条目已于 {when} 撤销")
        now_ms = to_ms(self._clock.now())
        self._store.lists.revoke(RevocationRow(entry_id=entry_id, note=note, author=author, revoked_at_ms=now_ms))
        self._book.refresh()
        return self._store.lists.get(entry_id)


def _said(row: EntryRow) -> tuple[object, ...]:
    return (row.kind, row.account_id, row.payer_account_id, row.reason_code, row.note, row.evidence, row.expires_at_ms)
