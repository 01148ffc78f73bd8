"""Write the reference pages that are made from the code, or check that they are as the code says.

python scripts/reference_pages.py           write the pages
python scripts/reference_pages.py --check   exit 1 when a page differs
"""

import difflib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

import typer
from fastapi import APIRouter
from fastapi.routing import APIRoute
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from fraudguard.account import Account
from fraudguard.cli.app import app
from fraudguard.column import Column, Event, columns_of
from fraudguard.features import CATALOG, FeatureColumn, compile_plan
from fraudguard.finding import Finding
from fraudguard.serve.api.openapi import document
from fraudguard.serve.api.problems import PROBLEMS
from fraudguard.serve.api.routes import ROUTERS
from fraudguard.serve.rights import Act, Role, allowed, roles_with
from fraudguard.serve.settings import Settings
from fraudguard.serve.transitions import TRANSITIONS, Step
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer
from fraudguard.wording.words import words_of

REFERENCE: Final = Path(__file__).parents[1] / "docs" / "reference"
MADE: Final = "<!-- Made from the code by scripts/reference_pages.py; edit the code, then run it. -->\n\n"
SHOWN_LINES: Final = 60
TYPES: Final = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "true/false",
    datetime: "moment",
    date: "day",
    tuple: "list of string",
}
TABLES: Final[dict[str, type[Event]]] = {
    "转账 · Transfer (`transfers.parquet`)": Transfer,
    "账户 · Account (`accounts.parquet`)": Account,
    "信号 · Signal (`signals.parquet`)": Signal,
    "结论 · Finding (`findings.parquet`)": Finding,
}
KINDS: Final = {
    "intervention": "干预 · Interventions",
    "tier": "等级 · Tiers",
    "finding": "结论 · Findings",
    "scam_type": "诈骗类型 · Scam types",
    "channel": "渠道 · Channels",
    "role": "角色 · Roles",
    "act": "岗位操作 · Acts at the desk",
    "case_state": "案件状态 · States of a case",
    "move": "案件动作 · Moves of a case",
}


def table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    """Return a Markdown table; `head` holds the titles, separated by bars."""
    rule = "|".join("---" for _ in head.split("|"))
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    titles = head.replace("|", " | ")
    return "\n".join([f"| {titles} |", f"|{rule}|", *(f"| {line} |" for line in lines)]) + "\n"


def schema_page() -> str:
    """Return the page of the four tables."""
    text = """\
# 数据表 · Schema

一个数据集文件夹含 `transfers.parquet`，可另含其余三表与 `dataset.json`；行序即日志顺序。
带 **✱** 的列必填，其余可缺、可空；空与“未知”同义，与“否”不同。
金额为整数分；时刻带时区，内部为 UTC。C2 是 JR/T 0171-2020 的信息类别；C3 类信息（密码、生物特征、磁道）没有列。

A dataset folder holds `transfers.parquet` and optionally the other three tables and `dataset.json`; the order of rows is the log
order. A column marked **✱** is required; every other may be absent or empty. Empty means unknown and differs from false. Money is
integer fen (1/100 yuan); moments carry a zone and are UTC inside. C2 is the class of JR/T 0171-2020; nothing of class C3
(passwords, biometrics, track data) has a column. *Pointer* is the field's place on the wire.
"""
    return text + "".join(_event_section(title, event_type) for title, event_type in TABLES.items())


def _event_section(title: str, event_type: type[Event]) -> str:
    rows = table("column|type|unit|class|pointer|说明|meaning", (_column_row(c) for c in columns_of(event_type)))
    words = "\n".join(_word_lists(event_type))
    return f"\n## {title}\n\n{rows}\n用词 · Words:\n\n{words}\n"


def _column_row(column: Column) -> tuple[str, ...]:
    name = f"`{column.name}`" + (" **✱**" if column.required else "")
    kind = "word" if column.is_enum else TYPES[column.type]
    return name, kind, column.unit, column.pii, f"`{column.pointer}`", column.zh, column.en


def _word_lists(event_type: type[Event]) -> Iterator[str]:
    for column in columns_of(event_type):
        if column.is_enum:
            words: Iterator[str] = iter(column.type)
            yield f"- `{column.name}`: " + ", ".join(f"`{word}`" for word in words)


def words_page() -> str:
    """Return the page of coded words."""
    sections = (
        f"\n## {title}\n\n" + table("code|中文|English", ((f"`{c}`", t.zh, t.en) for c, t in words_of(kind).items()))
        for kind, title in KINDS.items()
    )
    return (
        "# 代码用词 · Coded words\n\n接口与数据表中的代码，及其给人看的文字。\n\nCodes on the wire and in tables, and what people read.\n"
        + "".join(sections)
    )


