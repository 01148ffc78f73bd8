"""Who is shown in the picture of a flow: the largest accounts of each layer, one node for the rest, one per way out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from fraudguard.flow.exits import Exit
from fraudguard.flow.result import Flow, FlowAccount, FlowEdge

__all__ = ["Cast", "Link", "Node", "cast_of"]

_NODES_IN_ALL: Final = 40
_BACK_LINKS: Final = 6
_LINKS: Final = 60


class Node(NamedTuple):
    """A box of the picture: one account, the other accounts of a layer, or a way out."""

    column: int
    accounts: tuple[FlowAccount, ...]
    way_out: Exit | None
    gone_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """All transfers between two nodes together.

    Parameters
    ----------
    source, target : int
        Numbers of the nodes.
    tainted_fen : int
        Money of the case in them.
    transfers : int
        How many.
    first_at : datetime
        The first of them.
    is_back : bool
        Whether it leads to the same or an earlier column.
    """

    source: int
    target: int
    tainted_fen: int
    transfers: int
    first_at: datetime
    is_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Nodes and links of a picture.

    Parameters
    ----------
    nodes : tuple of Node
        By column.
    links : tuple of Link
        The largest last, so that it is drawn on top.
    links_left_out : int
        Smaller ones that are not drawn.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    links_left_out: int


def cast_of(flow: Flow, *, most_per_layer: int) -> Cast:
    """Choose what a picture shows.

    Parameters
    ----------
    flow : Flow
        From `follow`.
    most_per_layer : int
        Accounts shown by themselves in a layer; fewer when there are many layers.

    Returns
    -------
    Cast
        Every account stands in exactly one node.
    """
    layers: dict[int, list[FlowAccount]] = defaultdict(list)
    for account in flow.accounts:
        layers[account.layer].append(account)
    most = max(1, min(most_per_layer, _NODES_IN_ALL // len(layers)))
    nodes = [node for layer in sorted(layers) for node in _account_nodes(layer, layers[layer], most)]
    last = max(layers)
    gone = flow.last.gone_fen
    nodes += [Node(last + 1, (), way_out, gone[way_out]) for way_out in Exit if way_out in gone]
    links = _links(flow.edges, nodes)
    drawn = [*links[True][:_BACK_LINKS], *links[False][:_LINKS]]
    return Cast(
        nodes=tuple(nodes),
        links=tuple(sorted(drawn, key=lambda link: link.tainted_fen)),
        links_left_out=len(links[True]) + len(links[False]) - len(drawn),
    )


def _account_nodes(layer: int, accounts: list[FlowAccount], most: int) -> Iterable[Node]:
    largest = sorted(accounts, key=lambda account: (-max(account.in_fen, account.own_fen), account.number))
    # A node "1 other" would take the room of that other.
    shown = largest if len(largest) <= most + 1 else largest[:most]
    yield from (Node(layer, (account,), None) for account in sorted(shown, key=lambda account: account.number))
    if len(shown) < len(largest):
        yield Node(layer, tuple(largest[most:]), None)


def _links(edges: Iterable[FlowEdge], nodes: list[Node]) -> dict[bool, list[Link]]:
    """Return links that lead back, and those that do not, the largest first; none inside one node."""
    of_account = {account.account_id: number for number, node in enumerate(nodes) for account in node.accounts}
    of_exit = {node.way_out: number for number, node in enumerate(nodes) if node.way_out}
    pairs: dict[tuple[int, int], list[FlowEdge]] = defaultdict(list)
    for edge in edges:
        target = of_account[edge.payee_account_id or ""] if edge.exit is None else of_exit.get(edge.exit)
        if target is not None:
            pairs[of_account[edge.payer_account_id], target].append(edge)
    made: dict[bool, list[Link]] = {True: [], False: []}
    for (source, target), carried in pairs.items():
        link = Link(
            source=source,
            target=target,
            tainted_fen=sum(edge.tainted_fen for edge in carried),
            transfers=len(carried),
            first_at=carried[0].event_time,
            is_back=nodes[target].column <= nodes[source].column,
        )
        if source != target:
            made[link.is_back].append(link)
    for links in made.values():
        links.sort(key=lambda link: (-link.tainted_fen, link.source, link.target))
    return made
