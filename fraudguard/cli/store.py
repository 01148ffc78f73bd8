"""`db` and `export`: the store, from history to service and back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fraudguard.cli.output import output
from fraudguard.column import Event, from_ms, to_ms
from fraudguard.errors import DefinitionError, NotFoundError, ReusedIdError

if TYPE_CHECKING:
    from fraudguard.progress import Progress
    from fraudguard.serve.store import Store
    from fraudguard.serve.store.rows import Kind, LogRow

__all__ = ["db_app", "export", "load_events"]

db_app = typer.Typer(no_args_is_help=True, help="数据库 / the store")

_GROUP: Final = 5_000

DatabaseOption = Annotated[str | None, typer.Option("--database", help="数据库地址 / database URL")]


@db_app.command("init")
def init(*, database: DatabaseOption = None) -> None:
    """建立数据库。 / Create the tables."""
    with _opened(database) as store:
        store.upgrade()
    output.say("数据库已就绪", "The database is ready")


@db_app.command("upgrade")
def upgrade(*, database: DatabaseOption = None) -> None:
    """迁移到当前版本。 / Apply the migrations of this version."""
    init(database=database)


@db_app.command("check")
def check(
    *,
    database: DatabaseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """检查数据库是否可用。 / Tell whether the database is reachable and migrated; exit code 4 when not."""
    with _opened(database) as store:
        store.require_current()
        state = {"migrated": True, "events": store.log.count()}
    if as_json:
        output.write_json(state)
    else:
        output.record(state)


@db_app.command("backup")
def backup(
    out: Annotated[Path, typer.Argument(help="备份文件 / file to write", metavar="FILE")],
    *,
    database: DatabaseOption = None,
) -> None:
    """在线备份 SQLite。 / Copy a SQLite database while it is in use."""
    with _opened(database) as store:
        store.require_current()
        store.backup(out)
    output.say(f"已备份到 {out}", f"Copied to {out}")


@db_app.command("load")
def load(
    data: Annotated[Path, typer.Argument(help="数据集文件夹 / dataset folder", metavar="DATA")],
    *,
    database: DatabaseOption = None,
) -> None:
    """把数据集的事件按日志顺序写入日志。 / Put the events of a dataset into the log; again changes nothing."""
    from fraudguard.tables import read_dataset
    from fraudguard.tables.events import events_in_log_order

    dataset = read_dataset(data)
    total = sum(len(table) for table in (dataset.transfers, dataset.accounts, dataset.signals, dataset.findings))
    with _opened(database) as store, store.sole_writer(), output.step("写入日志", "Loading the log") as progress:
        store.require_current()
        added = load_events(store, events_in_log_order(dataset), total=total, progress=progress)
    output.say(f"新增 {added} 条，已有 {total - added} 条", f"{added} added, {total - added} were there")


def export(
    out: Annotated[Path, typer.Argument(help="要写的数据集文件夹 / dataset folder to write", metavar="OUT")],
    *,
    until: Annotated[str | None, typer.Option(help="只要此刻之前的 / only before this moment")] = None,
    database: DatabaseOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有数据集 / replace a dataset")] = False,
) -> None:
    """把日志写成数据集文件夹。 / Write the log as a dataset folder that train takes."""
    from fraudguard.cli.history import to_table
    from fraudguard.serve.store.rows import EVENT_TYPES, Kind
    from fraudguard.tables import DatasetMeta, write_dataset

    end_ms = None if until is None else to_ms(_moment(until))
    found: dict[Kind, list[Event]] = {kind: [] for kind in Kind}
    with _opened(database) as store:
        store.require_current()
        for row in store.log.read():
            if end_ms is None or _known_at_ms(row) < end_ms:
                found[row.kind].append(row.event)
    if not found[Kind.TRANSFER]:
        raise NotFoundError("the log has no transfer before that moment", "日志中没有该时刻之前的转账")
    tables = {kind: to_table(events, EVENT_TYPES[kind]) for kind, events in found.items()}
    write_dataset(
        out,
        transfers=tables[Kind.TRANSFER],
        accounts=tables[Kind.ACCOUNT],
        signals=tables[Kind.SIGNAL],
        findings=tables[Kind.FINDING],
        meta=DatasetMeta(name=out.name, source="export of a fraudguard log"),
        overwrite=overwrite,
    )
    output.say(f"已写入 {out}", f"Written to {out}")


def load_events(store: "Store", events: Iterator[Event], *, total: int, progress: "Progress") -> int:
    """Append events to the log, but for those that are there, and return how many were added.

    Parameters
    ----------
    store : Store
        Held by `Store.sole_writer`.
    events : iterator of Event
        In log order.
    total : int
        How many there are.
    progress : Progress
        Told after each group.

    Returns
    -------
    int
        Events added.

    Raises
    ------
    ReusedIdError
        If an id is there with another content.
    """
    from fraudguard.serve.store.rows import Record

    done = added = 0
    place = store.log.last_place()
    while group := list(islice(events, _GROUP)):
        rows = _new_rows(store, group, after=place)
        if rows:
            store.write([Record(row) for row in rows])
            place = rows[-1].seq
        done, added = done + len(group), added + len(rows)
        progress(done, total)
    return added


def _new_rows(store: "Store", group: Sequence[Event], *, after: int) -> list["LogRow"]:
    """Return the rows of a group that a store does not hold, each once: a dataset may say the same of an account twice."""
    import msgspec

    from fraudguard.serve.store.rows import log_row

    rows = [log_row(0, event, getattr(event, "event_time", from_ms(0))) for event in group]
    known = _known(store, rows)
    fresh: list[LogRow] = []
    for row in rows:
        body = known.get((row.kind, row.event_id))
        if body is None:
            fresh.append(row)
            known[row.kind, row.event_id] = row.body
        elif body != row.body:
            raise _reused(row)
    return [msgspec.structs.replace(row, seq=after + number) for number, row in enumerate(fresh, start=1)]


def _known(store: "Store", rows: Sequence["LogRow"]) -> dict[tuple["Kind", str], bytes]:
    from fraudguard.serve.store.rows import Kind

    wanted = {kind: [row.event_id for row in rows if row.kind is kind] for kind in Kind}
    found = (row for kind, ids in wanted.items() if ids for row in store.log.find_many(kind, ids))
    return {(row.kind, row.event_id): row.body for row in found}


def _reused(row: "LogRow") -> ReusedIdError:
    return ReusedIdError(
        f"{row.kind.value} is in the log with another content; load into an empty database or give it a new id",
        f"{row.kind.value} 已以其他内容在日志中；请载入空数据库或换编号",
    )


def _known_at_ms(row: "LogRow") -> int:
    return row.event_time_ms if row.kind == "transfer" else row.received_at_ms


def _moment(text: str) -> datetime:
    from datetime import timedelta, timezone

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DefinitionError(
            f"--until {text}: write a time like 2026-01-31 or 2026-01-31T08:00:00+08:00",
            f"--until {text}：请写成 2026-01-31 或 2026-01-31T08:00:00+08:00",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=8)))


@contextmanager
def _opened(database: str | None) -> Iterator["Store"]:
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.store import Store

    store = Store.open(load_settings(database=database).database)
    try:
        yield store
    finally:
        store.close()
