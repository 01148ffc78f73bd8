"""`model shadow-report`: the model in shadow beside the live one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fraudguard.cli.output import output
from fraudguard.errors import NotFoundError

if TYPE_CHECKING:
    from fraudguard.serve.comparison import Comparison
    from fraudguard.serve.store import Store

__all__ = ["shadow_report"]

DatabaseOption = Annotated[str | None, typer.Option("--database", help="数据库地址 / database URL")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


def shadow_report(
    version: Annotated[
        str | None, typer.Argument(help="版本，默认最近的影子模型 / version; the latest in shadow", metavar="VERSION")
    ] = None,
    *,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """对照影子模型与运行中的模型：同一批转账，各自会预警什么。 / What the model in shadow would have done, beside the live one."""
    from fraudguard.serve.comparison import compare, findings_by_transfer
    from fraudguard.serve.store.rows import Kind

    with _store(database) as store:
        chosen = _in_shadow(store.shadows.versions(), version)
        findings = findings_by_transfer(row.event for row in store.log.read(kind=Kind.FINDING))
        comparison = compare(chosen, store.shadows.read(chosen), findings)
    if as_json:
        output.write_json(asdict(comparison))
    else:
        _print_comparison(comparison)


@contextmanager
def _store(database: str | None) -> "Iterator[Store]":
    from fraudguard.serve.settings import load_settings
    from fraudguard.serve.store import Store

    store = Store.open(load_settings(database=database).database)
    store.require_current()
    yield store
    store.close()


def _in_shadow(known: dict[str, int], begins: str | None) -> str:
    found = [version for version in known if begins is None or version.startswith(begins)]
    if not found:
        there = ", ".join(known) or "-"
        raise NotFoundError(
            f"no model {begins or ''} has judged a transfer in shadow; there are: {there}",
            f"没有影子模型 {begins or ''} 评过转账；现有：{there}",
        )
    return found[0]


def _print_comparison(comparison: "Comparison") -> None:
    zh = output.lang == "zh"
    columns = ("标签", "转账", "两者都预警", "仅运行中", "仅影子") if zh else (
        "label", "transfers", "alerts of both", "live only", "shadow only"
    )  # fmt: skip
    labels = {"fraud": "涉诈", "genuine": "正常", "unknown": "尚无结论"}
    rows = [
        (labels[label] if zh else label.value, f.n_transfers, f.both, f.live_only, f.shadow_only)
        for label, f in comparison.outcomes.items()
    ]
    output.table(columns, rows)
    span = " – ".join(
        "" if moment is None else f"{moment:%Y-%m-%d %H:%M}" for moment in (comparison.begin, comparison.end)
    )
    live = ", ".join(comparison.live_versions)
    output.say(
        f"影子 {comparison.version} 对运行中 {live}，{span} UTC；分数平均相差 {comparison.score_difference:.4f}",
        f"{comparison.version} in shadow beside {live}, {span} UTC; scores differ by {comparison.score_difference:.4f} on average",
    )
