"""`features`: the dictionary of a catalog; and the option by which other commands take a catalog of one's own."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fraudguard.cli.output import output
from fraudguard.errors import NotFoundError

if TYPE_CHECKING:
    from fraudguard.features import FeatureColumn

__all__ = ["CatalogOption", "features_command"]

CatalogOption = Annotated[
    Path | None,
    typer.Option(
        "--catalog",
        metavar="FILE.py",
        help="定义 CATALOG 的 Python 文件，会被执行；默认随包目录"
        " / Python file that defines CATALOG, and is run; default the shipped one",
        show_default=False,
    ),
]


def features_command(
    *,
    catalog: CatalogOption = None,
    group: Annotated[
        str | None, typer.Option(help="只要这一组，即去掉窗口的名称 / only this group: a name without its window")
    ] = None,
    search: Annotated[
        str | None, typer.Option(help="只要名称或说明中有此词者 / only those with this word in name or text")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 / print one JSON object")] = False,
) -> None:
    """列出特征的名称、单位、含义与缘由。 / Print the dictionary of features: name, unit, title, why."""
    from fraudguard.features import compile_plan
    from fraudguard.features.catalog_file import chosen_catalog

    plan = compile_plan(chosen_catalog(catalog))
    found = [column for column in plan.columns if _is_asked_for(column, group, search)]
    if not found:
        raise _nothing_found(plan.columns, group, search)
    if as_json:
        output.write_json({"fingerprint": plan.fingerprint, "features": [_plain(column) for column in found]})
        return
    for _, columns in groupby(found, key=lambda column: (column.group, column.why)):
        _print(list(columns))
    output.say(
        f"{len(found)} 个特征，指纹 {plan.fingerprint}", f"{len(found)} features, fingerprint {plan.fingerprint}"
    )


def _is_asked_for(column: "FeatureColumn", group: str | None, search: str | None) -> bool:
    if group is not None and column.group != group:
        return False
    texts = (column.name, column.title.zh, column.title.en, column.why.zh, column.why.en)
    return search is None or any(search.lower() in text.lower() for text in texts)


def _nothing_found(columns: "Sequence[FeatureColumn]", group: str | None, search: str | None) -> NotFoundError:
    import difflib

    near = difflib.get_close_matches(
        group or search or "", sorted({column.group for column in columns}), n=3, cutoff=0.4
    )
    en = f"did you mean the group {' or '.join(near)}? " if near else ""
    zh = f"是否想写组 {'、'.join(near)}？" if near else ""
    return NotFoundError(
        f"no feature is in that group with that word; {en}leave out --group and --search to see them all",
        f"没有符合条件的特征；{zh}不写 --group 与 --search 可看全部",
    )


def _print(columns: "Sequence[FeatureColumn]") -> None:
    """Print features that say the same over other windows: each with its title, the why once."""
    for column in columns:
        output.write(f"{column.name}  [{column.unit}]" if column.unit else column.name)
        output.paragraph(column.title.text(output.lang), indent=4)
    output.paragraph(f"— {columns[0].why.text(output.lang)}", indent=4)
    output.write("")


def _plain(column: "FeatureColumn") -> dict[str, Any]:
    normal = None if column.own_normal is None else {"name": column.own_normal[0], "factor": column.own_normal[1]}
    return {
        "name": column.name,
        "unit": column.unit,
        "group": column.group,
        "title": {"zh": column.title.zh, "en": column.title.en},
        "why": {"zh": column.why.zh, "en": column.why.en},
        "own_normal": normal,
    }
