"""`lists`: the watch list and the exemption list, from a shell and from files."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from fraudguard.cli.access import DatabaseOption, JsonOption, open_store
from fraudguard.cli.output import output
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import DataError

if TYPE_CHECKING:
    from fraudguard.clock import Clock
    from fraudguard.serve.lists import ListService
    from fraudguard.serve.store import Store
    from fraudguard.serve.store.lists import EntryRow, Listed

__all__ = ["lists_app"]

lists_app = typer.Typer(no_args_is_help=True, help="关注与豁免名单 / the watch list and the exemption list")

ListArgument = Annotated[Literal["watch", "exempt"], typer.Argument(help="名单 / which list", metavar="watch|exempt")]
AuthorOption = Annotated[str, typer.Option("--author", help="由谁经办 / who says so")]
COLUMNS = ("entry_id", "account_id", "payer_account_id", "reason_code", "expires_at", "note", "evidence")
"""Of a file of entries; the first may be left empty or away, and what is optional too."""

_NEEDED = frozenset({"account_id", "reason_code", "expires_at"})


@lists_app.command("add")
def add_entry(
    list_name: ListArgument,
    account_id: Annotated[str, typer.Argument(help="收款账户 / the payee's account", metavar="ACCOUNT")],
    *,
    reason: Annotated[str, typer.Option("--reason", help="原因 / reason, such as reported_by_victim")],
    days: Annotated[int, typer.Option(help="有效天数 / days until it expires", min=1, max=366)],
    author: AuthorOption,
    payer: Annotated[
        str | None, typer.Option("--payer", help="只对这个付款账户 / only for this payer's account")
    ] = None,
    note: Annotated[str | None, typer.Option(help="说明 / in words")] = None,
    evidence: Annotated[str | None, typer.Option(help="凭据 / where the proof is")] = None,
    database: DatabaseOption = None,
) -> None:
    """列入名单。 / Put an account on a list."""
    with _lists(database) as (service, _, clock):
        expires_at = clock.now() + timedelta(days=days)
        said = {"payer_account_id": payer, "note": note, "evidence": evidence}
        listed, _ = service.add(_entry(list_name, account_id, reason, expires_at, author=author, clock=clock, **said))
    output.say(f"已列入，编号 {listed.entry.entry_id}", f"Listed as {listed.entry.entry_id}")


@lists_app.command("revoke")
def revoke_entry(
    entry_id: Annotated[str, typer.Argument(help="条目编号 / id of the entry", metavar="ENTRY")],
    *,
    author: AuthorOption,
    note: Annotated[str, typer.Option(help="为何撤销 / why")],
    database: DatabaseOption = None,
) -> None:
    """撤销条目，记录仍保留。 / Revoke an entry; it stays on record."""
    with _lists(database) as (service, _, _clock):
        service.revoke(entry_id, author=author, note=note)
    output.say(f"已撤销 {entry_id}", f"{entry_id} is revoked")


@lists_app.command("show")
def show_entries(
    list_name: ListArgument,
    *,
    everything: Annotated[bool, typer.Option("--all", help="含已失效的 / also those that no longer count")] = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出条目，由新到旧。 / Show entries, the newest first."""
    columns = (*COLUMNS[:5], "author", "in_force")
    with _lists(database) as (_, store, clock):
        now_ms = to_ms(clock.now())
        rows = [_cells(listed, now_ms) for listed in _all(store, list_name)]
    kept = [row for row in rows if everything or row[-1]]
    if as_json:
        for row in kept:
            output.write_json(dict(zip(columns, row, strict=True)))
        return
    output.table(columns, kept)


@lists_app.command("import")
def import_entries(
    list_name: ListArgument,
    file: Annotated[Path, typer.Argument(help="CSV 文件 / CSV file", exists=True, dir_okay=False)],
    *,
    author: AuthorOption,
    database: DatabaseOption = None,
) -> None:
    """从 CSV 列入多条，全部合格才写入。 / List the entries of a CSV file; none unless all of them fit."""
    with _lists(database) as (service, _, clock):
        rows = list(_read(file, list_name, author=author, clock=clock))
        added = sum(not service.add(row)[1] for row in rows)
    output.say(
        f"{added} 条新列入，{len(rows) - added} 条原已在册",
        f"{added} entries added, {len(rows) - added} were there before",
    )


