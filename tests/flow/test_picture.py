"""The picture: whole in both languages, safe in any page, small, and readable."""

import random
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from fraudguard.flow.cast import cast_of
from fraudguard.flow.graph import CaseGraph
from fraudguard.flow.layout import NODE_WIDTH, lay_out
from fraudguard.flow.picture import flow_svg
from fraudguard.flow.result import Flow
from fraudguard.flow.speech import Speech
from fraudguard.transfer import EventType
from tests.flow.samples import followed, move

SVG = "{http://www.w3.org/2000/svg}"


def _small() -> Flow:
    """Give a case with a cycle, a way out that passes over a layer, and money left."""
    return followed(
        move("victim-0001>account-one-1", 50_000_00),
        move("account-one-1>account-two-2", 30_000_00, minute=4),
        move("account-two-2>account-one-1", 1_000_00, minute=5),
        move("account-one-1>desk", 5_000_00, minute=6, event_type=EventType.CASH_WITHDRAWAL),
        move("account-two-2>account-three", 4_000_00, minute=140),
    )


def _large() -> Flow:
    """Give a case of hundreds of accounts in twelve layers."""
    chance, held = random.Random(5), ["a0"]  # noqa: S311  # no secret
    moves = [move("v>a0", 10**9)]
    for number in range(1, 900):
        payer = chance.choice(held[-60:])
        payee = f"a{number}" if number < 500 else chance.choice(held)
        moves.append(move(f"{payer}>{payee}", chance.randint(1, 10**6), minute=number, transfer_id=f"t{number}"))
        held.append(payee)
    return followed(*moves, hops=12)


def _texts(svg: str, name: str = "text") -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}{name}")]  # noqa: S314  # our own picture


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_says_what_an_officer_needs(lang: str) -> None:
    """Masked accounts with the yuan still inside, times, ways out, amount and minutes on the lines."""
    told = " | ".join(_texts(flow_svg(_small(), speech=Speech(lang=lang))))

    wanted = {
        "zh": (
            "#2 acco****ne-1",
            "余 16,000元",
            "首笔 08:00",
            "一级账户",
            "取现",
            "5,000元 · 6分",
            "4,000元 · 2.3小时",
            "已离开",
        ),
        "en": (
            "#2 acco****ne-1",
            "¥16,000 inside",
            "first 08:00",
            "Layer 1",
            "Cash",
            "¥5,000 · 6 min",
            "¥4,000 · 2.3 h",
            "Gone",
        ),
    }
    assert [words for words in wanted[lang] if words not in told] == []
    assert "account-one-1" not in told


@pytest.mark.parametrize("flow", [_small(), _large(), followed(move("v>a", 0))], ids=["small", "large", "empty"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_picture_is_safe_and_small(flow: Flow, lang: str) -> None:
    """At most 60 KB also in a notebook, no script, no style, no link, and what a screen reader needs."""
    graph = CaseGraph(flow=flow, lang=lang)
    svg, page = graph.svg(), graph._repr_html_()

    assert len(page.encode()) <= 60_000
    assert graph._repr_svg_() == svg
    assert re.findall(r"<(?:script|style|image|use|a)\b| (?:on\w+|style|href|class)=|url\(", page) == []
    assert re.findall(r"https?://[^\"]+", page) == ["http://www.w3.org/2000/svg"]
    assert (len(_texts(svg, "desc")), ET.fromstring(svg).get("role")) == (1, "img")  # noqa: S314  # our own picture


def test_text_of_an_account_is_escaped() -> None:
    """A token with the letters of markup is a text like any."""
    svg = flow_svg(followed(move('<v&">></script>', 100)))

    assert "</script>" not in svg
    assert any('<****"' in told for told in _texts(svg))


def test_many_accounts_share_one_node() -> None:
    """The largest of a layer are shown, the others counted; one more than the limit is shown instead."""
    fan = [move(f"a>b{number:02d}", 100 + number, minute=1, place=number) for number in range(12)]
    flow = followed(move("v>a", 10_000), *fan)

    shown = _texts(flow_svg(flow, most_per_layer=8))
    assert "其余 4 个账户" in shown
    assert "其余" not in " ".join(_texts(flow_svg(flow, most_per_layer=11)))
    assert sum(bool(re.match(r"#\d+ b\*\*\*\*", told)) for told in shown) == 8


@pytest.mark.parametrize("flow", [_small(), _large()], ids=["small", "large"])
def test_nothing_lies_on_anything(flow: Flow) -> None:
    """Nodes of a column keep apart, labels of lines keep apart, and all is within the picture."""
    cast = cast_of(flow, most_per_layer=8)
    places = lay_out(cast, width=1100)
    boxes = sorted(places.boxes)
    ends = sorted(route.arrives for route in places.routes if route.lane is None)

    assert all(low.x != high.x or low.y + low.height < high.y for low, high in pairwise(boxes))
    assert all(a[0] != b[0] or b[1] - a[1] >= 12 for a, b in pairwise(ends))
    assert all(box.x > 0 and box.x + NODE_WIDTH < places.width and box.y + box.height < places.height for box in boxes)


def test_long_line_passes_no_node() -> None:
    """A line over a layer has a strip of its own there."""
    cast = cast_of(_small(), most_per_layer=8)
    places = lay_out(cast, width=1100)
    passing = [route for route in places.routes if route.over]

    assert passing
    for route in passing:
        for x, y in route.over:
            assert not any(box.x == x and box.y <= y <= box.y + box.height for box in places.boxes)


def test_wider_lines_carry_more() -> None:
    """Width grows with the money of a line."""
    routes = sorted(
        lay_out(cast_of(_small(), most_per_layer=8), width=1100).routes, key=lambda route: route.link.tainted_fen
    )
    widths = [route.width for route in routes]

    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_same_flow_is_the_same_picture() -> None:
    """A picture can be compared with another one letter by letter."""
    assert flow_svg(_large()) == flow_svg(_large())


@pytest.mark.parametrize(
    ("currency", "lang", "told"), [("CNY", "zh", "16,000元"), ("XXX", "zh", "16,000"), ("SEK", "en", "SEK 16,000")]
)
def test_money_stands_in_its_currency(currency: str, lang: str, told: str) -> None:
    """Only yuan are called so."""
    assert Speech(lang=lang, currency=currency).money(16_000_00) == told
