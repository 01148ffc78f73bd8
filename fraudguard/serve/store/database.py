"""Open the database: the same code on SQLite and PostgreSQL."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NoReturn, Self

import msgspec
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)

from fraudguard.errors import ConflictError, DefinitionError, NotFoundError, NotReadyError
from fraudguard.serve.store.alerts import Alerts
from fraudguard.serve.store.appeals import Appeals
from fraudguard.serve.store.cases import Cases
from fraudguard.serve.store.decisions import Decisions
from fraudguard.serve.store.gathering import Gathering
from fraudguard.serve.store.grouped import insert_rows
from fraudguard.serve.store.holds import Holds
from fraudguard.serve.store.keys import Keys
from fraudguard.serve.store.late_answers import LateAnswers
from fraudguard.serve.store.lists import Lists
from fraudguard.serve.store.log import Log
from fraudguard.serve.store.migration import is_current, upgrade
from fraudguard.serve.store.officers import Officers
from fraudguard.serve.store.outbox import Outbox, tell
from fraudguard.serve.store.right import FileRight, Right, ServerRight
from fraudguard.serve.store.rows import Record
from fraudguard.serve.store.saved_views import SavedViews
from fraudguard.serve.store.second_factors import SecondFactors
from fraudguard.serve.store.sessions import Attempts, Sessions
from fraudguard.serve.store.shadows import Shadows
from fraudguard.serve.store.sqlite import copy_sqlite, require_file, sqlite_engine
from fraudguard.serve.store.tables import decision, log, shadow
from fraudguard.serve.store.told import events_of
from fraudguard.serve.store.trail import Trail
from fraudguard.serve.store.webhooks import Webhooks

__all__ = ["Store"]

# A network that goes quiet gives no error by itself, and a writer would wait for it for ever. The address may set others.
_PATIENCE: Final = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "tcp_user_timeout": 10_000}


class Store:
    """One open database, with a part for each thing kept in it.

    Parameters
    ----------
    engine : Engine
        From `Store.open`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._right: Right = FileRight(engine) if engine.dialect.name == "sqlite" else ServerRight(engine)
        self.log = Log(engine)
        self.decisions = Decisions(engine)
        self.alerts = Alerts(engine)
        self.shadows = Shadows(engine)
        self.late_answers = LateAnswers(engine)
        self.lists = Lists(engine)
        self.holds = Holds(engine)
        self.appeals = Appeals(engine)
        self.officers = Officers(engine)
        self.sessions = Sessions(engine)
        self.attempts = Attempts(engine)
        self.cases = Cases(engine)
        self.gathering = Gathering(engine)
        self.saved_views = SavedViews(engine)
        self.second_factors = SecondFactors(engine)
        self.trail = Trail(engine)
        self.keys = Keys(engine)
        self.webhooks = Webhooks(engine)
        self.outbox = Outbox(engine)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a database.

        Parameters
        ----------
        url : str
            SQLAlchemy URL: ``sqlite:///file.db`` or ``postgresql://…``.

        Returns
        -------
        Store
            Nothing is read or written yet.

        Raises
        ------
        DefinitionError
            If the URL is neither.
        """
        return cls(_engine(_parsed(url)))

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; None for PostgreSQL."""
        return Path(str(self.engine.url.database)) if self.engine.dialect.name == "sqlite" else None

    def upgrade(self) -> None:
        """Create or migrate the tables."""
        upgrade(self.engine)

    def require_current(self) -> None:
        """Go on only if the database is there, reachable and migrated.

        Raises
        ------
        NotReadyError
            If it is not.
        """
        require_file(self.engine.url)
        try:
            current = is_current(self.engine)
        except SQLAlchemyError as error:
            _refuse(error)
        if not current:
            raise NotReadyError(
                "the database is not migrated; run: fraudguard db upgrade",
                "数据库未迁移到当前版本；请运行：fraudguard db upgrade",
            )

    def write(self, records: Sequence[Record]) -> None:
        """Write records in one transaction, durably, in the order given.

        Raises
        ------
        NotReadyError
            If the log does not end just before the first of them, or cannot be reached.
        ConflictError
            If this process had the right to append, lost it with its connection, and another has it now.
        """
        logged = [msgspec.structs.astuple(record.log) for record in records]
        decided = [(r.log.seq, *msgspec.structs.astuple(r.decision)) for r in records if r.decision is not None]
        shadowed = [(r.log.seq, *msgspec.structs.astuple(r.shadow)) for r in records if r.shadow is not None]
        with self._right.writing() as connection:
            _require_end(connection, records[0].log.seq - 1)
            insert_rows(connection, log, logged)
            insert_rows(connection, decision, decided)
            insert_rows(connection, shadow, shadowed)
            tell(connection, events_of(records))

    def require_writable(self) -> None:
        """Go on only if the database takes what is written.

        Raises
        ------
        NotReadyError
            If its disk is full, or if it only reads or cannot be reached.
        """
        self._right.require_writable()

    def resume(self) -> None:
        """Be sure of all that writing needs, before a state is built for it; nothing may be written meanwhile.

        Raises
        ------
        NotReadyError
            If the database takes nothing, or cannot be reached.
        ConflictError
            If this process had the right to append, lost it with its connection, and another has it now.
        """
        self.require_writable()
        self._right.renew()

    def sole_writer(self) -> AbstractContextManager[None]:
        """Hold the right to append to the log; only one process may.

        Raises
        ------
        ConflictError
            If another process holds it.
        """
        return self._right.held()

    def backup(self, out: Path) -> None:
        """Copy a SQLite database to a new file while it is in use.

        Raises
        ------
        DefinitionError
            If the store is not SQLite: PostgreSQL has pg_dump.
        ConflictError
            If the file exists.
        NotFoundError
            If there is no database yet.
        """
        if self.engine.dialect.name != "sqlite":
            raise DefinitionError("db backup copies SQLite only; use pg_dump", "db backup 只支持 SQLite；请用 pg_dump")
        if out.exists():
            raise ConflictError(f"{out} exists; name a new file", f"{out} 已存在；请换一个文件名")
        source = Path(str(self.engine.url.database))
        if not source.is_file():
            raise NotFoundError(f"no database at {source}", f"没有数据库 {source}")
        copy_sqlite(source, out)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DefinitionError(
            "the database URL cannot be read; write sqlite:///fraudguard.db or postgresql://user@host/name",
            "数据库地址无法识别；请写成 sqlite:///fraudguard.db 或 postgresql://user@host/name",
        ) from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise DefinitionError(
            f"database {parsed.get_backend_name()} is not supported; there are sqlite and postgresql",
            f"不支持数据库 {parsed.get_backend_name()}；可用 sqlite 与 postgresql",
        )
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        if url.database in {None, "", ":memory:"}:
            raise DefinitionError(
                "the store needs a file: sqlite:///fraudguard.db", "须指定文件：sqlite:///fraudguard.db"
            )
        engine = sqlite_engine(url)
    else:
        engine = _postgresql_engine(url)
    event.listen(engine, "handle_error", _tell_unreachable)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    try:
        patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
    except (ImportError, NoSuchModuleError) as error:
        raise DefinitionError(
            "PostgreSQL needs its driver; run: pip install 'fraudguard[postgres]'",
            "使用 PostgreSQL 需安装驱动：pip install 'fraudguard[postgres]'",
        ) from error


def _tell_unreachable(context: ExceptionContext) -> None:
    # A lock, a full disk, a lost connection: the same request may succeed later.
    error = context.sqlalchemy_exception
    if context.is_pre_ping:
        return  # nobody has asked anything of it yet: the pool connects again
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        _refuse(error)


# As text: to put the query together costs more than to run it, and each group of records asks.
_LAST_PLACE: Final = "select max(seq) from log"


def _require_end(connection: Connection, place: int) -> None:
    # The state was folded from a log that ended here. If it ends elsewhere it is
    # another log: a restored copy, or one that somebody else has written to.
    if (connection.exec_driver_sql(_LAST_PLACE).scalar() or 0) != place:
        raise NotReadyError(
            "the log is not the one the state was built from; try the same request later",
            "日志与内存状态不符；请稍后重试同一请求",
        )


def _refuse(error: SQLAlchemyError) -> NoReturn:
    # Only the kind: the text of a driver may hold values or a password.
    kind = type(getattr(error, "orig", None) or error).__name__
    raise NotReadyError(
        f"the database cannot be reached ({kind}); check its address, its disk and who else uses it",
        f"无法使用数据库（{kind}）；请检查地址、磁盘空间，以及是否被占用",
    ) from error
