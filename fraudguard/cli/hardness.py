"""The command `hardness`: the generator's card."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fraudguard.cli.output import output
from fraudguard.errors import GateError

if TYPE_CHECKING:
    from fraudguard.hardness.card import Card

__all__ = ["hardness_command", "print_card", "refuse_outside"]


def hardness_command(
    data: Annotated[
        Path, typer.Argument(help="模拟的数据集文件夹，含 truth.parquet / simulated dataset folder", metavar="DATA")
    ],
    *,
    report: Annotated[
        Path | None, typer.Option(help="另写报告与插图的文件夹 / folder for a report with figures", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="抽样与训练的种子 / seed of sample and trees")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
) -> None:
    """难度卡：模拟数据是否真的难，有没有泄露答案；超出区间时退出码 5。 / The generator's card; exits with 5 outside a band."""
    from fraudguard.hardness.study import hardness

    with output.step("测量难度", "measuring hardness") as progress:
        card = hardness(data, seed=seed, progress=progress)
    if report is not None:
        _write_report(card, data, report)
    if as_json:
        output.write_json(_finite(card.to_dict()))
    else:
        print_card(card)
    refuse_outside(card)


def _finite(value: object) -> object:
    """Write infinite bands as null, which JSON has."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and abs(value) == float("inf") else value


def _write_report(card: "Card", data: Path, report: Path) -> None:
    from fraudguard.hardness.page import card_page
    from fraudguard.hardness.pictures import draw_figures
    from fraudguard.tables.dataset import DATASET_FILE, meta_from_json

    source = meta_from_json(data / DATASET_FILE).source
    report.mkdir(parents=True, exist_ok=True)
    draw_figures(card, report)
    (report / "hardness.md").write_text(card_page(card, source=source, figures=True), encoding="utf-8")
    output.say(f"报告在 {report}/hardness.md", f"The report is {report}/hardness.md")


def print_card(card: "Card") -> None:
    """Print checks and recalls as two tables."""
    from fraudguard.hardness.page import check_rows

    zh = output.lang == "zh"
    heads = ("检查", "值", "区间", "结论", "说明") if zh else ("check", "value", "band", "verdict", "detail")
    output.table(heads, check_rows(card, output.lang))
    columns = (
        ("评分者", "对象", "n", "每万笔预警", "召回", "精确率")
        if zh
        else ("scorer", "among", "n", "alerts", "recall", "precision")
    )
    rows = [
        [row.scorer, row.among, row.n, f"{row.alerts_per_10_000:.0f}", f"{row.recall:.1%} [{row.low:.0%}–{row.high:.0%}]", f"{row.precision:.1%}"]
        for row in card.recalls
    ]  # fmt: skip
    output.table(columns, rows)


def refuse_outside(card: "Card") -> None:
    """Fail when a figure is outside its band.

    Raises
    ------
    GateError
        Naming each such figure.
    """
    if card.outside:
        zh = "、".join(f"{check.title.zh}（{check.detail}）" for check in card.outside)
        en = "; ".join(f"{check.title.en} ({check.detail})" for check in card.outside)
        raise GateError(
            f"outside the band: {en}. The world leaks or is too hard; see docs/explanation/hardness.md.",
            f"超出区间：{zh}。数据可能泄露答案，或过难；见 docs/explanation/hardness.md。",
        )