def rights_page() -> str:
    """Return the page of who may do what at the desk."""
    head = "|".join(["操作 · act", *(f"{text.zh} · {text.en}" for text in words_of("role").values())])
    rows = ((f"{text.zh} · {text.en}", *_marks(Act(code))) for code, text in words_of("act").items())
    return (
        "# 谁可以做什么 · Who may do what\n\n处置台的页面与接口查的是同一张表（`fraudguard.serve.rights`）。标 ● 者可以；"
        "可签发的角色（签发止付、放行紧急与高等级）登录必须用动态口令。\n\nPages and routes of the desk ask one table "
        "(`fraudguard.serve.rights`). ● means may. Roles that sign need a second factor.\n\n" + table(head, rows)
    )


def _marks(act: Act) -> tuple[str, ...]:
    return tuple("●" if allowed(role, act) else "–" for role in Role)


def case_life_page() -> str:
    """Return the page of how a case moves from state to state."""
    rows = (
        (_said("case_state", state), _said("move", move), _said("case_state", step.to), _who(step))
        for state, steps in TRANSITIONS.items()
        for move, step in steps.items()
    )
    return (
        "# 案件的流转 · The life of a case\n\n页面上的按钮、服务端的检查和本页都出自同一张表（`fraudguard.serve.transitions`）；"
        "表里没有的动作做不了。\n\nButtons, checks and this page are made from one table (`fraudguard.serve.transitions`); what "
        "it does not name cannot be done.\n\n" + table("状态 · state|动作 · move|之后 · after|谁 · who", rows)
    )


def _said(kind: str, code: str) -> str:
    text = words_of(kind)[code]
    return f"{text.zh} · {text.en}"


def _who(step: Step) -> str:
    if step.act is None:
        return "系统 · the service"
    roles = "、".join(words_of("role")[role].zh for role in roles_with(step.act))
    return f"{roles}{'（须持有案件 · who holds it）' if step.needs_hold else ''}"


def features_page() -> str:
    """Return the page of features."""
    plan = compile_plan(CATALOG)
    text = f"""\
# 特征 · Features

{len(plan.columns)} 个特征，按目录顺序；名称即原因代码。窗口规则见 {{doc}}`../explanation/the-log`。

{len(plan.columns)} features in catalog order; a feature's name is its reason code. The window rule: {{doc}}`../explanation/the-log`.

"""
    return text + table("name|unit|特征|feature|为何|why", (_feature_row(column) for column in plan.columns))


def _feature_row(column: FeatureColumn) -> tuple[str, ...]:
    name = f"`{column.name}`"
    return name, column.unit, column.title.zh, column.title.en, column.why.zh, column.why.en


def config_page() -> str:
    """Return the page of settings."""
    text = """\
# 设置 · Settings

一项设置取自以下第一个写了它的地方：命令行参数；环境变量 `FRAUDGUARD_<NAME>`；`FRAUDGUARD_<NAME>_FILE` 指定的文件（仅密钥与数据库地址）；
`./fraudguard.toml`；`~/.config/fraudguard/config.toml`；`/etc/fraudguard/config.toml`；默认值。`fraudguard config show` 显示每项的值与来源。

A setting is taken from the first place that has it: the flag of a command, the variable `FRAUDGUARD_<NAME>`, the file named by
`FRAUDGUARD_<NAME>_FILE` (secret and database only), `./fraudguard.toml`, `~/.config/fraudguard/config.toml`,
`/etc/fraudguard/config.toml`, the default. `fraudguard config show` prints each value and where it came from.

"""
    return text + table("variable|default|meaning", (_setting_row(name) for name in Settings.model_fields))


def _setting_row(name: str) -> tuple[str, ...]:
    field = Settings.model_fields[name]
    default = "–" if field.default is None else f"`{field.default}`"
    return f"`FRAUDGUARD_{name.upper()}`", default, field.description or ""


def routes_page() -> str:
    """Return the page of routes and error codes."""
    text = """\
# 接口路径与错误代码 · Routes and error codes

全部字段见服务的 `/openapi.json`；用法与实例见 {doc}`http-api`。

Every field is in the service's `/openapi.json`; for use and examples see {doc}`http-api`.

## 路径 · Routes

"""
    routes = table("method|path|what it does", (row for router in ROUTERS for row in _route_rows(router)))
    problems = table("status|code|meaning", ((str(int(p.status)), f"`{p.code}`", p.title) for p in PROBLEMS.values()))
    return f"{text}{routes}\n## 错误代码 · Error codes\n\n{problems}"


