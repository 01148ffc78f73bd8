"""Laws of following the money: it is as the slow oracle says, and no fen is lost or made."""

from collections import Counter
from itertools import pairwise

import pandas as pd
from hypothesis import given

from fraudguard.flow.following import follow
from fraudguard.flow.movement import Movement, MovementLog
from fraudguard.flow.options import FollowOptions
from fraudguard.flow.result import Flow
from fraudguard.flow.table_log import TableLog
from tests.flow.samples import cases
from tests.oracle.money import told_by_fen

Case = tuple[list[Movement], list[Movement], FollowOptions]


def _flow(case: Case) -> Flow:
    log, starts, options = case
    return follow(MovementLog(log), starts, options)


@given(cases())
def test_flow_is_as_every_single_fen_goes(case: Case) -> None:
    """Layers, money inside and every edge are those of an oracle that reads the whole log fen by fen."""
    log, starts, options = case
    told = told_by_fen(log, {one.transfer_id for one in starts}, options)
    flow = _flow(case)

    assert {one.account_id: one.layer for one in flow.accounts} == told.layers
    assert {one.account_id: one.inside_fen for one in flow.accounts} == told.inside
    edges = [(one.transfer_id, one.payer_account_id, one.tainted_fen, one.own_fen, one.exit) for one in flow.edges]
    assert edges == told.edges


@given(cases())
def test_money_is_conserved_at_each_account(case: Case) -> None:
    """What came in and what an account brought in itself went out or is inside; nothing is below zero."""
    flow = _flow(case)

    for one in flow.accounts:
        assert one.own_fen + one.in_fen == one.out_fen + one.inside_fen
        assert min(one.own_fen, one.in_fen, one.out_fen, one.inside_fen, one.stoppable_fen) >= 0
    came, went = Counter[str](), Counter[str]()
    for edge in flow.edges:
        went[edge.payer_account_id] += edge.tainted_fen
        if edge.exit is None:
            came[edge.payee_account_id or ""] += edge.tainted_fen
    assert all((one.in_fen, one.out_fen) == (came[one.account_id], went[one.account_id]) for one in flow.accounts)


@given(cases())
def test_money_is_conserved_at_each_minute(case: Case) -> None:
    """At every point of the curve what entered is inside, back or gone, and the last point is what the accounts say."""
    flow = _flow(case)

    for point in flow.curve:
        assert point.entered_fen == point.inside_fen + point.returned_fen + sum(point.gone_fen.values())
        assert 0 <= point.recoverable <= 1
    assert [point.minute for point in flow.curve] == list(range(len(flow.curve)))
    assert flow.last.entered_fen == sum(one.own_fen for one in flow.accounts)
    assert flow.last.inside_fen == sum(one.stoppable_fen for one in flow.accounts)
    assert flow.last.returned_fen == sum(one.returned_fen for one in flow.accounts)


@given(cases())
def test_nothing_goes_backwards_in_time(case: Case) -> None:
    """Edges are in time order within the stretch, and no account pays on what has not come."""
    flow = _flow(case)

    assert all(earlier.event_time <= later.event_time for earlier, later in pairwise(flow.edges))
    assert all(flow.start_at <= edge.event_time <= flow.until for edge in flow.edges)
    held = Counter[str]()
    for edge in flow.edges:
        held[edge.payer_account_id] += edge.own_fen - edge.tainted_fen
        assert held[edge.payer_account_id] >= 0
        if edge.exit is None:
            held[edge.payee_account_id or ""] += edge.tainted_fen


@given(cases())
def test_what_comes_later_changes_nothing_before(case: Case) -> None:
    """As of an earlier moment the flow is the beginning of the whole flow."""
    log, starts, options = case
    whole = follow(MovementLog(log), starts, options)
    last_ms = max(one.position.moment_ms for one in starts)
    known = [one for one in log if one.position.moment_ms <= last_ms]
    part = follow(MovementLog(known), starts, options)

    assert part.edges == whole.edges[: len(part.edges)]


@given(cases())
def test_table_gives_the_flow_of_the_list(case: Case) -> None:
    """A log over a table of transfers gives the same flow as one in memory."""
    log, starts, options = case
    rows = [
        {name: getattr(one, name) for name in Movement.__slots__ if name != "position"}
        | {"event_time": pd.Timestamp(one.position.moment_ms, unit="ms", tz="UTC")}
        for one in log
    ]
    frame = pd.DataFrame(rows).astype({f"{side}_balance_before_fen": "Int64" for side in ("payer", "payee")})
    places = {one.transfer_id: number for number, one in enumerate(log)}
    table = TableLog(frame, pd.RangeIndex(len(frame)).to_numpy())
    found = follow(table, [table.at(places[one.transfer_id]) for one in starts], options)

    assert found == follow(MovementLog(log), starts, options)
