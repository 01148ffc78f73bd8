"""The curve of money that can still be recovered, minute by minute, from the edges alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from fraudguard.flow.exits import Exit
from fraudguard.flow.result import CurvePoint, FlowEdge

__all__ = ["curve_of"]


def curve_of(edges: Sequence[FlowEdge], start_at: datetime) -> tuple[CurvePoint, ...]:
    """Return where the money was at each full minute.

    Parameters
    ----------
    edges : sequence of FlowEdge
        In time order.
    start_at : datetime
        The first start transfer.

    Returns
    -------
    tuple of CurvePoint
        From minute 0 to the first at which all edges are counted.
    """
    tally, points = _Tally(), list[CurvePoint]()
    for minute, moved in groupby(edges, lambda edge: _minute(edge, start_at)):
        points += (tally.point(quiet) for quiet in range(len(points), minute))
        for edge in moved:
            tally.add(edge)
        points.append(tally.point(minute))
    return tuple(points)


def _minute(edge: FlowEdge, start_at: datetime) -> int:
    """Return the first full minute that is not before an edge."""
    return -int(-(edge.event_time - start_at).total_seconds() // 60)


class _Tally:
    """Where the money is after some edges."""

    def __init__(self) -> None:
        self._entered_fen = 0
        self._held: Counter[str] = Counter()
        self._own: Counter[str] = Counter()
        self._gone: Counter[Exit] = Counter()
        self._payers: set[str] = set()

    def add(self, edge: FlowEdge) -> None:
        """Count an edge."""
        payer, payee = edge.payer_account_id, edge.payee_account_id
        if edge.is_start and payer not in self._held:
            self._payers.add(payer)
        self._entered_fen += edge.own_fen
        self._own[payer] += edge.own_fen
        self._held[payer] += edge.own_fen - edge.tainted_fen
        if edge.exit is not None or payee is None:
            self._gone[edge.exit or Exit.UNSEEN] += edge.tainted_fen
        else:
            self._held[payee] += edge.tainted_fen

    def point(self, minute: int) -> CurvePoint:
        """Return what the tally says."""
        returned = sum(min(self._held[payer], self._own[payer]) for payer in self._payers)
        return CurvePoint(
            minute=minute,
            entered_fen=self._entered_fen,
            inside_fen=self._held.total() - returned,
            returned_fen=returned,
            gone_fen={way_out: self._gone[way_out] for way_out in Exit if self._gone[way_out]},
        )
