"""Who is signed in, and who failed to."""

import msgspec
from sqlalchemy import Engine, delete, insert, select, update

from fraudguard.serve.store.tables import attempt, session

__all__ = ["AttemptRow", "Attempts", "SessionRow", "Sessions"]


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``session``; the cookie itself is not kept, only its digest."""

    digest: str
    officer: str
    created_at_ms: int
    seen_at_ms: int


class AttemptRow(msgspec.Struct, frozen=True, kw_only=True):
    """Failures in a row under one name, known or not."""

    name: str
    failures: int
    last_at_ms: int
    locked_until_ms: int


class Sessions:
    """Live sessions; one officer has at most one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, row: SessionRow) -> None:
        """Start a session and end the officer's others."""
        with self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.officer == row.officer))
            connection.execute(insert(session), msgspec.structs.asdict(row))

    def find(self, digest: str) -> SessionRow | None:
        """Return one, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(session).where(session.c.digest == digest)).mappings().one_or_none()
        return None if row is None else SessionRow(**row)

    def touch(self, digest: str, seen_at_ms: int) -> None:
        """Note that a session is in use."""
        with self._engine.begin() as connection:
            connection.execute(update(session).where(session.c.digest == digest).values(seen_at_ms=seen_at_ms))

    def end(self, digest: str) -> None:
        """End a session; nothing if it has ended."""
        with self._engine.begin() as connection:
            connection.execute(delete(session).where(session.c.digest == digest))


class Attempts:
    """Failed log-ins."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, name: str) -> AttemptRow | None:
        """Return the failures under a name, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(select(attempt).where(attempt.c.name == name)).mappings().one_or_none()
        return None if row is None else AttemptRow(**row)

    def put(self, row: AttemptRow, *, forget_before_ms: int) -> None:
        """Replace the failures under a name; those long past, of any name, are forgotten."""
        with self._engine.begin() as connection:
            past = attempt.c.last_at_ms < forget_before_ms
            connection.execute(delete(attempt).where((attempt.c.name == row.name) | past))
            connection.execute(insert(attempt), msgspec.structs.asdict(row))

    def clear(self, name: str) -> None:
        """Forget the failures under a name."""
        with self._engine.begin() as connection:
            connection.execute(delete(attempt).where(attempt.c.name == name))
