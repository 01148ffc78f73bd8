"""Write many rows by one statement.

A driver gives up the interpreter's lock at each statement it steps, and a busy service waits long to get it back. So a
group is one statement of many rows, not one of a row many times.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Table

__all__ = ["insert_rows"]

_AT_ONCE: Final = 250
"""Rows of a statement: SQLite takes 32,766 values, PostgreSQL 65,535."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, in their order.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    table : Table
        Where to.
    rows : sequence of sequences
        Values in the order of the table's columns.
    """
    for first in range(0, len(rows), _AT_ONCE):
        group = rows[first : first + _AT_ONCE]
        values = [value for row in group for value in row]
        connection.exec_driver_sql(_statement(table, len(group), connection.dialect.name), tuple(values))


@cache
def _statement(table: Table, n_rows: int, dialect: str) -> str:
    names = [column.name for column in table.columns]
    mark = "?" if dialect == "sqlite" else "%s"
    row = f"({', '.join([mark] * len(names))})"
    return f"insert into {table.name} ({', '.join(names)}) values {', '.join([row] * n_rows)}"  # noqa: S608  # our own names
