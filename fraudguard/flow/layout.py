"""Where everything stands in the picture of a flow: columns by layer, rows by barycentre, a slot for each link."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fraudguard.flow.cast import Cast, Link

__all__ = ["NODE_WIDTH", "Box", "Layout", "Route", "lay_out"]

NODE_WIDTH: Final = 140.0
_LEAST_GAP: Final = 116.0
_LEAST_HEIGHT: Final = 60.0
_ROW_GAP: Final = 14.0
_TOP: Final = 84.0
_MARGIN: Final = 20.0
_SLOT: Final = 15.0
_LANE: Final = 22.0
_LANE_STEP: Final = 7.0
_SWEEPS: Final = 6
_WIDEST: Final = 9.0
_THINNEST: Final = 1.2


@dataclass(frozen=True, slots=True)
class Box:
    """Where a node stands: left edge, upper edge, height."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a link leaves, where it arrives, how wide it is, and of one that leads back, its lane below all."""

    link: Link
    leaves: tuple[float, float]
    arrives: tuple[float, float]
    width: float
    lane: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The places of a whole picture; boxes by number of the node."""

    width: float
    height: float
    lanes_y: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


def lay_out(cast: Cast, *, width: float) -> Layout:
    """Give every node and link its place.

    Parameters
    ----------
    cast : Cast
        From `cast_of`.
    width : float
        Width wanted; the picture is wider where its columns need it.

    Returns
    -------
    Layout
        In pixels.
    """
    columns = _columns(cast)
    backs = sum(link.is_back for link in cast.links)
    side = _MARGIN + (16 + _LANE_STEP * backs if backs else 0)
    count = max(columns) + 1
    room = (width - 2 * side - count * NODE_WIDTH) / max(count - 1, 1)
    gap = max(room, _LEAST_GAP) if count > 1 else 0.0
    widths = _widths(cast)
    heights = _heights(cast, widths)
    tallest = max(sum(heights[n] for n in rows) + _ROW_GAP * (len(rows) - 1) for rows in columns.values())
    boxes: dict[int, Box] = {}
    for column, rows in columns.items():
        y = _TOP + (tallest - sum(heights[n] for n in rows) - _ROW_GAP * (len(rows) - 1)) / 2
        for number in rows:
            boxes[number] = Box(side + column * (NODE_WIDTH + gap), y, heights[number])
            y += heights[number] + _ROW_GAP
    lanes_y = _TOP + tallest + _LANE
    placed = tuple(boxes[number] for number in range(len(cast.nodes)))
    return Layout(
        width=max(width, 2 * side + count * NODE_WIDTH + (count - 1) * gap),
        height=_TOP + tallest + (backs + 1) * _LANE,
        lanes_y=lanes_y,
        boxes=placed,
        routes=_routes(cast, placed, widths),
    )


def _columns(cast: Cast) -> dict[int, list[int]]:
    """Return the nodes of each column in the order of rows that keeps links short."""
    columns: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(cast.nodes):
        columns[node.column].append(number)
    for sweep in range(_SWEEPS):
        ahead = sweep % 2 == 0
        row = {number: rank / len(rows) for rows in columns.values() for rank, number in enumerate(rows)}
        for column in sorted(columns, reverse=not ahead):
            centres = {number: _barycentre(cast, number, row, ahead=ahead) for number in columns[column]}
            columns[column].sort(key=lambda number, centres=centres: (centres[number], number))  # type: ignore[misc]  # bound now
            row |= {number: rank / len(columns[column]) for rank, number in enumerate(columns[column])}
    return columns


def _barycentre(cast: Cast, number: int, row: Mapping[int, float], *, ahead: bool) -> float:
    """Return the mean row of a node's neighbours before it (or after), by money; its own row when it has none."""
    pairs = [(link.source, link.target, link.tainted_fen) for link in cast.links if not link.is_back]
    near = [
        (source if ahead else target, fen) for source, target, fen in pairs if (target if ahead else source) == number
    ]
    weight = sum(fen for _, fen in near)
    return sum(row[other] * fen for other, fen in near) / weight if weight else row[number]


def _widths(cast: Cast) -> dict[Link, float]:
    most = max((link.tainted_fen for link in cast.links), default=0) or 1
    return {link: max(_THINNEST, _WIDEST * link.tainted_fen / most) for link in cast.links}


def _heights(cast: Cast, widths: Mapping[Link, float]) -> list[float]:
    """Return heights that leave a slot for each link, with room for its label."""
    need = []
    for number in range(len(cast.nodes)):
        into = sum(_SLOT + widths[link] for link in cast.links if link.target == number)
        out = sum(_SLOT + widths[link] for link in cast.links if link.source == number)
        need.append(max(_LEAST_HEIGHT, into + 6, out + 6))
    return need


def _routes(cast: Cast, boxes: tuple[Box, ...], widths: Mapping[Link, float]) -> tuple[Route, ...]:
    leaves, arrives = _slots(cast, boxes, widths, at_source=True), _slots(cast, boxes, widths, at_source=False)
    lanes = {link: lane for lane, link in enumerate(link for link in cast.links if link.is_back)}
    return tuple(
        Route(link=link, leaves=leaves[link], arrives=arrives[link], width=widths[link], lane=lanes.get(link))
        for link in cast.links
    )


def _slots(
    cast: Cast, boxes: tuple[Box, ...], widths: Mapping[Link, float], *, at_source: bool
) -> dict[Link, tuple[float, float]]:
    """Return where each link touches its node: links that lead back lowest, the others by the row of the far end."""
    places: dict[Link, tuple[float, float]] = {}
    for number, box in enumerate(boxes):
        links = [link for link in cast.links if (link.source if at_source else link.target) == number]
        links.sort(key=lambda link: (link.is_back, boxes[link.target if at_source else link.source].y))
        spare = box.height - sum(_SLOT + widths[link] for link in links)
        y = box.y + spare / 2
        for link in links:
            y += _SLOT + widths[link]
            places[link] = (box.x + (NODE_WIDTH if at_source else 0), y - widths[link] / 2 - 2)
    return places
