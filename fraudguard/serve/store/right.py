"""The right to append to the log: one process has it at a time.

On SQLite it is a lock on a file beside the database, and lasts as long as the process. On PostgreSQL it is a lock of a connection and is
lost with it, without a word: so what its holder writes goes through that very connection, and the right is taken again before
anything goes through another one.
"""

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, text

from fraudguard.errors import ConflictError, NotReadyError

__all__ = ["FileRight", "Right", "ServerRight"]

_LOCK: Final = {"key": 0x46524155}  # one number for all fraudguard logs of a PostgreSQL database
_ROOM_BYTES: Final = 1 << 20
"""A group of records under load takes no more."""

# A server that does not see its client go keeps the lock for hours, and the client out.
_NOTICE_SOON: Final = text(
    "select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), "
    "set_config('tcp_keepalives_count', '3', false)"
)


class Right(Protocol):
    """The right to append to one log."""

    def held(self) -> AbstractContextManager[None]:
        """Hold it; raises ConflictError if another process does."""
        ...

    def renew(self) -> None:
        """Take it again if it was held and is lost; nothing may be written meanwhile."""
        ...

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a transaction that is committed at its end; while the right is held, one under it."""
        ...

    def require_writable(self) -> None:
        """Go on only if the database takes what is written; raises NotReadyError."""
        ...


class FileRight:
    """The right to append to a SQLite database.

    Parameters
    ----------
    engine : Engine
        On a file.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = Path(str(engine.url.database))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold it; raises ConflictError if another process does."""  # noqa: DOC501  # it is said
        with Path(f"{self._file}.lock").open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _is_held_elsewhere() from error
            yield

    def renew(self) -> None:
        """Do nothing: it lasts."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a transaction."""
        return self._engine.begin()

    def require_writable(self) -> None:
        """Go on only if there is room beside the database.

        Raises
        ------
        NotReadyError
            If there is not, or if nothing can be written there.
        """
        try:
            with tempfile.TemporaryFile(dir=self._file.absolute().parent) as file:
                os.posix_fallocate(file.fileno(), 0, _ROOM_BYTES)
        except OSError as error:
            kind = errno.errorcode.get(error.errno or 0, "OSError")
            raise NotReadyError(
                f"the disk of the database takes nothing more ({kind}); make room, the service goes on by itself",
                f"数据库所在磁盘无法写入（{kind}）；请腾出空间，服务会自行恢复",
            ) from error


class ServerRight:
    """The right to append to the log of a PostgreSQL database.

    Parameters
    ----------
    engine : Engine
        On the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._is_wanted = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold it; raises ConflictError if another process does."""
        self._connection, self._is_wanted = self._taken(), True
        try:
            yield
        finally:
            self._is_wanted = False
            self._let_go()

    def renew(self) -> None:
        """Take it again if it was held and is lost; nothing may be written meanwhile."""
        if self._is_wanted:
            self._sure()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is committed at its end; while the right is held, one under it."""
        if self._is_wanted:
            connection = self._sure()
            with connection.begin():
                yield connection
        else:
            with self._engine.begin() as connection:
                yield connection

    def require_writable(self) -> None:
        """Go on only if the database is not a copy that only reads.

        Raises
        ------
        NotReadyError
            If it is, or cannot be reached.
        """
        with self._engine.connect() as connection:
            if connection.scalar(text("show transaction_read_only")) == "on":
                raise NotReadyError(
                    "the database only reads; name the one that is written to", "数据库只读；请改用可写的主库"
                )

    def _sure(self) -> Connection:
        if self._connection is None or not self._answers(self._connection):
            self._let_go()
            self._connection = self._taken()
        return self._connection

    def _answers(self, connection: Connection) -> bool:
        # One that is lost would be replaced without a word, and the other has no lock.
        if connection.invalidated:
            return False
        dialect = self._engine.dialect
        try:
            return dialect.do_ping(connection.connection)
        except dialect.loaded_dbapi.Error:
            return False

    def _taken(self) -> Connection:
        connection = self._engine.connect()
        connection.detach()  # to be closed, not to be lent to others with the lock on it
        with contextlib.ExitStack() as undo:
            undo.callback(connection.close)
            with connection.begin():
                if not connection.scalar(text("select pg_try_advisory_lock(:key)"), _LOCK):
                    raise _is_held_elsewhere()
                connection.execute(_NOTICE_SOON)
            undo.pop_all()
        return connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(NotReadyError), connection:  # a lost connection has let go of the lock already
            connection.execute(text("select pg_advisory_unlock(:key)"), _LOCK)


def _is_held_elsewhere() -> ConflictError:
    return ConflictError(
        "another process appends to this log; stop the service first, or use its API",
        "另一进程正在写入该日志；请先停止服务，或改用其接口",
    )
