"""The few SVG elements that the picture is made of; every text is escaped, every number short."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

__all__ = ["box", "element", "group", "path", "polygon", "text"]

_LEAVES = {"title", "desc", "text"}


def element(name: str, *content: str, **attributes: object) -> str:
    """Return an element.

    Parameters
    ----------
    name : str
        Its name. What a ``title``, ``desc`` or ``text`` holds is text, and is escaped.
    *content : str
        Text, or elements.
    **attributes : object
        Attributes; a low line in a name stands for a hyphen, None for no attribute.

    Returns
    -------
    str
        The markup.

    Examples
    --------
    >>> element("title", "A < B")
    '<title>A &lt; B</title>'
    """
    told = "".join(
        f" {key.replace('_', '-')}={quoteattr(_short(value))}" for key, value in attributes.items() if value is not None
    )
    held = "".join(escape(part) if name in _LEAVES else part for part in content)
    return f"<{name}{told}>{held}</{name}>" if held else f"<{name}{told}/>"


def group(*content: str) -> str:
    """Return elements that belong together."""
    return element("g", *content)


def box(x: float, y: float, width: float, height: float, **attributes: object) -> str:  # noqa: PLR0917  # as everybody writes a rectangle
    """Return a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def path(way: str, **attributes: object) -> str:
    """Return a line along a path."""
    return element("path", d=way, **attributes)


def polygon(points: Iterable[tuple[float, float]], **attributes: object) -> str:
    """Return a filled shape."""
    return element("polygon", points=" ".join(f"{_short(x)},{_short(y)}" for x, y in points), **attributes)


def text(  # noqa: PLR0913  # what a text looks like
    x: float,
    y: float,
    said: str,
    *,
    size: int = 11,
    weight: int | None = None,
    anchor: str | None = None,
    fill: str | None = None,
    halo: str | None = None,
) -> str:
    """Return a line of text, with a halo where it stands on lines."""
    around: dict[str, object] = (
        {} if halo is None else {"paint_order": "stroke", "stroke": halo, "stroke_width": 3, "stroke_linejoin": "round"}
    )
    return element("text", said, x=x, y=y, font_size=size, font_weight=weight, text_anchor=anchor, fill=fill, **around)


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
