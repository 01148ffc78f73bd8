"""Where everything stands in the picture of a flow: columns by layer, rows by barycentre, a slot for each link.

A link that passes over a column gets a free strip there, so that no line runs
behind a node and seems to come from it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from fraudguard.flow.cast import Cast, Link

__all__ = ["LANE", "LANE_STEP", "NODE_WIDTH", "Box", "Layout", "Route", "lay_out"]

NODE_WIDTH: Final = 140.0
LANE: Final = 22.0
"""Height of the lane of a link that leads back."""
LANE_STEP: Final = 7.0
"""How much farther from the nodes each lane turns than the one above it."""

_LEAST_GAP: Final = 132.0
_MOST_GAP: Final = 320.0
_LEAST_HEIGHT: Final = 60.0
_ROW_GAP: Final = 14.0
_STRIP: Final = 6.0
_TOP: Final = 94.0
_MARGIN: Final = 20.0
_SLOT: Final = 15.0
_SWEEPS: Final = 8
_WIDEST: Final = 9.0
_THINNEST: Final = 1.2


class Box(NamedTuple):
    """Where a node or a strip stands: left edge, upper edge, height."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way of a link.

    Parameters
    ----------
    link : Link
        The link.
    leaves, arrives : (float, float)
        Where it touches its nodes.
    over : tuple of (float, float)
        Left ends of the strips that it passes, at the height of its middle.
    width : float
        By its money.
    lane : int or None
        Of a link that leads back: its lane below everything, from 0.
    """

    link: Link
    leaves: tuple[float, float]
    arrives: tuple[float, float]
    over: tuple[tuple[float, float], ...]
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


@dataclass(frozen=True, slots=True)
class _Item:
    """What takes room in a column: a node, or the strip of a link."""

    column: int
    height: float
    is_strip: bool


class _Grid:
    """Items in columns, and the pieces of links between neighbouring columns."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        most = max((link.tainted_fen for link in cast.links), default=0) or 1
        self.widths = {link: max(_THINNEST, _WIDEST * link.tainted_fen / most) for link in cast.links}
        self.items = [_Item(node.column, self._height(n), is_strip=False) for n, node in enumerate(cast.nodes)]
        self.stops = {link: self._stops(link) for link in cast.links}
        self.pieces = [
            (near, far, link.tainted_fen + 1)
            for link, stops in self.stops.items()
            if not link.is_back
            for near, far in pairwise(stops)
        ]

    def rows(self) -> dict[int, list[int]]:
        """Return the items of each column in the order that keeps links short."""
        columns: dict[int, list[int]] = defaultdict(list)
        for number, item in enumerate(self.items):
            columns[item.column].append(number)
        for sweep in range(_SWEEPS):
            ahead = sweep % 2 == 0
            for column in sorted(columns, reverse=not ahead):
                row = {n: (rank + 0.5) / len(rows) for rows in columns.values() for rank, n in enumerate(rows)}
                keys = {n: (self._barycentre(n, row, ahead=ahead), row[n]) for n in columns[column]}
                columns[column].sort(key=keys.__getitem__)
        return columns

    def _height(self, number: int) -> float:
        """Return a height that leaves a slot for each link, with room for its label."""
        into = sum(_SLOT + self.widths[link] for link in self.cast.links if link.target == number)
        out = sum(_SLOT + self.widths[link] for link in self.cast.links if link.source == number)
        return max(_LEAST_HEIGHT, into + 6, out + 6)

    def _stops(self, link: Link) -> list[int]:
        """Return source, strips and target of a link; makes the strips."""
        first, last = self.cast.nodes[link.source].column + 1, self.cast.nodes[link.target].column
        strips = list(range(len(self.items), len(self.items) + max(last - first, 0)))
        self.items += [_Item(column, self.widths[link] + _STRIP, is_strip=True) for column in range(first, last)]
        return [link.source, *strips, link.target]

    def _barycentre(self, number: int, row: Mapping[int, float], *, ahead: bool) -> float:
        """Return the mean row of an item's neighbours on one side, by money; its own row when it has none."""
        near = [(row[a if ahead else b], fen) for a, b, fen in self.pieces if (b if ahead else a) == number]
        weight = sum(fen for _, fen in near)
        return sum(place * fen for place, fen in near) / weight if near else row[number]


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
    grid = _Grid(cast)
    rows = grid.rows()
    backs = sum(link.is_back for link in cast.links)
    side = _MARGIN + (16 + LANE_STEP * backs if backs else 0)
    count = max(rows) + 1
    gap = min(max((width - 2 * side - count * NODE_WIDTH) / max(count - 1, 1), _LEAST_GAP), _MOST_GAP)
    lefts = {column: side + column * (NODE_WIDTH + gap) for column in rows}
    boxes, tallest = _boxes(grid, rows, lefts)
    return Layout(
        width=max(width, 2 * side + count * NODE_WIDTH + (count - 1) * gap),
        height=_TOP + tallest + (backs + 1) * LANE,
        lanes_y=_TOP + tallest + LANE,
        boxes=tuple(boxes[: len(cast.nodes)]),
        routes=_routes(grid, boxes),
    )


def _boxes(grid: _Grid, rows: Mapping[int, list[int]], lefts: Mapping[int, float]) -> tuple[list[Box], float]:
    """Return the box of each item, columns centred, and the height of the tallest column."""
    tall = {column: _stacked(grid, numbers) for column, numbers in rows.items()}
    tallest = max(tall.values())
    boxes: dict[int, Box] = {}
    for column, numbers in rows.items():
        y = _TOP + (tallest - tall[column]) / 2
        for number in numbers:
            item = grid.items[number]
            boxes[number] = Box(lefts[column], y, item.height)
            y += item.height + _gap_after(item)
    return [boxes[number] for number in range(len(boxes))], tallest


def _stacked(grid: _Grid, numbers: Sequence[int]) -> float:
    items = [grid.items[number] for number in numbers]
    return sum(item.height + _gap_after(item) for item in items) - _gap_after(items[-1])


def _gap_after(item: _Item) -> float:
    return _STRIP if item.is_strip else _ROW_GAP


def _routes(grid: _Grid, boxes: list[Box]) -> tuple[Route, ...]:
    leaves, arrives = _slots(grid, boxes, at_source=True), _slots(grid, boxes, at_source=False)
    lanes = {link: lane for lane, link in enumerate(link for link in grid.cast.links if link.is_back)}
    return tuple(
        Route(
            link=link,
            leaves=leaves[link],
            arrives=arrives[link],
            over=tuple((boxes[n].x, boxes[n].y + boxes[n].height / 2) for n in grid.stops[link][1:-1]),
            width=grid.widths[link],
            lane=lanes.get(link),
        )
        for link in grid.cast.links
    )


def _slots(grid: _Grid, boxes: list[Box], *, at_source: bool) -> dict[Link, tuple[float, float]]:
    """Return where each link touches its node: links that lead back lowest, the others by where they go or come from."""
    places: dict[Link, tuple[float, float]] = {}
    of_node: dict[int, list[Link]] = defaultdict(list)
    for link in grid.cast.links:
        of_node[link.source if at_source else link.target].append(link)
    for number, links in of_node.items():
        box = boxes[number]
        links.sort(key=lambda link: (link.is_back, boxes[grid.stops[link][1 if at_source else -2]].y))
        y = box.y + (box.height - sum(_SLOT + grid.widths[link] for link in links)) / 2
        for link in links:
            y += _SLOT + grid.widths[link]
            places[link] = (box.x + (NODE_WIDTH if at_source else 0), y - grid.widths[link] / 2 - 2)
    return places
