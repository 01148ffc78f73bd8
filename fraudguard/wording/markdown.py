"""The little Markdown that cards are written in, as HTML: headings, paragraphs, lists, tables, bold."""

import re
from html import escape
from itertools import groupby
from typing import Final

__all__ = ["as_html"]

_TABLE: Final = "border-collapse:collapse;margin:6px 0"
_CELL: Final = "padding:3px 12px 3px 0;border-bottom:1px solid #d5dce3;text-align:left;vertical-align:top"
_PAGE: Final = (
    "font:15px/1.6 system-ui,'Noto Sans SC',sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b2733"
)
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_RULE: Final = re.compile(r"\|[ |:-]+\|")


def as_html(text: str) -> str:
    """Return the text of a card as HTML.

    Parameters
    ----------
    text : str
        Headings (``#``, ``##``), paragraphs, lists (``-``), tables (``|``), ``**bold**``; all else is text and is escaped.

    Returns
    -------
    str
        One element, without a script or a link.

    Examples
    --------
    >>> as_html("# A < B").count("<h1>A &lt; B</h1>")
    1
    """
    blocks = (
        list(lines) for blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip()) if not blank
    )
    return f'<main style="{_PAGE}">\n' + "\n".join(_block(block) for block in blocks) + "\n</main>"


def _block(lines: list[str]) -> str:
    first = lines[0]
    if first.startswith("#"):
        level = len(first) - len(first.lstrip("#"))
        rest = "\n" + _block(lines[1:]) if lines[1:] else ""
        return f"<h{level}>{_inline(first.lstrip('# '))}</h{level}>{rest}"
    if first.startswith("|"):
        return _table(lines)
    if first.startswith("- "):
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in _items(lines)) + "</ul>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += " " + line.strip()
    return items


def _table(lines: list[str]) -> str:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in lines
        if not _RULE.fullmatch(line.strip())
    ]
    head = "".join(f'<th scope="col" style="{_CELL}">{_inline(cell)}</th>' for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{_inline(cell)}</td>' for cell in row) + "</tr>" for row in rows[1:]
    )
    return f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _inline(text: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", escape(text, quote=False))