def _route_rows(router: APIRouter) -> Iterator[tuple[str, ...]]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield ", ".join(sorted(route.methods)), f"`{route.path}`", route.summary or ""


def cli_page() -> str:
    """Return the page of commands.

    Raises
    ------
    TypeError
        If the command line has no commands.
    """
    text = """\
# 命令行 · Command line

数据写到标准输出，说明与进度写到标准错误；退出码见 {doc}`errors`。

Data goes to stdout, talk and progress to stderr; for exit codes see {doc}`errors`.
"""
    root = typer.main.get_command(app)
    if not isinstance(root, TyperGroup):
        raise TypeError("the command line has commands")
    own = table("option|meaning", _option_rows(root))
    return f"{text}\n## `fraudguard`\n\n{own}" + "".join(_command_sections(root, "fraudguard"))


def _command_sections(group: TyperGroup, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from _command_sections(command, f"{before} {name}")
        elif isinstance(command, TyperCommand) and not command.hidden:
            yield _command_section(command, f"{before} {name}")


def _command_section(command: TyperCommand, path: str) -> str:
    arguments = [_shown_argument(parameter) for parameter in command.params if isinstance(parameter, TyperArgument)]
    usage = " ".join([path, "[OPTIONS]", *arguments])
    text = f"\n## `{path}`\n\n{command.help or ''}\n\n```sh\n{usage}\n```\n"
    return f"{text}\n{table('option|meaning', _option_rows(command))}" if command.params else text


def _shown_argument(argument: TyperArgument) -> str:
    name = (argument.metavar or argument.name or "").upper() + ("..." if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _option_rows(command: TyperCommand | TyperGroup) -> Iterator[tuple[str, ...]]:
    for parameter in command.params:
        if isinstance(parameter, TyperArgument):
            yield f"`{_shown_argument(parameter)}`", _one_line(parameter.help)
        elif isinstance(parameter, TyperOption):
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            yield names, _one_line(parameter.help) + _shown_default(parameter)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _shown_default(option: TyperOption) -> str:
    is_plain = (
        isinstance(option.default, str | int | float) and not isinstance(option.default, bool) and not option.count
    )
    return f" [`{option.default}`]" if is_plain else ""


def openapi_page() -> str:
    """Return the OpenAPI document of the service."""
    made = document(ROUTERS)
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _page(make: Callable[[], str]) -> Callable[[], str]:
    return lambda: MADE + make()


PAGES: Final[dict[str, Callable[[], str]]] = {
    "schema.md": _page(schema_page),
    "words.md": _page(words_page),
    "rights.md": _page(rights_page),
    "case-life.md": _page(case_life_page),
    "features.md": _page(features_page),
    "config.md": _page(config_page),
    "cli.md": _page(cli_page),
    "routes.md": _page(routes_page),
    "openapi.json": openapi_page,
}


def stale_pages() -> dict[str, str]:
    """Return how the pages that are not as the code says differ from it."""
    found = ((name, _difference(name, make())) for name, make in PAGES.items())
    return {name: difference for name, difference in found if difference}


def _difference(name: str, made: str) -> str:
    path = REFERENCE / name
    there = path.read_text("utf-8") if path.is_file() else ""
    lines = difflib.unified_diff(
        there.splitlines(), made.splitlines(), f"{name} (committed)", f"{name} (as the code says)", lineterm="", n=2
    )
    return "\n".join(lines)


def main() -> int:
    """Write the pages, or check them; return the exit code."""
    if "--check" not in sys.argv:
        for name, make in PAGES.items():
            (REFERENCE / name).write_text(make(), encoding="utf-8")
        return 0
    stale = stale_pages()
    for difference in stale.values():
        sys.stderr.write(_shortened(difference))
    if stale:
        sys.stderr.write(f"{', '.join(stale)}: not as the code says; run python scripts/reference_pages.py\n")
    return 1 if stale else 0


def _shortened(difference: str) -> str:
    lines = difference.splitlines()
    more = [f"… {len(lines) - SHOWN_LINES} lines more"] if len(lines) > SHOWN_LINES else []
    return "\n".join([*lines[:SHOWN_LINES], *more]) + "\n\n"


if __name__ == "__main__":
    sys.exit(main())
