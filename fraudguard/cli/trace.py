"""The command `trace`: where the money went, and which accounts to stop next."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from fraudguard.cli.moments import read_moment
from fraudguard.cli.output import output

if TYPE_CHECKING:
    import pandas as pd

    from fraudguard.flow.graph import CaseGraph
    from fraudguard.flow.result import FlowAccount
    from fraudguard.flow.speech import Speech
    from fraudguard.tables import Dataset

__all__ = ["trace_command"]

_ZONE: Final = "Asia/Shanghai"
_MOMENT: Final = "日期或时刻，无时区者按数据集时区 / date or moment, in the dataset's zone unless it has one"


def trace_command(
    data: Annotated[
        Path, typer.Argument(help="数据集文件夹或转账文件 / dataset folder or file of transfers", metavar="DATA")
    ],
    *,
    transfer: Annotated[
        list[str] | None, typer.Option("--transfer", help="起始转账编号，可重复 / id of a start transfer, repeatable")
    ] = None,
    account: Annotated[str | None, typer.Option(help="起始账户代号 / token of the account to start from")] = None,
    since: Annotated[str | None, typer.Option("--from", help=f"账户自此时刻起 / from then on. {_MOMENT}")] = None,
    side: Annotated[
        Literal["payee", "payer"],
        typer.Option(
            help="账户是收款方（可疑账户）还是付款方（受害人） / the account is paid (suspected) or pays (likely victim)",
            metavar="payee|payer",
        ),
    ] = "payee",
    hops: Annotated[int, typer.Option(min=1, max=12, help="追几层账户 / layers of accounts")] = 3,
    hours: Annotated[float, typer.Option(min=0, help="最后一笔起始转账后追几小时 / hours after the last start")] = 24,
    least_yuan: Annotated[int, typer.Option(min=0, help="少于此金额不追，元 / follow no less than this, in yuan")] = 0,
    as_of: Annotated[str | None, typer.Option(help=f"只用此刻已知的转账 / known by then. {_MOMENT}")] = None,
    rule: Annotated[
        Literal["fifo", "pro_rata"],
        typer.Option(help="先花哪笔钱：先进先出或按比例 / what is spent first", metavar="fifo|pro_rata"),
    ] = "fifo",
    svg: Annotated[Path | None, typer.Option(help="另写一幅图 / also write a picture", show_default=False)] = None,
    top: Annotated[int, typer.Option(min=1, help="表中至多几行 / most rows of a table")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="替换已有的图 / replace an existing picture")] = False,
) -> None:
    """资金流向：钱到了哪些账户、还剩多少、接下来止付谁。 / Follow the money downstream: what is still inside which account."""
    from fraudguard.flow.tracing import trace
    from fraudguard.tables import Dataset
    from fraudguard.tables.folder import claim

    if svg is not None:
        claim(svg, overwrite=overwrite)
    log = _read(data)
    zone = log.meta.time_zone if isinstance(log, Dataset) else _ZONE
    graph = trace(
        log, transfers=transfer or (), account=account, since=read_moment(since, zone), side=side, hops=hops,
        hours=hours, least_fen=100 * least_yuan, as_of=read_moment(as_of, zone), rule=rule,
    )  # fmt: skip
    if as_json:
        output.write_json({"currency": graph.currency, **graph.flow.to_dict()})
    else:
        _print(graph, top)
    if svg is not None:
        graph.write_svg(svg, output.lang)
        output.say(f"图已写入 {svg}", f"The picture is in {svg}")


def _read(data: Path) -> "Dataset | pd.DataFrame":
    from fraudguard.tables import read_dataset, read_transfers

    return read_dataset(data) if data.is_dir() else read_transfers(data)


def _print(graph: "CaseGraph", top: int) -> None:
    from fraudguard.flow.speech import Speech

    said = Speech(lang=output.lang, time_zone=graph.time_zone, currency=graph.currency)
    flow, zh = graph.flow, output.lang == "zh"
    heads = ("号", "账户", "层", "流入", "流出", "仍在内", "首笔", "末笔", "距首笔", "停留")
    english = ("no.", "account", "layer", "in", "out", "inside", "first", "last", "after", "rested")
    output.table(heads if zh else english, [_account_row(account, said) for account in flow.accounts[:top]])
    _say_rest(len(flow.accounts) - top, zh="个账户")
    stop = flow.next_to_stop
    if stop:
        output.say("接下来可止付的账户，按账户内余额：", "Next accounts to stop, by money still inside:")
        ranks = [_stop_row(rank, account, said) for rank, account in enumerate(stop[:top], 1)]
        output.table(
            ("序", "账户", "层", "仍在内", "首笔") if zh else ("rank", "account", "layer", "inside", "first"), ranks
        )
        _say_rest(len(stop) - top, zh="个账户")
    else:
        output.say("账户内已没有可止付的资金。", "No money is left to stop.")
    _say_sum(graph, said)


def _say_rest(count: int, *, zh: str) -> None:
    if count > 0:
        output.say(f"另有 {count} {zh}；--top 可多看", f"{count} more; see them with --top")


def _account_row(account: "FlowAccount", said: "Speech") -> tuple[object, ...]:
    return (
        account.number,
        account.account_id,
        f"L{account.layer}",
        said.exact(account.in_fen),
        said.exact(account.out_fen),
        said.exact(account.inside_fen),
        said.moment(account.first_at),
        said.moment(account.last_at),
        said.duration(account.minutes_after_start),
        "–" if account.dwell_s is None else said.duration(account.dwell_s / 60),
    )


def _stop_row(rank: int, account: "FlowAccount", said: "Speech") -> tuple[object, ...]:
    booked = f" · {said.text('node_booked')}" if account.booked_fen else ""
    first = said.moment(account.first_at)
    return rank, account.account_id, f"L{account.layer}", said.exact(account.stoppable_fen), f"{first}{booked}"


def _say_sum(graph: "CaseGraph", said: "Speech") -> None:
    from fraudguard.wording import word

    last, until = graph.flow.last, said.moment(graph.flow.until)
    entered, inside, returned = (said.exact(fen) for fen in (last.entered_fen, last.inside_fen, last.returned_fen))
    ways = [f"{word('flow_exit', way_out, output.lang)} {said.exact(fen)}" for way_out, fen in last.gone_fen.items()]
    gone, listed = said.exact(sum(last.gone_fen.values())), ("、" if output.lang == "zh" else ", ").join(ways)
    output.say(
        f"截至 {until}：涉及 {entered}，仍在账户内 {inside}，回到付款人 {returned}，已离开 {gone}"
        + (f"（{listed}）" if ways else ""),
        f"As of {until}: {entered} entered, {inside} still inside, {returned} back with the payers, {gone} gone"
        + (f" ({listed})" if ways else ""),
    )
