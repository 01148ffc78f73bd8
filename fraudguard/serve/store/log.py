"""Read the log."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Engine, Select, func, select

from fraudguard.serve.store.rows import Kind, LogRow
from fraudguard.serve.store.tables import log

__all__ = ["Log"]

_PAGE: Final = 5_000
_KINDS: Final = {kind.value: kind for kind in Kind}


class Log:
    """The events, in the order in which they were committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def last_place(self) -> int:
        """Return the place of the newest event, 0 when there is none."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(log.c.seq))) or 0

    def count(self) -> int:
        """Return how many events there are."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(log)) or 0

    def find(self, kind: Kind, event_id: str) -> LogRow | None:
        """Return one event, or None."""
        query = select(log).where(log.c.kind == kind, log.c.event_id == event_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _to_row(row)

    def find_many(self, kind: Kind, event_ids: Sequence[str]) -> list[LogRow]:
        """Return those of the events named that are there, in log order."""
        return self._rows(select(log).where(log.c.kind == kind, log.c.event_id.in_(event_ids)).order_by(log.c.seq))

    def find_places(self, places: Sequence[int]) -> list[LogRow]:
        """Return the events at these places, those that are there, in log order."""
        return self._rows(select(log).where(log.c.seq.in_(places)).order_by(log.c.seq))

    def findings_on(self, transfer_id: str) -> list[LogRow]:
        """Return the findings on a transfer, oldest first."""
        on_it = (log.c.kind == Kind.FINDING, log.c.transfer_id == transfer_id)
        return self._rows(select(log).where(*on_it).order_by(log.c.seq))

    def read(self, *, after: int = 0, kind: Kind | None = None) -> Iterator[LogRow]:
        """Yield the events after a place, in log order, without holding them all."""
        while rows := self._page(after, kind):
            yield from rows
            after = rows[-1].seq

    def read_some(self, *, after: int, kind: Kind, limit: int) -> list[LogRow]:
        """Return the first events of a kind after a place, at most so many."""
        query = select(log).where(log.c.seq > after, log.c.kind == kind).order_by(log.c.seq).limit(limit)
        return self._rows(query)

    def newest_of_account(self, account_id: str) -> LogRow | None:
        """Return what was learned last about an account, or None."""
        about = (log.c.account_id == account_id, log.c.kind == Kind.ACCOUNT)
        rows = self._rows(select(log).where(*about).order_by(log.c.seq.desc()).limit(1))
        return rows[0] if rows else None

    def _page(self, after: int, kind: Kind | None) -> list[LogRow]:
        query = select(log).where(log.c.seq > after).order_by(log.c.seq).limit(_PAGE)
        return self._rows(query if kind is None else query.where(log.c.kind == kind))

    def _rows(self, query: Select[tuple[Any, ...]]) -> list[LogRow]:
        with self._engine.connect() as connection:
            return [_to_row(row) for row in connection.execute(query)]


def _to_row(row: Sequence[Any]) -> LogRow:
    # By place, not by name: a start reads every event of the log through here.
    seq, kind, event_id, transfer_id, account_id, event_time_ms, received_at_ms, body = row
    return LogRow(
        seq=seq,
        kind=_KINDS[kind],
        event_id=event_id,
        transfer_id=transfer_id,
        account_id=account_id,
        event_time_ms=event_time_ms,
        received_at_ms=received_at_ms,
        body=bytes(body),
    )
