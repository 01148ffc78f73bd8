"""`explain`: one transfer's score in words."""

from pathlib import Path
from typing import Annotated

import typer

from fraudguard.cli.catalog import CatalogOption
from fraudguard.cli.output import output

__all__ = ["explain_command"]


def explain_command(
    model: Annotated[Path, typer.Argument(help="模型文件夹 / model folder", metavar="MODEL")],
    data: Annotated[Path, typer.Argument(help="数据集文件夹 / dataset folder", metavar="DATA")],
    *,
    transfer_id: Annotated[list[str], typer.Option("--id", help="转账编号，可重复 / transfer id, repeatable")],
    as_json: Annotated[
        bool, typer.Option("--json", help="每笔输出一个 JSON 对象 / one JSON object a transfer")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="另写一页 HTML / also write a page of HTML")] = None,
    catalog: CatalogOption = None,
) -> None:
    """用文字解释一笔转账的分数：理由、双方、像哪类诈骗。 / One transfer's score in words: reasons, both sides, which scam."""
    from fraudguard.features import compile_plan, replay
    from fraudguard.features.catalog_file import chosen_catalog
    from fraudguard.model.apply import policy_of
    from fraudguard.model.explanation import explain_transfer
    from fraudguard.model.scorer import Scorer
    from fraudguard.tables import read_dataset
    from fraudguard.tables.folder import whole_file
    from fraudguard.wording.markup import page

    chosen = chosen_catalog(catalog)
    scorer = Scorer.load(model, compile_plan(chosen))
    policy, dataset = policy_of(scorer.artifact), read_dataset(data)
    with output.step("计算特征", "Replaying features") as progress:
        matrix = replay(dataset, catalog=chosen, progress=progress)
    found = [explain_transfer(scorer, matrix, dataset.transfers, transfer_id=one, policy=policy) for one in transfer_id]
    for one in found:
        if as_json:
            output.write_json(one.to_dict())
        else:
            for line in one.lines(output.lang):
                output.write(line)
    if html is not None:
        body = "\n".join(one.html(output.lang) for one in found)
        with whole_file(html) as unfinished:
            unfinished.write_text(page("fraudguard", body, lang=output.lang), encoding="utf-8")
        output.say(f"已写入 {html}", f"Written to {html}")
