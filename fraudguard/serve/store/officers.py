"""Who may work at the console."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.serve.store.tables import officer, session

__all__ = ["OfficerRow", "Officers"]


class OfficerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``officer``."""

    name: str
    password_hash: str
    must_change_password: bool
    role: str
    disabled: bool
    created_at_ms: int


class Officers:
    """The people of the console; a name is never used again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: OfficerRow) -> None:
        """Add one.

        Raises
        ------
        ConflictError
            If the name is taken.
        """
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(officer), msgspec.structs.asdict(row))
        except IntegrityError as error:
            raise ConflictError(f"user {row.name} exists", f"用户 {row.name} 已存在") from error

    def find(self, name: str) -> OfficerRow | None:
        """Return one, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(officer).where(officer.c.name == name)).mappings().one_or_none()
        return None if row is None else OfficerRow(**row)

    def list(self) -> Sequence[OfficerRow]:
        """Return all, by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(officer).order_by(officer.c.name)).mappings()
            return [OfficerRow(**row) for row in rows]

    def set_password(self, name: str, password_hash: str, *, must_change: bool) -> None:
        """Set a password and end the officer's sessions; raises NotFoundError if there is none."""
        self._change(name, password_hash=password_hash, must_change_password=must_change)

    def disable(self, name: str) -> None:
        """Shut an officer out and end their sessions; raises NotFoundError if there is none."""
        self._change(name, disabled=True)

    def end_sessions(self, name: str) -> None:
        """End an officer's sessions; raises NotFoundError if there is none of this name."""
        self._change(name, name=name)

    def _change(self, who: str, **values: object) -> None:
        with self._engine.begin() as connection:
            changed = connection.execute(update(officer).where(officer.c.name == who).values(**values))
            connection.execute(delete(session).where(session.c.officer == who))
        if changed.rowcount == 0:
            raise NotFoundError(f"no user {who}", f"没有用户 {who}")
