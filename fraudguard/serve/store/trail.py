"""Who did what at the desk, kept for good: log-ins, refusals, and every look at data that is otherwise hidden."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from fraudguard.serve.store.desk_tables import trail, trail_head
from fraudguard.serve.trail_chain import Link, digest_of

__all__ = ["Trail", "TrailRow", "add_line"]

_PAGE: Final = 1_000


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
            add_line(connection, row)

    def head(self) -> tuple[int, bytes]:
        """Return number and hash of the last line."""
        with self._engine.connect() as connection:
            number, digest = connection.execute(select(trail_head.c.trail_id, trail_head.c.digest)).one()
        return number, bytes(digest)

    def links(self) -> Iterator[Link]:
        """Yield every line with its number and hash, the oldest first, without holding them all."""
        last = 0
        while rows := self._links_after(last):
            yield from rows
            last = rows[-1].trail_id

    def _links_after(self, number: int) -> list[Link]:
        query = select(trail).where(trail.c.trail_id > number).order_by(trail.c.trail_id).limit(_PAGE)
        with self._engine.connect() as connection:
            return [Link(**{**row, "digest": bytes(row["digest"])}) for row in connection.execute(query).mappings()]

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


def add_line(connection: Connection, row: TrailRow) -> None:
    """Add a line in the transaction of what it tells of; the next one waits until that ends."""
    # First the number: the row that holds it is locked until the end, so that the chain never forks.
    number = trail_head.c.trail_id + 1
    connection.execute(update(trail_head).values(trail_id=number))
    last, before = connection.execute(select(trail_head.c.trail_id, trail_head.c.digest)).one()
    said = (last, row.at_ms, row.officer, row.act, row.subject, row.detail)
    digest = digest_of(bytes(before), said)
    connection.execute(insert(trail), {"trail_id": last, **msgspec.structs.asdict(row), "digest": digest})
    connection.execute(update(trail_head).values(digest=digest))
