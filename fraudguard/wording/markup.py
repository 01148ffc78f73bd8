"""Small pages of HTML for notebooks: a card with tables, no script, no outside link, readable without its style."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

__all__ = ["Table", "bar", "card", "page", "tinted"]

_STYLE: Final = (
    "font:13px/1.5 system-ui,'Noto Sans SC',sans-serif;border:1px solid #9aa5b1;border-radius:6px;"
    "padding:10px 14px;max-width:72em;color:#1b2733;background:#fff"
)
_CELL: Final = "padding:2px 10px 2px 0;border-bottom:1px solid #d5dce3;color:#1b2733;background:#fff"
_LEFT: Final = "text-align:left;"
_RIGHT: Final = "text-align:right;"
_TINTS: Final = ("#e6f2ec", "#f7dfa5", "#f3bcae")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a card.

    Parameters
    ----------
    title : str
        Above it; may be empty.
    columns : sequence of str
        Headings; all empty for none.
    rows : sequence of sequence of str
        Cells. Text is escaped; what `bar` made is kept.
    """

    title: str = ""
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class _Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def bar(share: float) -> str:
    """Return a bar of a length, for a cell.

    Parameters
    ----------
    share : float
        In [0, 1] of the longest.

    Returns
    -------
    str
        HTML.
    """
    width = round(120 * min(max(share, 0.0), 1.0))
    style = f"display:inline-block;height:9px;width:{width}px;background:#3566a8"
    return _Markup(f'<span role="img" aria-label="{round(100 * share)} %" style="{style}"></span>')


def tinted(text: str, level: int) -> str:
    """Return text on a colour that says how bad it is, for a cell.

    Parameters
    ----------
    text : str
        Escaped here.
    level : {0, 1, 2}
        Fine, to be watched, bad; the last stands in bold with a mark, too, for who does not see the colour.

    Returns
    -------
    str
        HTML.
    """
    shown = f"<b>{escape(text)}&#8202;!</b>" if level == 2 else escape(text)
    style = (
        f"display:inline-block;min-width:3em;padding:0 4px;border-radius:3px;color:#1b2733;background:{_TINTS[level]}"
    )
    return _Markup(f'<span style="{style}">{shown}</span>')


def card(title: str, *, subtitle: str = "", tables: Sequence[Table] = (), notes: Sequence[str] = ()) -> str:
    """Return a card.

    Parameters
    ----------
    title, subtitle : str
        What it is of.
    tables : sequence of Table
        What it shows.
    notes : sequence of str
        What a reader must know.

    Returns
    -------
    str
        HTML without a script or a link.

    Examples
    --------
    >>> "<b>AP</b>" in card("Model", tables=[Table(columns=["<AP>"], rows=[["0.5"]])])
    False
    """
    parts = [f'<section style="{_STYLE}">', f"<strong>{escape(title)}</strong>"]
    if subtitle:
        parts.append(f"<div>{escape(subtitle)}</div>")
    parts += [_table(table) for table in tables if table.rows]
    if notes:
        parts.append("<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>")
    return "\n".join([*parts, "</section>"])


def page(title: str, body: str, *, lang: str) -> str:
    """Return a whole page around cards, to be written to a file.

    Parameters
    ----------
    title : str
        Of the page.
    body : str
        HTML of cards and pictures.
    lang : {"zh", "en"}
        Language of the text.

    Returns
    -------
    str
        An HTML document.
    """
    code = "zh-CN" if lang == "zh" else "en"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return f'<!doctype html>\n<html lang="{code}">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def _table(table: Table) -> str:
    title = f'<caption style="{_LEFT}padding-top:8px"><b>{escape(table.title)}</b></caption>' if table.title else ""
    head = ""
    if any(table.columns):
        head = (
            "<thead><tr>"
            + "".join(_cell("th", text, place) for place, text in enumerate(table.columns))
            + "</tr></thead>"
        )
    rows = "".join(
        "<tr>" + "".join(_cell("td", text, place) for place, text in enumerate(row)) + "</tr>" for row in table.rows
    )
    return f'<table style="border-collapse:collapse;margin-top:6px">{title}{head}<tbody>{rows}</tbody></table>'


def _cell(tag: str, text: str, place: int) -> str:
    shown = text if isinstance(text, _Markup) else escape(text)
    scope = ' scope="col"' if tag == "th" else ""
    return f'<{tag}{scope} style="{_LEFT if place == 0 else _RIGHT}{_CELL}">{shown}</{tag}>'
