"""The picture of a flow as SVG: no script, no style sheet, nothing from outside, so that any page may hold it.

Colours are those of Okabe and Ito, which the colour-blind tell apart; in print
a bar, a border and a dash say the same as the colours do.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fraudguard.flow.cast import Cast, Node, cast_of
from fraudguard.flow.layout import LANE, LANE_STEP, NODE_WIDTH, Box, Layout, Route, lay_out
from fraudguard.flow.result import Flow
from fraudguard.flow.speech import Speech, masked_token
from fraudguard.flow.strokes import box, element, group, path, polygon, text
from fraudguard.wording import word

__all__ = ["flow_svg"]

_INK: Final = "#1b2733"
_SOFT: Final = "#52606d"
_PAPER: Final = "#ffffff"
_BLUE: Final = "#0072b2"
_PALE_BLUE: Final = "#eaf3f9"
_ORANGE: Final = "#d55e00"
_PALE_ORANGE: Final = "#fdf1e7"
_GREY: Final = "#6b7785"
_PALE_GREY: Final = "#f1f3f5"
_LINE: Final = "#7c8ea0"
_BAR: Final = 6.0
_LABEL: Final = 84.0
"""Length of the straight end of a line, on which its label stands."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is drawn, where, and in which words."""

    flow: Flow
    cast: Cast
    places: Layout
    said: Speech

    def after(self, route: Route) -> str:
        """Return how long after the start the first transfer of a link was."""
        return self.said.duration(self.flow.minutes_after_start(route.link.first_at))


def flow_svg(flow: Flow, *, speech: Speech | None = None, width: int = 1100, most_per_layer: int = 8) -> str:
    """Return the picture of a flow.

    Parameters
    ----------
    flow : Flow
        From `follow`.
    speech : Speech, optional
        Language, time zone and currency.
    width : int
        Width in pixels; at least 320. Many layers are drawn smaller.
    most_per_layer : int
        Accounts drawn by themselves in a layer; the others share one node.

    Returns
    -------
    str
        One ``<svg>`` element, at most 60 KB. Account tokens are masked; each node has the number of `FlowAccount`.
    """
    said = speech or Speech()
    cast = cast_of(flow, most_per_layer=max(most_per_layer, 1))
    places = lay_out(cast, width=float(max(width, 320)))
    scene = _Scene(flow, cast, places, said)
    links = [_link(route, scene) for route in places.routes]
    labels = [_label(route, scene) for route in places.routes]
    nodes = [_node(node, place, scene) for node, place in zip(cast.nodes, places.boxes, strict=True)]
    height = places.height + 46
    return element(
        "svg",
        element("title", said.text("title")) + element("desc", _told(flow, said)) + box(0, 0, places.width, height, fill=_PAPER),
        *_head(scene), *_titles(scene), *links, *nodes, *labels, *_legend(scene),
        xmlns="http://www.w3.org/2000/svg", role="img", width=max(width, 320), height=height * max(width, 320) / places.width,
        viewBox=f"0 0 {places.width:.0f} {height:.0f}", font_family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, Noto Sans, Arial, sans-serif",
        font_size=11, fill=_INK,
    )  # fmt: skip


def _told(flow: Flow, said: Speech) -> str:
    last = flow.last
    return said.text(
        "desc",
        entered=said.money(last.entered_fen),
        start=said.moment(flow.start_at),
        accounts=sum(account.layer > 0 for account in flow.accounts),
        until=said.moment(flow.until),
        inside=said.money(last.inside_fen),
        returned=said.money(last.returned_fen),
        gone=said.money(sum(last.gone_fen.values())),
    )


def _head(scene: _Scene) -> Iterator[str]:
    flow, said, last = scene.flow, scene.said, scene.flow.last
    yield text(20, 26, said.text("title"), size=16, weight=700)
    parts = [
        said.text("entered", money=said.money(last.entered_fen)),
        said.text("inside", money=said.money(last.inside_fen)),
    ]
    if last.returned_fen:
        parts.append(said.text("returned", money=said.money(last.returned_fen)))
    parts += [
        said.text("gone", money=said.money(sum(last.gone_fen.values()))),
        said.text("until", moment=said.moment(flow.until)),
    ]
    yield text(20, 45, " · ".join(parts), size=12)
    yield text(scene.places.width - 20, 26, said.text(str(flow.rule)), size=11, anchor="end", fill=_SOFT)


