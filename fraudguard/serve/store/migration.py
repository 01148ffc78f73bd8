"""Bring the tables of a store to what this version of the package needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

__all__ = ["is_current", "newest_revision", "present_revision", "upgrade"]


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database has not seen; nothing when there is none.

    Parameters
    ----------
    engine : Engine
        The database.
    """
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def is_current(engine: Engine) -> bool:
    """Return whether the database has every migration of this version.

    Parameters
    ----------
    engine : Engine
        The database.

    Returns
    -------
    bool
        False also when the database is newer than this version.
    """
    return present_revision(engine) == newest_revision()


def present_revision(engine: Engine) -> str | None:
    """Return the migration that a database stands at, None when it has no tables.

    Parameters
    ----------
    engine : Engine
        The database.

    Returns
    -------
    str or None
        Its name.
    """
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the newest migration of this version of the package.

    Returns
    -------
    str or None
        Its name.
    """
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
