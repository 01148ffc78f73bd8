"""`parity`: the vectors of stored decisions, computed again from the log."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.output import output
from fraudguard.errors import GateError

if TYPE_CHECKING:
    from fraudguard.features import FeaturePlan
    from fraudguard.serve.parity import Mismatch, ParityReport

__all__ = ["parity_command"]


def parity_command(
    *,
    database: Annotated[str | None, typer.Option("--database", help="数据库地址 / database URL")] = None,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model", "-m", help="模型文件夹，先核对目录是否为其所用 / model folder; its catalog must be this one"
        ),
    ] = None,
    catalog: CatalogOption = None,
    begin: Annotated[
        int, typer.Option("--from", help="自日志第几条起核对 / first place in the log to check", min=1)
    ] = 1,
    end: Annotated[
        int | None, typer.Option("--until", help="到日志第几条之前 / first place not to check", min=1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
) -> None:
    """由日志重算已存决定的特征，逐位核对；不符则退出码 5。 / Compute the vectors of stored decisions again; exit code 5 when one differs."""
    from fraudguard.features import OnlineFeatures
    from fraudguard.serve.parity import check_parity
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.store import Store

    settings = load_settings(database=database, catalog=catalog)
    features = OnlineFeatures(_plan(settings.catalog, model))
    store = Store.open(settings.database)
    try:
        store.require_current()
        with output.step("由日志重算", "Replaying the log") as progress:
            report = check_parity(store, features, begin=begin, end=end, progress=progress)
    finally:
        store.close()
    _print(report, as_json=as_json)
    _require_equal(report)


def _plan(catalog: Path | None, model: Path | None) -> "FeaturePlan":
    from fraudguard.features import compile_plan
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.artifact import load_artifact

    plan = compile_plan(chosen_catalog(catalog))
    if model is not None:
        load_artifact(model).require_plan(plan)
    return plan


def _print(report: "ParityReport", *, as_json: bool) -> None:
    totals = {"fingerprint": report.fingerprint, "checked": report.checked, "differing": report.differing}
    if as_json:
        rows = [_row(one) for one in report.first]
        output.write_json({**totals, "skipped": report.skipped, "columns": report.columns, "first": rows})
        return
    output.record({**totals, "skipped": sum(report.skipped.values())})
    if report.first:
        output.table(("column", "decisions"), list(report.columns.items()))
        names = ("transfer_id", "place", "column", "stored", "recomputed")
        output.table(names, [tuple(_row(one).values()) for one in report.first])


def _row(one: "Mismatch") -> dict[str, Any]:
    return {
        "transfer_id": one.transfer_id,
        "place": one.place,
        "column": one.column,
        "stored": _number(one.stored),
        "recomputed": _number(one.recomputed),
    }


def _number(value: float) -> float | str | None:
    """Return a number as JSON can hold it: missing is null, an infinity its name."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)


def _require_equal(report: "ParityReport") -> None:
    if not report.is_equal:
        raise _differing(report) if report.differing else _nothing_checked(report)
    output.say(
        f"{report.checked} 个已存特征与日志重算逐位相同", f"{report.checked} stored vectors equal the log, bit for bit"
    )
    n_skipped, others = sum(report.skipped.values()), ", ".join(report.skipped)
    if n_skipped:
        output.say(
            f"另有 {n_skipped} 个决定所用特征不同（{others}），未核对",
            f"{n_skipped} decisions were made with other features ({others}) and were not checked",
        )


def _differing(report: "ParityReport") -> GateError:
    column = next(iter(report.columns))
    return GateError(
        f"{report.differing} of {report.checked} stored vectors differ from what the log gives, most in {column}; "
        f"see what changed since those decisions: the version of fraudguard, the database, the order of the log",
        f"{report.checked} 个已存特征中有 {report.differing} 个与日志重算不符，以 {column} 为最多；"
        f"请查明那些决定之后有何变动：软件版本、数据库、日志顺序",
    )


def _nothing_checked(report: "ParityReport") -> GateError:
    n_skipped, others = sum(report.skipped.values()), ", ".join(report.skipped)
    if n_skipped:
        return GateError(
            f"nothing was checked: all {n_skipped} decisions were made with other features ({others}), this catalog "
            f"gives {report.fingerprint}; pass the catalog they were made with: --catalog FILE.py",
            f"没有核对任何决定：全部 {n_skipped} 个决定所用特征不同（{others}），当前目录为 {report.fingerprint}；"
            f"请用 --catalog 给出当时所用的目录",
        )
    return GateError(
        "nothing was checked: no decision stands in that part of the log; widen --from and --until, or ask again once "
        "the service has decided",
        "没有核对任何决定：日志的这一段没有决定；请放宽 --from 与 --until，或在服务作出决定后再试",
    )
