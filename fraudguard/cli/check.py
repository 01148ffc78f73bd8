"""The commands `check` and `tokenise`: what a dataset is worth, and its identifiers made into tokens."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fraudguard.cli.output import output

if TYPE_CHECKING:
    from fraudguard.ingest.check import DatasetReport
    from fraudguard.ingest.tokens import Digest

__all__ = ["check_command", "tokenise_command"]


def check_command(
    data: Annotated[
        Path, typer.Argument(help="数据集文件夹，或导入前的单个文件 / dataset folder, or one file", metavar="DATA")
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
) -> None:
    """检查数据：格式、隐私、覆盖、标签、可用视角。 / Check data: contract, privacy, coverage, labels, views."""
    from fraudguard.ingest.check import check_dataset, refuse_secrets

    report = check_dataset(data)
    if as_json:
        output.write_json(report.to_dict())
    else:
        _print(report)
    refuse_secrets(report)
    if report.privacy:
        output.say(
            "有未加密的个人标识。可用 `fraudguard tokenise` 换成令牌，再把原件收起。",
            "There are plain personal identifiers. `fraudguard tokenise` makes tokens of them; then lock the original away.",
        )


def tokenise_command(
    data: Annotated[Path, typer.Argument(help="数据集文件夹 / dataset folder", metavar="DATA")],
    out: Annotated[Path, typer.Argument(help="要生成的数据集文件夹 / dataset folder to make", metavar="OUT")],
    *,
    key_file: Annotated[Path, typer.Option(help="密钥文件，至少 16 字节 / file with the key, 16 bytes or more")],
    digest: Annotated[
        str, typer.Option(help="散列：sm3 或 sha256 / hash: sm3 or sha256", metavar="sm3|sha256")
    ] = "sm3",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="替换已有的输出 / replace an existing output")] = False,
) -> None:
    """把账号、持有人、设备等换成带密钥的令牌。 / Put keyed tokens in place of account, holder and device identifiers."""
    from fraudguard.ingest.tokens import read_key, tokenise_dataset

    replaced = tokenise_dataset(data, out, key=read_key(key_file), digest=_digest(digest), overwrite=overwrite)
    output.record({"out": out, **replaced})


def _digest(word: str) -> "Digest":
    from fraudguard.errors import DefinitionError

    if word == "sm3":
        return "sm3"
    if word == "sha256":
        return "sha256"
    raise DefinitionError(f"digest {word} is not known; take sm3 or sha256", f"不认识散列 {word}；请用 sm3 或 sha256")


def _print(report: "DatasetReport") -> None:
    zh = output.lang == "zh"
    output.table(("表", "行数") if zh else ("table", "rows"), list(report.rows.items()))
    if report.privacy:
        heads = (
            ("表", "列", "像是", "类别", "行数", "首行")
            if zh
            else ("table", "column", "looks like", "class", "rows", "first")
        )
        found = [
            (hit.table, hit.column, hit.kind.text(output.lang), hit.level, hit.rows, hit.first_row)
            for hit in report.privacy
        ]
        output.table(heads, found)
    for fault in report.faults:
        output.say(f"不合规：{fault.zh}", f"Broken: {fault.en}")
    if report.labels is not None:
        _print_worth(report, zh=zh)


def _print_worth(report: "DatasetReport", *, zh: bool) -> None:
    heads = ("表", "字段", "已知") if zh else ("table", "field", "known")
    seen = [one for one in report.coverage if one.known_share > 0]
    output.table(heads, [(one.table, one.column, f"{one.known_share:.1%}") for one in seen])
    if report.signals:
        sources = ("信号来源", "提到的账户") if zh else ("source of signals", "accounts named")
        output.table(sources, [(source, f"{share:.1%}") for source, share in report.signals.items()])
    columns = ("视角", "字段", "可用", "缺") if zh else ("view", "fields", "usable", "missing")
    output.table(columns, [(view.view, view.fields, view.known, " ".join(view.missing)) for view in report.views])
    labels = report.labels
    if labels is not None:
        told = {
            "period_from": (report.period or ("", ""))[0],
            "period_until": (report.period or ("", ""))[1],
            **labels.findings,
        }
        rate = f"{labels.fraud_transfers} = {labels.base_rate:.2e} [{labels.base_rate_low:.2e}, {labels.base_rate_high:.2e}]"
        delay = {"delay_days_median": labels.delay_days_median, "delay_days_p90": labels.delay_days_p90}
        shown = {name: "" if value is None else f"{value:.2f}" for name, value in delay.items()}
        output.record({**told, f"base_rate {labels.target}": rate, **shown})
