"""Entries of the watch list and the exemption list, and their revocations."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, RowMapping, Select, insert, select

from fraudguard.errors import NotFoundError
from fraudguard.serve.store.tables import list_entry, list_revocation
from fraudguard.serve.store.trail import TrailRow, add_line

__all__ = ["EntryRow", "Listed", "Lists", "RevocationRow"]


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``list_entry``, but for its place."""

    entry_id: str
    kind: str
    account_id: str
    payer_account_id: str | None
    reason_code: str
    note: str | None
    evidence: str | None
    author: str
    created_at_ms: int
    expires_at_ms: int


class RevocationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``list_revocation``."""

    entry_id: str
    note: str
    author: str
    revoked_at_ms: int


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry, where it stands, and its revocation, if any."""

    place: int
    entry: EntryRow
    revocation: RevocationRow | None


class Lists:
    """Every entry there was; none is changed or removed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: EntryRow) -> None:
        """Add an entry; its id must be new."""
        with self._engine.begin() as connection:
            connection.execute(insert(list_entry), msgspec.structs.asdict(row))
            detail = f"{row.kind}: {row.reason_code}"
            add_line(connection, _line("listed", row.entry_id, at_ms=row.created_at_ms, by=row.author, detail=detail))

    def revoke(self, row: RevocationRow) -> None:
        """Add the revocation of an entry; it must have none."""
        with self._engine.begin() as connection:
            connection.execute(insert(list_revocation), msgspec.structs.asdict(row))
            add_line(connection, _line("unlisted", row.entry_id, at_ms=row.revoked_at_ms, by=row.author))

    def find(self, entry_id: str) -> Listed | None:
        """Return an entry, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(_listed().where(list_entry.c.entry_id == entry_id)).mappings().one_or_none()
        return None if row is None else _to_listed(row)

    def get(self, entry_id: str) -> Listed:
        """Return an entry.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        found = self.find(entry_id)
        if found is None:
            raise NotFoundError("no list entry with this id", "没有该编号的名单条目")
        return found

    def in_force(self, now_ms: int) -> Sequence[EntryRow]:
        """Return the entries that are neither revoked nor expired at a moment."""
        query = _listed().where(list_entry.c.expires_at_ms > now_ms, list_revocation.c.entry_id.is_(None))
        with self._engine.connect() as connection:
            return [_to_listed(row).entry for row in connection.execute(query).mappings()]

    def page(
        self, *, before: int | None, limit: int, kind: str | None = None, account_id: str | None = None
    ) -> Sequence[Listed]:
        """Return entries, the newest first, of those before a place."""
        query = _listed().order_by(list_entry.c.place.desc()).limit(limit)
        for column, value in ((list_entry.c.kind, kind), (list_entry.c.account_id, account_id)):
            query = query if value is None else query.where(column == value)
        if before is not None:
            query = query.where(list_entry.c.place < before)
        with self._engine.connect() as connection:
            return [_to_listed(row) for row in connection.execute(query).mappings()]


def _line(act: str, entry_id: str, *, at_ms: int, by: str, detail: str = "") -> TrailRow:
    return TrailRow(at_ms=at_ms, officer=by, act=act, subject=entry_id, detail=detail)


_REVOKED = {name: f"revoked_{name}" for name in RevocationRow.__struct_fields__}


def _listed() -> Select[tuple[object, ...]]:
    revoked = [list_revocation.c[name].label(label) for name, label in _REVOKED.items()]
    return select(list_entry, *revoked).outerjoin(list_revocation, list_revocation.c.entry_id == list_entry.c.entry_id)


def _to_listed(row: RowMapping) -> Listed:
    revoked = {name: row[label] for name, label in _REVOKED.items()}
    return Listed(
        place=row["place"],
        entry=EntryRow(**{name: row[name] for name in EntryRow.__struct_fields__}),
        revocation=None if revoked["entry_id"] is None else RevocationRow(**revoked),
    )
