"""What only SQLite needs: its settings, its copy, and a file that may go away.

An open file that is removed or replaced can still be written to, and what is
written is lost. So each use of a connection looks at the file's name first.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Dialect, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from fraudguard.errors import NotReadyError

__all__ = ["copy_sqlite", "require_file", "sqlite_engine"]

_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_IDENTITY: Final = "identity of the file"


def sqlite_engine(url: URL) -> Engine:
    """Return an engine on a file; once the file was there, no other is created in its place.

    Parameters
    ----------
    url : URL
        Names the file.

    Returns
    -------
    Engine
        Its connections follow the name, not the file once opened.
    """
    engine = create_engine(url, hide_parameters=True)
    file = _File(Path(str(url.database)))
    event.listen(engine, "do_connect", file.require_there)
    event.listen(engine, "connect", file.note)
    event.listen(engine, "checkout", file.require_same)
    return engine


def require_file(url: URL) -> None:
    """Go on only if the file that a URL names is there: connecting would make an empty one.

    Parameters
    ----------
    url : URL
        Of any database; one that is not SQLite has no file.

    Raises
    ------
    NotReadyError
        If there is no such file.
    """
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise NotReadyError(
            f"there is no database {url.database}; run: fraudguard db init",
            f"没有数据库 {url.database}；请运行：fraudguard db init",
        )


def copy_sqlite(source: Path, out: Path) -> None:
    """Copy a database to a new file while it is in use.

    Parameters
    ----------
    source : Path
        The database.
    out : Path
        Appears only when it is whole.
    """
    part = out.with_name(out.name + ".part")
    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(part)) as new:
        old.backup(new)
    part.rename(out)


class _File:
    """The file under a name, as the pool of an engine sees it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._was_there = False

    def require_there(self, _dialect: Dialect, _entry: object, _arguments: object, _options: object) -> None:
        """Refuse to make a new, empty file where one was.

        Raises
        ------
        NotReadyError
            If there is none now.
        """
        if self._was_there and self._identity() is None:
            raise NotReadyError(
                "the database file is gone; put it back, the service goes on by itself",
                "数据库文件不见了；请放回原处，服务会自行恢复",
            )

    def note(self, connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
        """Set up a new connection and note which file it is on."""
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()
        entry.info[_IDENTITY] = self._identity()
        self._was_there = self._was_there or entry.info[_IDENTITY] is not None

    def require_same(self, _connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        """Let a connection be used only while the name leads to its file.

        Raises
        ------
        DisconnectionError
            If it does not; the pool then connects again.
        """
        if entry.info[_IDENTITY] != self._identity():
            raise DisconnectionError("the database file was replaced or removed")

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
