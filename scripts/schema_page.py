"""Write docs/reference/schema.md from the event types, or check that it is as they say.

python scripts/schema_page.py           write the page
python scripts/schema_page.py --check   exit 1 when the page differs
"""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "schema.md"
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
HEAD: Final = """\
<!-- Made by scripts/schema_page.py from the event types; edit those, then run it again. -->

# 数据表 · Schema

本页由事件类型生成。一个数据集文件夹含 `transfers.parquet`，可另含其余三表与 `dataset.json`；行序即日志顺序。
带 **✱** 的列必填，其余可缺、可空；空与“未知”同义，与“否”不同。
金额为整数分；时刻带时区，内部为 UTC。C2 是 JR/T 0171-2020 的信息类别；C3 类信息（密码、生物特征、磁道）没有列。

This page is made from the event types. A dataset folder holds `transfers.parquet` and optionally the other three tables and
`dataset.json`; the order of rows is the log order. A column marked **✱** is required; every other may be absent or empty. Empty
means unknown and differs from false. Money is integer fen (1/100 yuan), moments carry a zone and are UTC inside. C2 is the class
of JR/T 0171-2020; nothing of class C3 (passwords, biometrics, track data) has a column. *Pointer* is the field's place on the wire.
"""


def kind_of(column: Column) -> str:
    """Return the type of a column as the page says it."""
    return "word" if column.is_enum else TYPES[column.type]


def row_of(column: Column) -> str:
    """Return a column as a row of the page."""
    required = " **✱**" if column.required else ""
    cells = (
        f"`{column.name}`{required}",
        kind_of(column),
        column.unit,
        column.pii,
        f"`{column.pointer}`",
        column.zh,
        column.en,
    )
    return "| " + " | ".join(cells) + " |"


def words_of(event_type: type[Event]) -> Iterator[str]:
    """Give a line for every column that takes one of a closed list of words."""
    for column in columns_of(event_type):
        if column.is_enum:
            yield f"- `{column.name}`: " + ", ".join(f"`{word}`" for word in column.type)  # type: ignore[attr-defined]


def section_of(title: str, event_type: type[Event]) -> str:
    """Return the section of one table."""
    head = "| column | type | unit | class | pointer | 说明 | meaning |\n|---|---|---|---|---|---|---|"
    rows = "\n".join(row_of(column) for column in columns_of(event_type))
    words = "\n".join(words_of(event_type))
    return f"\n## {title}\n\n{head}\n{rows}\n\n用词 · Words:\n\n{words}\n"


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(section_of(title, event_type) for title, event_type in TABLES.items())


def main() -> int:
    """Write the page, or check it; return the exit code."""
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text("utf-8") == page():
        return 0
    sys.stderr.write(f"{PAGE.name} differs from the event types; run python scripts/schema_page.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