@lists_app.command("export")
def export_entries(
    list_name: ListArgument,
    file: Annotated[Path, typer.Argument(help="CSV 文件 / CSV file", dir_okay=False)],
    *,
    database: DatabaseOption = None,
) -> None:
    """把有效条目写成 CSV，可再导入。 / Write the entries in force to a CSV file that can be imported again."""
    with _lists(database) as (_, store, clock):
        entries = [one for one in store.lists.in_force(to_ms(clock.now())) if one.kind == list_name]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        writer.writerows(_texts(entry) for entry in entries)
    output.say(f"{len(entries)} 条写入 {file}", f"{len(entries)} entries written to {file}")


def _read(file: Path, list_name: str, *, author: str, clock: "Clock") -> Iterator["EntryRow"]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        _require_columns(file, reader.fieldnames or ())
        for number, line in enumerate(reader, start=2):
            said = {name: (line.get(name) or "").strip() or None for name in COLUMNS}
            try:
                yield _of_line(list_name, said, author=author, clock=clock)
            except (DataError, ValueError) as error:
                told = error if isinstance(error, DataError) else DataError(str(error), str(error))
                raise DataError(f"{file}, line {number}: {told.en}", f"{file} 第 {number} 行：{told.zh}") from error


def _require_columns(file: Path, found: Sequence[str]) -> None:
    missing, unknown = sorted(_NEEDED - set(found)), sorted(set(found) - set(COLUMNS))
    if missing or unknown:
        raise DataError(
            f"{file}: missing columns {missing}, unknown columns {unknown}; there are {list(COLUMNS)}",
            f"{file}：缺少列 {missing}，未知的列 {unknown}；可用的有 {list(COLUMNS)}",
        )


def _of_line(list_name: str, said: dict[str, str | None], *, author: str, clock: "Clock") -> "EntryRow":
    for name in sorted(_NEEDED):
        if said[name] is None:
            raise DataError(f"column {name} is empty", f"列 {name} 为空")
    expires_at = datetime.fromisoformat(str(said["expires_at"]))
    if expires_at.tzinfo is None:
        raise DataError("expires_at has no zone; add Z or +08:00", "expires_at 没有时区；请加 Z 或 +08:00")
    optional = {name: said[name] for name in ("entry_id", "payer_account_id", "note", "evidence")}
    return _entry(
        list_name, str(said["account_id"]), str(said["reason_code"]), expires_at, author=author, clock=clock, **optional
    )


def _entry(  # what an entry says
    list_name: str,
    account_id: str,
    reason: str,
    expires_at: datetime,
    *,
    author: str,
    clock: "Clock",
    **optional: str | None,
) -> "EntryRow":
    from fraudguard.decision import ListKind
    from fraudguard.serve.lists import ListReason, new_entry

    if reason not in set(ListReason):
        known = ", ".join(ListReason)
        raise DataError(f"no reason {reason!r}; there are {known}", f"没有原因 {reason!r}；可用的有 {known}")
    return new_entry(
        kind=ListKind(list_name),
        account_id=account_id,
        reason=ListReason(reason),
        author=author,
        at=clock.now(),
        expires_at=expires_at,
        **optional,
    )


def _all(store: "Store", list_name: str) -> Iterator["Listed"]:
    before: int | None = None
    while rows := store.lists.page(before=before, limit=1_000, kind=list_name):
        yield from rows
        before = rows[-1].place


def _texts(entry: "EntryRow") -> tuple[str, ...]:
    moment = from_ms(entry.expires_at_ms).isoformat()
    cells = (
        entry.entry_id,
        entry.account_id,
        entry.payer_account_id,
        entry.reason_code,
        moment,
        entry.note,
        entry.evidence,
    )
    return tuple("" if cell is None else cell for cell in cells)


def _cells(listed: "Listed", now_ms: int) -> tuple[str | bool, ...]:
    entry = listed.entry
    in_force = listed.revocation is None and entry.expires_at_ms > now_ms
    return (*_texts(entry)[:5], entry.author, in_force)


@contextmanager
def _lists(database: str | None) -> Iterator[tuple["ListService", "Store", "Clock"]]:
    from fraudguard.clock import SystemClock
    from fraudguard.serve.list_book import ListBook
    from fraudguard.serve.lists import ListService

    clock = SystemClock()
    with open_store(database) as (store, _):
        yield ListService(store=store, book=ListBook(store, clock), clock=clock), store, clock
