"""The command `plan`: from officers to the steps of a policy."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.evaluation import money_sign
from fraudguard.cli.moments import read_moment
from fraudguard.cli.output import output
from fraudguard.errors import DefinitionError

if TYPE_CHECKING:
    import pandas as pd

    from fraudguard.model.budget_plan import BudgetPlan
    from fraudguard.model.capacity import DeskCapacity
    from fraudguard.model.costs import PlanCosts

__all__ = ["plan_command"]

_MOMENT: Final = "日期或时刻，无时区者按数据集时区 / date or moment, in the dataset's zone unless it has one"


def plan_command(
    model: Annotated[Path, typer.Argument(help="模型文件夹 / model folder", metavar="MODEL")],
    data: Annotated[Path, typer.Argument(help="数据集文件夹 / dataset folder", metavar="DATA")],
    *,
    officers: Annotated[int, typer.Option(min=1, help="每班在岗人数 / officers on duty in each shift")],
    shifts: Annotated[int, typer.Option(min=1, help="每天几班 / shifts a day")] = 3,
    shift_hours: Annotated[float, typer.Option(min=0, help="每班小时数 / hours of a shift")] = 8,
    first_hour: Annotated[float, typer.Option(min=0, help="首班几点开始 / hour the first shift begins")] = 8,
    calls_per_shift: Annotated[float, typer.Option(help="一人一班能打几通电话 / calls that fill a shift")] = 30,
    visits_per_shift: Annotated[float, typer.Option(help="一人一班能上门几次 / visits that fill a shift")] = 5,
    fill: Annotated[float, typer.Option(help="至多排满工时的几成 / most of the minutes a plan may fill, 0 to 1")] = 0.8,
    costs: Annotated[
        Path | None, typer.Option(help="成本假设的 TOML 文件 / TOML file of costs", show_default=False)
    ] = None,
    begin: Annotated[str | None, typer.Option("--from", help=f"时段开始 / from. {_MOMENT}")] = None,
    until: Annotated[str | None, typer.Option("--until", help=f"时段结束 / until. {_MOMENT}")] = None,
    up_to: Annotated[
        int | None, typer.Option(min=1, help="另列 1 至 N 人各会怎样 / also tell what 1 to N officers would do")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="要写的策略文件 / policy file to write", show_default=False)
    ] = None,
    html: Annotated[Path | None, typer.Option(help="另写一页 HTML / also write a page of HTML")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
    catalog: CatalogOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", "--yes", help="替换已有的文件 / replace existing files")
    ] = False,
) -> None:
    """按警力定阈值，并在历史上推演。 / From officers to thresholds, run on history before they are saved."""
    from fraudguard.model.capacity import DeskCapacity
    from fraudguard.model.costs import PlanCosts, read_costs
    from fraudguard.model.desk_plan import plan_budget

    _require_places(out, html, (model, data), overwrite=overwrite)
    capacity = DeskCapacity(
        officers=officers,
        shifts=shifts,
        shift_hours=shift_hours,
        first_hour=first_hour,
        calls_per_shift=calls_per_shift,
        visits_per_shift=visits_per_shift,
        fill=fill,
    )
    assumed = PlanCosts() if costs is None else read_costs(costs)
    graded, zone, currency = _graded(model, data, (begin, until), catalog)
    plan = plan_budget(graded, capacity, assumed, time_zone=zone)
    ranged = None if up_to is None else _range(graded, capacity, assumed, up_to=up_to, zone=zone)
    if html is not None:
        plan.write_html(html, lang=output.lang)
    if out is not None:
        plan.write_policy(out)
    if as_json:
        output.write_json({**plan.to_dict(), **({} if ranged is None else {"officers": ranged.to_dict("records")})})
    else:
        _print(plan, ranged, sign=money_sign(currency))
    _say_use(plan, out)


def _require_places(out: Path | None, html: Path | None, inputs: tuple[Path, ...], *, overwrite: bool) -> None:
    """Refuse what cannot be written before any work is done for it."""
    from fraudguard.tables.folder import claim

    places = [place for place in (out, html) if place is not None]
    if len({place.resolve() for place in places}) < len(places):
        raise DefinitionError(
            f"--out and --html are the same file {out}; name two", f"--out 与 --html 是同一个文件 {out}；请分别命名"
        )
    for place in places:
        # A model's own files are checked by their digest: a policy written among them would break it.
        if any(folder.resolve() in place.resolve().parents for folder in inputs):
            raise DefinitionError(
                f"{place} is inside the model or the data, which are not changed; choose another place",
                f"{place} 在模型或数据文件夹里，那里的文件不会被改动；请换个位置",
            )
        claim(place, overwrite=overwrite)


def _graded(
    model: Path, data: Path, edges: tuple[str | None, str | None], catalog: Path | None
) -> tuple["pd.DataFrame", str, str]:
    from fraudguard.features import compile_plan, replay
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.apply import Window, grade_window
    from fraudguard.model.artifact import load_artifact
    from fraudguard.tables import read_dataset

    artifact, chosen = load_artifact(model), chosen_catalog(catalog)
    features = compile_plan(chosen)
    artifact.require_plan(features)
    dataset = read_dataset(data)
    zone = dataset.meta.time_zone
    window = Window(*(read_moment(edge, zone) for edge in edges))
    with output.step("计算特征", "Replaying features") as progress:
        matrix = replay(dataset, catalog=chosen, progress=progress)
    graded = grade_window(artifact, dataset, matrix, plan=features, window=window)
    return graded, zone, dataset.meta.currency


def _range(
    graded: "pd.DataFrame", capacity: "DeskCapacity", costs: "PlanCosts", *, up_to: int, zone: str
) -> "pd.DataFrame":
    from fraudguard.model.desk_plan import plan_range

    with output.step("推演各人数", "Running each number of officers") as progress:
        return plan_range(graded, capacity, costs, up_to=up_to, time_zone=zone, progress=progress)


def _print(plan: "BudgetPlan", ranged: "pd.DataFrame | None", *, sign: str) -> None:
    from fraudguard.model.plan_card import brief, day_table, officer_table, rival_table, step_table, tier_table

    lang = output.lang
    tables = [
        brief(step_table(plan, lang=lang, sign=sign), places=(0, 1, 2, 3, 4, 6)),
        tier_table(plan, lang=lang),
        brief(rival_table(plan, lang=lang, sign=sign), places=(0, 1, 2, 3, 4, 5, 7, 8)),
        brief(day_table(plan, lang=lang, sign=sign), places=(0, 1, 4, 5, 7, 8, 10)),
        *([] if ranged is None else [brief(officer_table(ranged, lang=lang, sign=sign), places=(0, 1, 2, 3, 5, 6, 8))]),
    ]
    for table in tables:
        output.say(table.title, table.title)
        output.table(table.columns, table.rows)
    said = plan.summary()
    output.say(said.zh, said.en)
    for warning in plan.warnings:
        output.say(f"注意：{warning.zh}", f"Note: {warning.en}")


def _say_use(plan: "BudgetPlan", out: Path | None) -> None:
    version = plan.policy.version
    if out is None:
        output.say(f"策略 {version} 未保存；用 --out 写成文件", f"Policy {version} is not saved; write it with --out")
        return
    output.say(
        f"策略 {version} 已写入 {out}；复核后启用：fraudguard serve --policy {out}",
        f"Policy {version} is in {out}; after review put it in force: fraudguard serve --policy {out}",
    )
