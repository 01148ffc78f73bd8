"""Who did what at the desk, kept for good: log-ins, refusals, and every look at data that is otherwise hidden."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, func, insert, select

from fraudguard.serve.store.desk_tables import trail

__all__ = ["Trail", "TrailRow"]


class TrailRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``trail``; what was seen is never written, only that it was."""

    at_ms: int
    officer: str
    act: str
    subject: str = ""
    detail: str = ""


class Trail:
    """The trail; it only grows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: TrailRow) -> None:
        """Add one, durably."""
        with self._engine.begin() as connection:
            connection.execute(insert(trail), msgspec.structs.asdict(row))

    def newest(self, *, limit: int, offset: int = 0, officer: str = "", act: str = "") -> Sequence[TrailRow]:
        """Return rows, the newest first, of one person or one act where these are named."""
        columns = (trail.c.at_ms, trail.c.officer, trail.c.act, trail.c.subject, trail.c.detail)
        query = select(*columns).order_by(trail.c.trail_id.desc()).limit(limit).offset(offset)
        for column, wanted in ((trail.c.officer, officer), (trail.c.act, act)):
            query = query.where(column == wanted) if wanted else query
        with self._engine.connect() as connection:
            return [TrailRow(**row) for row in connection.execute(query).mappings()]

    def count(self, act: str, *, subject: str) -> int:
        """Return how often an act was done on a subject."""
        query = select(func.count()).where(trail.c.act == act, trail.c.subject == subject)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0