def _titles(scene: _Scene) -> Iterator[str]:
    """Write what each column is, and how much of the money is there."""
    said, lefts = (
        scene.said,
        {node.column: place.x for node, place in zip(scene.cast.nodes, scene.places.boxes, strict=True)},
    )
    inside: Counter[int] = Counter()
    for account in scene.flow.accounts:
        inside[account.layer] += account.stoppable_fen
    for column, left in lefts.items():
        is_last = any(node.way_out for node in scene.cast.nodes if node.column == column)
        yield text(
            left + NODE_WIDTH / 2, 68, said.text("left") if is_last else said.layer(column), anchor="middle", weight=700
        )
        told = (
            said.money(sum(scene.flow.last.gone_fen.values()))
            if is_last
            else said.text("node_inside", money=said.money(inside[column]))
        )
        if is_last or column:
            yield text(left + NODE_WIDTH / 2, 82, told, size=10, anchor="middle", fill=_SOFT)


def _node(node: Node, place: Box, scene: _Scene) -> str:
    said = scene.said
    if node.way_out:
        return _way_out(node, place, said)
    column_of_payers = node.column == 0
    inside, received = sum(one.inside_fen for one in node.accounts), sum(one.in_fen for one in node.accounts)
    whole = max(received + (sum(one.own_fen for one in node.accounts) if column_of_payers else 0), 1)
    first = said.moment(min(one.first_at for one in node.accounts), scene.flow.start_at)
    edge, pale = (_BLUE, _PALE_BLUE) if column_of_payers else (_ORANGE, _PALE_ORANGE) if inside else (_GREY, _PAPER)
    x, y, top = place.x, place.y, place.y + (place.height - 60) / 2
    bar_width = NODE_WIDTH - 16
    filled = bar_width * inside / whole
    drawn = [
        box(x, y, NODE_WIDTH, place.height, fill=pale, stroke=edge, rx=5, stroke_width=1.2),
        text(x + 8, top + 16, _name(node, said), size=11, weight=600),
        text(x + 8, top + 32, _holding(node, inside, said), size=12, weight=700, fill=_ORANGE if inside and not column_of_payers else _INK),
        box(x + 8, top + 37, bar_width, _BAR, fill=_PAPER, stroke=edge, stroke_width=0.6),
        box(x + 8, top + 37, max(filled, 1.5), _BAR, fill=edge) if inside else "",
        text(x + 8, top + 55, said.text("node_first", moment=first) + _booked(node, said), size=10, fill=_SOFT),
    ]  # fmt: skip
    sent = sum(one.out_fen for one in node.accounts)
    title = said.text("node_title", account=_name(node, said), received=said.money(received), sent=said.money(sent), inside=said.money(inside), moment=first)  # fmt: skip
    return group(element("title", title), *drawn)


def _name(node: Node, said: Speech) -> str:
    if len(node.accounts) > 1:
        return said.text("rest", count=len(node.accounts))
    return f"#{node.accounts[0].number} {masked_token(node.accounts[0].account_id)}"


def _holding(node: Node, inside: int, said: Speech) -> str:
    if inside:
        return said.text("node_inside" if node.column else "node_back", money=said.money(inside))
    if node.column == 0:
        return said.text("node_paid", money=said.money(sum(one.own_fen for one in node.accounts)))
    return said.text("node_empty")


def _booked(node: Node, said: Speech) -> str:
    return f" · {said.text('node_booked')}" if any(one.booked_fen for one in node.accounts) else ""


def _way_out(node: Node, place: Box, said: Speech) -> str:
    name, middle = word("flow_exit", str(node.way_out), said.lang), place.y + place.height / 2
    return group(
        element("title", f"{said.text('left')}: {name} {said.money(node.gone_fen)}"),
        box(place.x, place.y, NODE_WIDTH, place.height, fill=_PALE_GREY, stroke=_GREY, rx=5, stroke_dasharray="4 3"),
        text(place.x + NODE_WIDTH / 2, middle - 4, name, anchor="middle", weight=600),
        text(place.x + NODE_WIDTH / 2, middle + 13, said.money(node.gone_fen), anchor="middle", size=12),
    )


