"""`snapshot`: files that spare a start most of the log; written, listed, verified."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.output import output
from fraudguard.errors import DefinitionError, FraudguardError, GateError, NotFoundError

if TYPE_CHECKING:
    from fraudguard.features import FeaturePlan
    from fraudguard.serve.snapshots import SnapshotFile, Snapshots
    from fraudguard.serve.store import Store

__all__ = ["snapshot_app"]

snapshot_app = typer.Typer(no_args_is_help=True, help="内存状态的快照 / snapshots of the state")

DatabaseOption = Annotated[str | None, typer.Option("--database", help="数据库地址 / database URL")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--snapshots", help="快照文件夹，默认在 SQLite 文件旁 / folder, default beside a SQLite file"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    store: "Store"
    plan: "FeaturePlan"
    snapshots: "Snapshots"


@snapshot_app.command("write")
def write(
    *,
    database: DatabaseOption = None,
    catalog: CatalogOption = None,
    snapshots: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """现在写一个快照；服务运行时也可以。 / Write one now; a service may be running."""
    from msgspec.structs import asdict

    from fraudguard.features import OnlineFeatures
    from fraudguard.serve.snapshot_writer import write_next

    with _opened(database, catalog, snapshots) as opened, output.step("写快照", "Writing a snapshot") as progress:
        written = write_next(opened.store, opened.snapshots, lambda: OnlineFeatures(opened.plan), progress=progress)
    if as_json:
        output.write_json(asdict(written))
    else:
        output.record(asdict(written))
    if written.differing:
        output.say(
            f"沿途重算的 {written.checked} 个已存特征中有 {written.differing} 个不符；请运行 fraudguard parity",
            f"{written.differing} of {written.checked} stored vectors computed again on the way differ; run fraudguard parity",
        )


@snapshot_app.command("list")
def list_snapshots(
    *,
    database: DatabaseOption = None,
    catalog: CatalogOption = None,
    snapshots: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出快照，新者在前。 / List them, the newest first."""
    with _opened(database, catalog, snapshots) as opened:
        rows = [_row(file, opened) for file in opened.snapshots.files()]
        folder = opened.snapshots.folder
    if as_json:
        output.write_json({"folder": str(folder), "snapshots": rows})
    elif rows:
        output.table(tuple(rows[0]), [tuple(row.values()) for row in rows])
    else:
        output.say(f"{folder} 中没有快照", f"There is no snapshot in {folder}")


@snapshot_app.command("verify")
def verify(
    *,
    database: DatabaseOption = None,
    catalog: CatalogOption = None,
    snapshots: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """核对每个快照：完整、属于本日志，其后的已存特征逐位相同；否则退出码 5。 / Check each: whole, of this log, and every vector stored after it comes out again; exit code 5 when not."""
    with _opened(database, catalog, snapshots) as opened:
        files = opened.snapshots.files()
        if not files:
            raise NotFoundError(
                f"there is no snapshot in {opened.snapshots.folder}; run: fraudguard snapshot write",
                f"{opened.snapshots.folder} 中没有快照；请运行：fraudguard snapshot write",
            )
        rows = [_row(file, opened) | _verified(file, opened) for file in files]
    if as_json:
        output.write_json({"snapshots": rows})
    else:
        output.table(tuple(rows[0]), [tuple(row.values()) for row in rows])
    _require_all(rows)


def _row(file: "SnapshotFile", opened: _Opened) -> dict[str, Any]:
    return {
        "file": file.path.name,
        "place": file.place,
        "behind": opened.store.log.last_place() - file.place,
        "n_bytes": file.n_bytes,
    }


def _verified(file: "SnapshotFile", opened: _Opened) -> dict[str, Any]:
    from fraudguard.serve.state import follow

    try:
        state = opened.snapshots.read(file)
    except FraudguardError as error:
        return {"checked": 0, "differing": 0, "state": error.text(output.lang)}
    report = follow(opened.store, state, prove_after=state.place)
    told = "differs" if report.differing else "ok"
    return {"checked": report.checked, "differing": report.differing, "state": told}


def _require_all(rows: list[dict[str, Any]]) -> None:
    bad = [row["file"] for row in rows if row["state"] != "ok"]
    if bad:
        raise GateError(
            f"{len(bad)} of {len(rows)} snapshots cannot be used: {', '.join(bad)}; remove them, a start passes them over",
            f"{len(rows)} 个快照中有 {len(bad)} 个不能使用：{'、'.join(bad)}；请删除，启动时会跳过它们",
        )
    output.say(f"{len(rows)} 个快照可用", f"{len(rows)} snapshots can be used")


@contextmanager
def _opened(database: str | None, catalog: Path | None, folder: Path | None) -> Iterator[_Opened]:
    from fraudguard.features import compile_plan
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.snapshots import Snapshots, snapshot_folder
    from fraudguard.serve.store import Store

    settings = load_settings(database=database, catalog=catalog, snapshots=folder)
    plan = compile_plan(chosen_catalog(settings.catalog))
    store = Store.open(settings.database)
    try:
        store.require_current()
        chosen = snapshot_folder(settings, store)
        if chosen is None:
            raise DefinitionError(
                "PostgreSQL has no file to keep snapshots beside; name a folder with --snapshots or FRAUDGUARD_SNAPSHOTS",
                "PostgreSQL 没有可在其旁存放快照的文件；请用 --snapshots 或 FRAUDGUARD_SNAPSHOTS 指定文件夹",
            )
        yield _Opened(store=store, plan=plan, snapshots=Snapshots(chosen, plan, store.log))
    finally:
        store.close()
