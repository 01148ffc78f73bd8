"""`train`, `evaluate` and `score`: a dataset in, a model folder, its measures or its scores out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.evaluation import Cut, Told, print_evaluation, print_sights
from fraudguard.cli.moments import read_moment
from fraudguard.cli.output import output
from fraudguard.errors import DefinitionError, GateError, NotFoundError

if TYPE_CHECKING:
    import pandas as pd

    from fraudguard.model.apply import Budgets
    from fraudguard.model.evaluation import Evaluation
    from fraudguard.tables import Dataset

__all__ = ["evaluate_command", "score_command", "train_command"]

_GATES: Final = ("recall", "precision", "value_recall", "average_precision", "auc")
_MOMENT: Final = "日期或时刻，无时区者按数据集时区 / date or moment, in the dataset's zone unless it has one"
_BUDGET: Final = "每万笔预警数 / alerts per 10,000 transfers"

DataOption = Annotated[Path, typer.Argument(help="数据集文件夹 / dataset folder", metavar="DATA")]
ModelOption = Annotated[Path, typer.Argument(help="模型文件夹 / model folder", metavar="MODEL")]


def train_command(
    data: DataOption,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="要写的模型文件夹 / model folder to write")],
    as_of: Annotated[
        str | None, typer.Option(help=f"标签截止，测试自此开始 / labels as of; test begins. {_MOMENT}")
    ] = None,
    train_from: Annotated[str | None, typer.Option(help=f"训练开始 / training begins. {_MOMENT}")] = None,
    valid_until: Annotated[str | None, typer.Option(help=f"验证结束 / validation ends. {_MOMENT}")] = None,
    test_until: Annotated[str | None, typer.Option(help=f"测试结束 / test ends. {_MOMENT}")] = None,
    valid_days: Annotated[float | None, typer.Option(help="验证天数 / days of validation", min=0)] = None,
    maturity_days: Annotated[
        float | None, typer.Option(help="标签成熟天数 / days until labels are mature", min=0)
    ] = None,
    gap_days: Annotated[float | None, typer.Option(help="训练与验证的间隔天数 / days between", min=0)] = None,
    target: Annotated[list[str] | None, typer.Option(help="目标结论，可重复 / target finding, repeatable")] = None,
    budget: Annotated[float | None, typer.Option(help=_BUDGET)] = None,
    immature: Annotated[
        Literal["drop", "weight", "unlabelled"],
        typer.Option(help="标签未成熟的转账：不用、加权、按未标注处理 / transfers too young for a label"),
    ] = "weight",
    shape: Annotated[Literal["auto", "random", "deep"], typer.Option(help="树的形状 / shape of the trees")] = "auto",
    seed: Annotated[int, typer.Option(help="随机种子 / seed")] = 7,
    catalog: CatalogOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="覆盖已有模型 / replace a model")] = False,
) -> None:
    """训练并评估模型。 / Train a model, judge it on later transfers, write its folder."""
    from fraudguard.clock import SystemClock
    from fraudguard.features import CATALOG
    from fraudguard.features.catalog_file import read_catalog_file
    from fraudguard.model.split import SplitOptions
    from fraudguard.model.study import StudyOptions, run_study, save_study
    from fraudguard.tables import read_dataset
    from fraudguard.tables.folder import claim

    claim(out, overwrite=overwrite, marker="manifest.json")
    file = None if catalog is None else read_catalog_file(catalog)
    dataset = read_dataset(data)
    zone = dataset.meta.time_zone
    windows = SplitOptions(
        as_of=read_moment(as_of, zone),
        train_from=read_moment(train_from, zone),
        valid_until=read_moment(valid_until, zone),
        test_until=read_moment(test_until, zone),
        valid_days=valid_days,
        maturity_days=maturity_days,
        gap_days=gap_days,
    )
    options = StudyOptions(
        windows=windows,
        target=_target(target),
        alerts_per_10_000=budget,
        seed=seed,
        immature=immature,
        shape=shape,
    )
    study = run_study(dataset, options, catalog=CATALOG if file is None else file.catalog, step=output.step)
    for warning in study.trained.warnings:
        output.say(f"注意：{warning.zh}", f"Note: {warning.en}")
    artifact = save_study(study, out, clock=SystemClock(), catalog_file=file, overwrite=overwrite)
    print_evaluation(study.evaluation, currency=dataset.meta.currency)
    if len(study.sights) > 1:
        print_sights(study.sights)
    output.say(f"模型 {artifact.version} 已写入 {out}", f"Model {artifact.version} is in {out}")


def evaluate_command(
    model: ModelOption,
    data: DataOption,
    *,
    begin: Annotated[str | None, typer.Option("--from", help=f"评估开始 / from. {_MOMENT}")] = None,
    until: Annotated[str | None, typer.Option("--until", help=f"评估结束 / until. {_MOMENT}")] = None,
    budget: Annotated[list[float] | None, typer.Option(help=f"{_BUDGET}，可重复 / repeatable")] = None,
    per_day: Annotated[
        list[float] | None, typer.Option(help="每天预警数，可重复 / alerts per day, repeatable", min=0)
    ] = None,
    by: Annotated[
        list[Cut] | None, typer.Option(help="另列：按案件、类型、人群、视野，可重复 / further tables, repeatable")
    ] = None,
    base_rate: Annotated[
        float | None, typer.Option(help="折算到这一基准率的精确率 / precision at this base rate")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="另写一页 HTML / also write a page of HTML")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
    fail_under: Annotated[list[str] | None, typer.Option(help="低于则退出码 5 / gate, e.g. recall=0.5")] = None,
    catalog: CatalogOption = None,
) -> None:
    """在数据集上评估模型。 / Judge a model on a dataset, beside two trivial rules."""
    from fraudguard.features import compile_plan, replay
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.apply import Window, evaluate_artifact, judge_sights
    from fraudguard.model.artifact import load_artifact
    from fraudguard.tables import read_dataset

    gates = dict(_gate(text) for text in fail_under or ())
    budgets = _budgets(budget or [], per_day or [])
    artifact, chosen = load_artifact(model), chosen_catalog(catalog)
    plan = compile_plan(chosen)
    artifact.require_plan(plan)
    dataset = read_dataset(data)
    window = Window(read_moment(begin, dataset.meta.time_zone), read_moment(until, dataset.meta.time_zone))
    with output.step("计算特征", "Replaying features") as progress:
        matrix = replay(dataset, catalog=chosen, progress=progress)
    evaluation = evaluate_artifact(artifact, dataset, matrix, plan=plan, window=window, budgets=budgets)
    if html is not None:
        evaluation.write_html(html, lang=output.lang)
    sights = judge_sights(artifact, dataset, matrix, plan=plan, window=window) if Cut.SIGHT in (by or ()) else ()
    told = Told(evaluation=evaluation, sights=sights, currency=dataset.meta.currency)
    told.tell(artifact.version, by or [], as_json=as_json)
    _print_at_rate(evaluation, base_rate)
    _require_gates(evaluation, gates)


def score_command(
    model: ModelOption,
    data: Annotated[Path, typer.Argument(help="数据集文件夹或转账文件 / dataset folder or file", metavar="DATA")],
    *,
    out: Annotated[str, typer.Option("--out", "-o", help="csv、parquet、jsonl 文件，或 - / file or -")] = "-",
    begin: Annotated[str | None, typer.Option("--from", help=f"自 / from. {_MOMENT}")] = None,
    until: Annotated[str | None, typer.Option("--until", help=f"至 / until. {_MOMENT}")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="写出理由 / with reasons")] = False,
    top: Annotated[int | None, typer.Option(help="只要分数最高的几笔 / only the highest", min=1)] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="转账文件的列映射 / mapping of a file of transfers")
    ] = None,
    catalog: CatalogOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="替换已有的文件 / replace an existing file")] = False,
) -> None:
    """为转账评分。 / Score transfers; earlier rows of the same data are their history."""
    from fraudguard.features import compile_plan, replay
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.apply import Window, explain_scores, score_window
    from fraudguard.model.artifact import load_artifact
    from fraudguard.model.scorer import Scorer

    _require_writable(out, data, overwrite=overwrite)
    artifact, chosen = load_artifact(model), chosen_catalog(catalog)
    plan = compile_plan(chosen)
    artifact.require_plan(plan)
    dataset = _read(data, mapping)
    window = Window(read_moment(begin, dataset.meta.time_zone), read_moment(until, dataset.meta.time_zone))
    with output.step("计算特征", "Replaying features") as progress:
        matrix = replay(dataset, catalog=chosen, progress=progress)
    scored = score_window(artifact, dataset, matrix, plan=plan, window=window)
    if top is not None:
        scored = scored.sort_values("score", ascending=False, kind="stable").head(top)
    if explain:
        with output.step("写出理由", "Explaining") as progress:
            scored = explain_scores(scored, matrix, Scorer.load(model, plan), lang=output.lang, progress=progress)
    _write(scored, out)


def _target(words: list[str] | None) -> Any:  # noqa: ANN401  # a tuple of FindingValue, imported late, or None
    from fraudguard.finding import FindingValue

    try:
        return tuple(FindingValue(word) for word in words) if words else None
    except ValueError as error:
        raise DefinitionError(
            f"--target {' '.join(words or ())}: no such finding; known: {', '.join(FindingValue)}",
            f"--target {' '.join(words or ())}：没有这种结论；可用：{'、'.join(FindingValue)}",
        ) from error


def _gate(text: str) -> tuple[str, float]:
    name, _, least = text.partition("=")
    try:
        return _GATES[_GATES.index(name)], float(least)
    except ValueError as error:
        raise DefinitionError(
            f"--fail-under {text!r}: write one of {', '.join(_GATES)}, an equals sign and a number, such as recall=0.5",
            f"--fail-under {text!r}：请写 {'、'.join(_GATES)} 之一、等号和数字，例如 recall=0.5",
        ) from error


def _budgets(per_10_000: list[float], per_day: list[float]) -> "Budgets":
    from fraudguard.model.apply import Budgets
    from fraudguard.model.threshold import AlertBudget

    for alerts in per_10_000:
        AlertBudget(alerts=alerts)  # refuses what is no budget
    for alerts in per_day:
        if not alerts > 0:
            raise DefinitionError(f"--per-day {alerts}: give more than 0 alerts", f"--per-day {alerts}：预警数须大于 0")
    return Budgets(per_10_000=tuple(per_10_000), per_day=tuple(per_day))


def _print_at_rate(evaluation: "Evaluation", base_rate: float | None) -> None:
    if base_rate is None:
        return
    for row in evaluation.at_fraud_rate(base_rate).itertuples():
        if row.scorer == "model":
            output.say(
                f"基准率 {base_rate:g}、每万笔 {row.per_10_000:g} 个预警时，模型精确率折算为 {row.precision:.1%}",
                f"at a base rate of {base_rate:g} and {row.per_10_000:g} alerts per 10,000 the model's precision is {row.precision:.1%}",
            )


def _require_gates(evaluation: "Evaluation", gates: dict[str, float]) -> None:
    row = evaluation.row()
    reached = {
        "recall": row.recall,
        "precision": row.precision,
        "value_recall": row.value_recall,
        "average_precision": evaluation.average_precision,
        "auc": evaluation.auc,
    }
    # A measure that is not defined (NaN) does not pass.
    failed = [name for name, least in gates.items() if not reached[name] >= least]
    if failed:
        told = ", ".join(f"{name} {reached[name]:.4f} < {gates[name]:g}" for name in failed)
        raise GateError(f"below the gate: {told}", f"未达要求：{told}")


def _read(data: Path, mapping: Path | None) -> "Dataset":
    from fraudguard.ingest import load_mapping, preview_import
    from fraudguard.tables import read_dataset

    if not data.exists():
        raise NotFoundError(
            f"there is no {data}; name a dataset folder or a file", f"没有 {data}；请写数据集文件夹或文件"
        )
    if data.is_dir():
        if mapping is not None:
            raise DefinitionError(
                f"--map is for a file of transfers, and {data} is a folder; leave it out",
                f"--map 只用于转账文件，而 {data} 是文件夹；请去掉",
            )
        return read_dataset(data)
    return preview_import(data, mapping=None if mapping is None else load_mapping(mapping))


def _require_writable(out: str, data: Path, *, overwrite: bool) -> None:
    from fraudguard.tables.folder import claim

    if out != "-" and not out.endswith((".csv", ".parquet", ".jsonl")):
        raise DefinitionError(
            f"--out {out}: the name must end in .csv, .parquet or .jsonl, or be - for CSV on the terminal",
            f"--out {out}：文件名须以 .csv、.parquet 或 .jsonl 结尾，或用 - 输出 CSV 到终端",
        )
    if out == "-":
        return
    if Path(out).resolve() in {data.resolve(), *data.resolve().glob("*")}:
        raise DefinitionError(
            f"--out {out} is the data to be scored; name another file", f"--out {out} 就是待评分的数据；请另给文件名"
        )
    claim(Path(out), overwrite=overwrite)


def _write(scored: "pd.DataFrame", out: str) -> None:
    from fraudguard.tables.folder import whole_file

    if out == "-":
        scored.to_csv(sys.stdout)
        return
    with whole_file(Path(out)) as path:
        if out.endswith(".csv"):
            scored.to_csv(path)
        elif out.endswith(".parquet"):
            scored.to_parquet(path)
        else:
            scored.reset_index().to_json(path, orient="records", lines=True, force_ascii=False)
    output.say(f"{len(scored):,} 笔已写入 {out}", f"{len(scored):,} transfers are in {out}")