def _link(route: Route, scene: _Scene) -> str:
    cast, said = scene.cast, scene.said
    target = cast.nodes[route.link.target]
    title = said.text(
        "link_title",
        payer=_name(cast.nodes[route.link.source], said),
        payee=word("flow_exit", str(target.way_out), said.lang) if target.way_out else _name(target, said),
        money=said.money(route.link.tainted_fen),
        count=route.link.transfers,
        after=scene.after(route),
    )
    dash = None if route.lane is None else "6 4"
    (end_x, end_y), tip = route.arrives, _tip(route)
    head = [(end_x - 1, end_y), (end_x - tip - 2, end_y - tip + 1), (end_x - tip - 2, end_y + tip - 1)]
    line = path(
        _forward(route) if route.lane is None else _backward(route, route.lane, scene.places.lanes_y),
        stroke=_LINE, stroke_width=round(route.width, 1), fill="none", stroke_linejoin="round", stroke_dasharray=dash,
    )  # fmt: skip
    return group(element("title", title), line, polygon(head, fill=_GREY))


def _tip(route: Route) -> float:
    return 5 + route.width / 2


def _forward(route: Route) -> str:
    """Return the path from node to node; straight along strips, and where the label stands."""
    x, y = route.leaves
    way = f"M{x:.0f} {y:.1f}"
    for strip_x, strip_y in route.over:
        way += _bend(x, y, strip_x, strip_y) + f"h{NODE_WIDTH:.0f}"
        x, y = strip_x + NODE_WIDTH, strip_y
    end_x, end_y = route.arrives
    room = end_x - x
    straight = end_x - min(_LABEL, room * 0.45)
    return f"{way}{_bend(x, y, straight, end_y)}H{end_x - _tip(route):.1f}"


def _bend(x: float, y: float, end_x: float, end_y: float) -> str:  # noqa: PLR0917  # from a point to a point
    middle = (x + end_x) / 2
    return f"C{middle:.0f} {y:.1f} {middle:.0f} {end_y:.1f} {end_x:.0f} {end_y:.1f}"


def _backward(route: Route, lane: int, lanes_y: float) -> str:
    (x, y), (end_x, end_y) = route.leaves, route.arrives
    away = 10 + LANE_STEP * lane
    return f"M{x:.0f} {y:.1f}h{away:.0f}V{lanes_y + LANE * lane:.0f}H{end_x - away - 6:.0f}V{end_y:.1f}H{end_x - _tip(route):.1f}"


def _label(route: Route, scene: _Scene) -> str:
    told = scene.said.text("link", money=scene.said.money(route.link.tainted_fen), after=scene.after(route))
    if route.link.transfers > 1:
        told += scene.said.text("link_times", count=route.link.transfers)
    if route.lane is None:
        end_x, end_y = route.arrives
        return text(end_x - 9, end_y - route.width / 2 - 3, told, size=10, anchor="end", halo=_PAPER)
    middle = (route.leaves[0] + route.arrives[0]) / 2
    return text(middle, scene.places.lanes_y + LANE * route.lane - 4, told, size=10, anchor="middle", halo=_PAPER)


def _legend(scene: _Scene) -> Iterator[str]:
    """Say what the bar, the lines and the dashes are."""
    cast, said, y, x = scene.cast, scene.said, scene.places.height + 22, 20.0
    yield box(x, y - 7, 30, _BAR, fill=_PAPER, stroke=_ORANGE, stroke_width=0.6)
    yield box(x, y - 7, 18, _BAR, fill=_ORANGE)
    told = said.text("legend_inside")
    yield text(x + 36, y, told, size=10, fill=_SOFT)
    x += 56 + _length(told)
    yield path(f"M{x:.0f} {y - 4:.0f}h30", stroke=_LINE, stroke_width=4)
    told = said.text("legend_link")
    yield text(x + 36, y, told, size=10, fill=_SOFT)
    x += 56 + _length(told)
    if any(link.is_back for link in cast.links):
        yield path(f"M{x:.0f} {y - 4:.0f}h30", stroke=_LINE, stroke_width=1.5, stroke_dasharray="6 4")
        told = said.text("legend_back")
        yield text(x + 36, y, told, size=10, fill=_SOFT)
    if cast.links_left_out:
        yield text(20, y + 16, said.text("left_out", count=cast.links_left_out), size=10, fill=_SOFT)


def _length(told: str) -> float:
    """Return about how wide a text of size 10 is."""
    return sum(10.0 if ord(letter) > 0x2E80 else 5.4 for letter in told)
