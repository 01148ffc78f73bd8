"""`audit`: the trail of who did and saw what, shown, written to a file, and checked link by link."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fraudguard.cli.access import DatabaseOption, JsonOption, open_store
from fraudguard.cli.output import output
from fraudguard.column import from_ms, to_ms
from fraudguard.errors import DataError, GateError

if TYPE_CHECKING:
    from fraudguard.serve.trail_chain import ChainReport, Link

__all__ = ["audit_app"]

audit_app = typer.Typer(no_args_is_help=True, help="留痕的核验与导出 / the trail: check it, export it")

FileOption = Annotated[
    Path | None, typer.Option("--file", help="核验导出的文件而非数据库 / check an exported file, not the database")
]


@audit_app.command("verify")
def verify_trail(*, file: FileOption = None, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """逐行核验留痕的哈希链；断链则退出码 5。 / Check the chain of the trail line by line; exit code 5 when it is broken."""
    from fraudguard.serve.trail_chain import check_chain

    if file is not None:
        report = check_chain(_read(file))
    else:
        with open_store(database) as (store, _):
            # The head first: lines that come meanwhile are not missing.
            number, digest = store.trail.head()
            report = check_chain(_up_to(number, store.trail.links()), head=(number, digest))
    _print(report, as_json=as_json)
    if report.broken_at is not None:
        raise GateError(
            f"the trail is broken at line {report.broken_at}: {report.because_en}; keep the database as it is and compare with an export",
            f"留痕在第 {report.broken_at} 行断链：{report.because_zh}；请保持数据库原样，并与导出文件比对",
        )


@audit_app.command("show")
def show_trail(
    *,
    since: Annotated[
        str | None, typer.Option("--since", help="自何时起，如 2026-03-01T00:00:00+08:00 / from this moment on")
    ] = None,
    actor: Annotated[str, typer.Option("--actor", help="只看某人或某密钥 / only this person or key")] = "",
    act: Annotated[str, typer.Option("--act", help="只看某种操作 / only this act")] = "",
    limit: Annotated[int, typer.Option("--limit", help="至多几行 / lines at most", min=1)] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出留痕，由新到旧。 / Show lines of the trail, the newest first."""
    since_ms = None if since is None else _moment_ms(since)
    with open_store(database) as (store, _):
        rows = store.trail.newest(limit=limit, officer=actor, act=act)
    columns = ("at", "officer", "act", "subject", "detail")
    kept = [row for row in rows if since_ms is None or row.at_ms >= since_ms]
    cells = [(from_ms(row.at_ms).isoformat(), row.officer, row.act, row.subject, row.detail) for row in kept]
    if as_json:
        for one in cells:
            output.write_json(dict(zip(columns, one, strict=True)))
        return
    output.table(columns, cells)


@audit_app.command("export")
def export_trail(
    file: Annotated[Path, typer.Argument(help="JSON Lines 文件 / a file of JSON lines", dir_okay=False)],
    *,
    database: DatabaseOption = None,
) -> None:
    """写成 JSON Lines，可离线核验。 / Write JSON lines that can be checked without the database."""
    with open_store(database) as (store, _), file.open("w", encoding="utf-8") as out:
        count = 0
        for link in store.trail.links():
            out.write(json.dumps(_to_json(link), ensure_ascii=False) + "\n")
            count += 1
    output.say(f"{count} 行写入 {file}", f"{count} lines written to {file}")


def _up_to(number: int, links: "Iterator[Link]") -> "Iterator[Link]":
    with output.step("核验留痕", "Checking the trail") as progress:
        for link in links:
            if link.trail_id > number:
                return
            progress(link.trail_id, number)
            yield link


def _to_json(link: "Link") -> dict[str, Any]:
    return {
        "trail_id": link.trail_id,
        "at_ms": link.at_ms,
        "officer": link.officer,
        "act": link.act,
        "subject": link.subject,
        "detail": link.detail,
        "digest": link.digest.hex(),
    }


def _read(file: Path) -> "Iterator[Link]":
    from fraudguard.serve.trail_chain import Link

    if not file.is_file():
        raise DataError(f"no file {file}", f"没有文件 {file}")
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                said = json.loads(line)
                yield Link(**{**said, "digest": bytes.fromhex(said["digest"])})
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(
                    f"{file}, line {number} is no line of an export", f"{file} 第 {number} 行不是导出的留痕"
                ) from error


def _moment_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise DataError(
            f"--since {text!r} is no moment; write 2026-03-01T00:00:00+08:00",
            f"--since {text!r} 不是时刻；请写成 2026-03-01T00:00:00+08:00",
        ) from error
    if moment.tzinfo is None:
        raise DataError("--since has no zone; add Z or +08:00", "--since 没有时区；请加 Z 或 +08:00")
    return to_ms(moment)


def _print(report: "ChainReport", *, as_json: bool) -> None:
    if as_json:
        output.write_json({
            "checked": report.checked,
            "digest": report.digest.hex(),
            "broken_at": report.broken_at,
            "because": report.because_en or None,
        })
        return
    output.say(
        f"{report.checked} 行无误，末行哈希 {report.digest.hex()}",
        f"{report.checked} lines are sound; hash of the last: {report.digest.hex()}",
    )
