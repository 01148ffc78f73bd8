"""Triggers by which the database itself refuses to change or remove a row."""

from alembic import op

__all__ = ["make_final"]


def make_final(table: str) -> None:
    """Let a table only grow.

    Parameters
    ----------
    table : str
        One of ours, just created.
    """
    if op.get_bind().dialect.name == "postgresql":
        _make_final_on_postgresql(table)
    else:
        _make_final_on_sqlite(table)


def _make_final_on_sqlite(table: str) -> None:
    for change in ("update", "delete"):
        op.execute(
            f"create trigger {table}_refuses_{change} before {change} on {table} "
            f"begin select raise(abort, 'a row of {table} is never changed or removed'); end"
        )


def _make_final_on_postgresql(table: str) -> None:
    op.execute(
        f"create function {table}_is_final() returns trigger language plpgsql as $$ "
        f"begin raise exception 'a row of {table} is never changed or removed'; end $$"
    )
    op.execute(
        f"create trigger {table}_is_final before update or delete or truncate on {table} "
        f"for each statement execute function {table}_is_final()"
    )
