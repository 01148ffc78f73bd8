"""Filters of the queue that an officer gave a name."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Delete, Engine, delete, insert, select

from fraudguard.serve.store.case_tables import saved_view

__all__ = ["SavedView", "SavedViews"]


class SavedView(NamedTuple):
    """A name for the query of an address."""

    name: str
    query: str


class SavedViews:
    """The named filters, each of one officer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self, officer: str) -> Sequence[SavedView]:
        """Return an officer's, by name."""
        query = select(saved_view.c.name, saved_view.c.query).where(saved_view.c.officer == officer)
        with self._engine.connect() as connection:
            return [SavedView(*row) for row in connection.execute(query.order_by(saved_view.c.name))]

    def put(self, officer: str, view: SavedView) -> None:
        """Keep one, in place of one of the same name."""
        with self._engine.begin() as connection:
            connection.execute(_this(officer, view.name))
            connection.execute(insert(saved_view), {"officer": officer, **view._asdict()})

    def remove(self, officer: str, name: str) -> None:
        """Forget one; nothing if there is none."""
        with self._engine.begin() as connection:
            connection.execute(_this(officer, name))


def _this(officer: str, name: str) -> Delete:
    return delete(saved_view).where(saved_view.c.officer == officer, saved_view.c.name == name)
