"""The command `drift`: what moved since a model was made, and a gate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.model import DataOption, ModelOption
from fraudguard.cli.moments import read_moment
from fraudguard.cli.output import output
from fraudguard.errors import DefinitionError, GateError

if TYPE_CHECKING:
    from fraudguard.model.drift import DriftReport
    from fraudguard.model.drift_gate import DriftFailure, DriftLimits

__all__ = ["drift_command"]

_MOMENT: Final = "日期或时刻，无时区者按数据集时区 / date or moment, in the dataset's zone unless it has one"
_GATE: Final = (
    "超出则退出码 5，可重复，如 psi=0.25；只写名字用默认限值，all 为全部 / gate, repeatable, e.g. psi=0.25; "
    "a bare name takes its usual limit, all takes every one: psi, score, alerts, volume, label_rate, coverage, dead"
)


def drift_command(
    model: ModelOption,
    data: DataOption,
    *,
    begin: Annotated[
        str | None, typer.Option("--from", help=f"自，默认为建模时 / from; when the model was built. {_MOMENT}")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help=f"至 / until. {_MOMENT}")] = None,
    weeks: Annotated[int | None, typer.Option(min=1, help="只看最后几周 / only the last so many weeks")] = None,
    fail_over: Annotated[list[str] | None, typer.Option(help=_GATE)] = None,
    html: Annotated[Path | None, typer.Option(help="另写一页 HTML / also write a page of HTML")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
    catalog: CatalogOption = None,
) -> None:
    """漂移：建模之后，特征、分数、笔数、结论与信号变了多少。 / What moved since the model was built: features, scores, volume, findings, signals."""
    from fraudguard.features import compile_plan
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.apply import Window
    from fraudguard.model.artifact import load_artifact
    from fraudguard.model.drift_watch import Watched, replayed, watch_drift
    from fraudguard.tables import read_dataset

    limits = _limits(fail_over or [])
    artifact, chosen = load_artifact(model), chosen_catalog(catalog)
    watched = Watched.of_artifact(artifact, compile_plan(chosen))
    dataset = read_dataset(data)
    window = Window(read_moment(begin, dataset.meta.time_zone), read_moment(until, dataset.meta.time_zone))
    with output.step("计算特征", "Replaying features") as progress:
        stretches = replayed(dataset, catalog=chosen, progress=progress)
        report = watch_drift(watched, dataset, stretches, window=window, weeks=weeks)
    if html is not None:
        report.write_html(html, lang=output.lang)
    if as_json:
        output.write_json(report.to_dict(limits if fail_over else None))
    else:
        _print(report)
    _require(report.check(limits))


def _limits(texts: list[str]) -> "DriftLimits":
    from fraudguard.model.drift_gate import DriftLimits

    if "all" in texts:
        texts = [*DriftLimits.names(), *(text for text in texts if text != "all")]
    return DriftLimits.only(**dict(_limit(text) for text in texts))


def _limit(text: str) -> tuple[str, float | None]:
    name, equals, most = text.partition("=")
    try:
        return name, float(most) if equals else None
    except ValueError as error:
        raise DefinitionError(
            f"--fail-over {text!r}: write a measure, an equals sign and a number, such as psi=0.25",
            f"--fail-over {text!r}：请写名称、等号和数字，例如 psi=0.25",
        ) from error


def _print(report: "DriftReport") -> None:
    from fraudguard.model.drift_card import drift_notes, drift_tables, drift_text, marked

    said = drift_text(report)
    output.say(said.zh, said.en)
    for table in drift_tables(report, output.lang, marked):
        if table.rows:
            output.say(table.title, table.title)
            output.table(table.columns, table.rows)
    for note in drift_notes(report):
        output.say(f"注意：{note.zh}", f"Note: {note.en}")


def _require(failed: tuple["DriftFailure", ...]) -> None:
    from fraudguard.model.drift_gate import failures_text

    if failed:
        said = failures_text(failed)
        raise GateError(f"moved beyond the gate: {said.en}", f"超出门槛：{said.zh}")
