"""Where the money of a case went, from the stored log: a picture, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from fraudguard.column import to_ms
from fraudguard.flow.following import follow
from fraudguard.flow.movement import Movement, MovementLog
from fraudguard.flow.options import FollowOptions
from fraudguard.flow.picture import flow_svg
from fraudguard.flow.speech import Speech
from fraudguard.serve.console.show import local_time, masked, yuan
from fraudguard.serve.store.log import Log
from fraudguard.serve.store.rows import Kind
from fraudguard.transfer import Transfer

__all__ = ["FlowView", "flow_view"]

MOST_READ: Final = 20_000
"""Events of the log that are looked through after the first transfer of a case: what fits into half a second."""

_WIDTH: Final = 860
_HOPS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView:
    """The way of the money.

    Parameters
    ----------
    picture : Markup
        SVG without scripts or styles.
    hops : sequence of tuple of str
        Moment, payer, payee and amount of each transfer that carried some of it, in the order of time.
    accounts : sequence of tuple of str
        Number, masked token, layer, money in, out and still inside of each account.
    is_cut : bool
        Whether the log was longer than what was read.
    """

    picture: Markup
    hops: Sequence[tuple[str, ...]]
    accounts: Sequence[tuple[str, ...]]
    is_cut: bool


def flow_view(log: Log, places: Sequence[int], *, now_ms: int, lang: str) -> FlowView:
    """Follow the money of a case's transfers for three layers.

    Parameters
    ----------
    log : Log
        Of the store.
    places : sequence of int
        Places of the case's transfers in it, at least one.
    now_ms : int
        The moment of the page.
    lang : {"zh", "en"}
        The reader's.

    Returns
    -------
    FlowView
        Accounts masked.
    """
    rows = log.read_some(after=places[0] - 1, kind=Kind.TRANSFER, limit=MOST_READ)
    moved = [Movement.of(row.event, row.seq) for row in rows if isinstance(row.event, Transfer)]
    starts = [movement for movement in moved if movement.position.place in set(places)]
    latest = max(to_ms(row.event.event_time) for row in rows if isinstance(row.event, Transfer))
    flow = follow(MovementLog(moved), starts, FollowOptions(hops=_HOPS, as_of_ms=max(now_ms, latest)))
    picture = flow_svg(flow, speech=Speech(lang=lang), width=_WIDTH)
    return FlowView(
        picture=Markup(picture),  # noqa: S704  # drawn by us; every text in it is escaped where it is drawn
        hops=[
            (
                local_time(edge.event_time)[5:],
                masked(edge.payer_account_id),
                masked(edge.payee_account_id or ""),
                yuan(edge.tainted_fen),
            )
            for edge in sorted(flow.edges, key=lambda edge: edge.event_time)
        ],
        accounts=[
            (
                str(one.number),
                masked(one.account_id),
                str(one.layer),
                yuan(one.in_fen),
                yuan(one.out_fen),
                yuan(one.inside_fen),
            )
            for one in flow.accounts
        ],
        is_cut=len(rows) == MOST_READ,
    )
