"""API keys: a prefix to find one by, and a digest to know it by."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, insert, select, update

from fraudguard.errors import NotFoundError
from fraudguard.serve.store.tables import api_key
from fraudguard.serve.store.trail import TrailRow, add_line

__all__ = ["KeyRow", "Keys"]

OPERATOR = "operator"
"""Who works at the command line of the service's machine, in the trail."""


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``api_key``; the key itself is not kept."""

    prefix: str
    name: str
    digest: str
    scopes: str
    created_at_ms: int
    expires_at_ms: int | None = None
    revoked_at_ms: int | None = None
    rate_per_s: int | None = None
    burst: int | None = None


class Keys:
    """The keys, also those that no longer open anything."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: KeyRow) -> None:
        """Add one."""
        with self._engine.begin() as connection:
            connection.execute(insert(api_key), msgspec.structs.asdict(row))
            detail = f"{row.name}: {row.scopes}"[:256]
            line = TrailRow(
                at_ms=row.created_at_ms, officer=OPERATOR, act="key_made", subject=row.prefix, detail=detail
            )
            add_line(connection, line)

    def list(self) -> Sequence[KeyRow]:
        """Return all, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(api_key).order_by(api_key.c.created_at_ms, api_key.c.prefix)).mappings()
            return [KeyRow(**row) for row in rows]

    def revoke(self, prefix: str, at_ms: int) -> None:
        """Revoke one.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._engine.begin() as connection:
            changed = connection.execute(update(api_key).where(api_key.c.prefix == prefix).values(revoked_at_ms=at_ms))
            if changed.rowcount == 0:
                raise NotFoundError(f"no key {prefix}", f"没有密钥 {prefix}")
            add_line(connection, TrailRow(at_ms=at_ms, officer=OPERATOR, act="key_revoked", subject=prefix))
