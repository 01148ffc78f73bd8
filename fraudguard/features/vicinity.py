# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Read what is known of the neighbourhood of two accounts (`fraudguard.features.neighbours`); changes nothing.

The numbers come in the order of `fraudguard.features.known.NETWORK`, which says what each means.
"""

import cython

if not cython.compiled:
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.codes import (
        NODE_CHAIN,
        NODE_CHAIN_START,
        NODE_IN,
        NODE_KNOWN,
        NODE_LIQUID,
        NODE_OPENED,
        NODE_OUT,
        NODE_VICTIM,
        NODE_WATCHED,
        RING_END,
        RING_FIRST,
    )
    from fraudguard.features.machine import ahead, at, doubles_ahead, ring_at, touch
    from fraudguard.features.neighbours import Neighbours
    from fraudguard.features.standing import observe_findings, observe_standing

__all__ = [
    "count_between",
    "foresee_payers",
    "observe_acquaintance",
    "observe_chain",
    "observe_liquidation",
    "observe_motifs",
    "observe_network",
    "observe_payers",
    "stands_before",
    "stands_in",
]

_N_LIQUID = cython.declare(cython.longlong, 3)
_DAY_MS = cython.declare(cython.longlong, 86_400_000)
_YOUNG_MS = cython.declare(cython.longlong, 90 * 86_400_000)
_WHOLE = cython.declare(cython.longlong, 65_536)
_MS_PER_S = cython.declare(cython.double, 1000.0)


def foresee_payers(network: Neighbours, payee: cython.longlong) -> cython.void:
    """Have those who paid an account last at hand for `observe_payers`."""
    i: cython.longlong
    ring: cython.p_longlong = ahead(at(network.heads, max(payee, 0)), NODE_IN)
    for i in range(ring[RING_FIRST], ring[RING_END]):
        touch(ahead(at(network.heads, ring_at(network.edges, network.blocks, ring, i)[0]), NODE_KNOWN), 8)


def observe_network(
    network: Neighbours,
    payer: cython.longlong,
    payee: cython.longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Write what is known when a transfer is scored, in the order of `fraudguard.features.known.NETWORK`.

    An account never seen is account 0, which stays empty.
    """
    payee_now_ms: cython.longlong = network.now_ms(payee, event_time_ms)
    payer_now_ms: cython.longlong = network.now_ms(payer, event_time_ms)
    observe_standing(network, payer, payee, payee_now_ms, row)
    observe_payers(network, payee, payee_now_ms, doubles_ahead(row, 8))
    observe_motifs(network, payer, payee, event_time_ms, doubles_ahead(row, 11))
    observe_chain(network, payer, payee, event_time_ms, amount_fen, doubles_ahead(row, 14))
    observe_liquidation(network, payer, payer_now_ms, doubles_ahead(row, 19))
    observe_acquaintance(network, payer, payee, doubles_ahead(row, 24))
    observe_findings(network, payer, payer_now_ms, doubles_ahead(row, 26))
    observe_findings(network, payee, payee_now_ms, doubles_ahead(row, 44))


def observe_payers(
    network: Neighbours, payee: cython.longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write what is known of those who paid the payee last."""
    ring: cython.p_longlong = ahead(at(network.heads, payee), NODE_IN)
    young: cython.longlong = 0
    dated: cython.longlong = 0
    harmed: cython.longlong = 0
    known: cython.longlong = 0
    i: cython.longlong
    for i in range(ring[RING_FIRST], ring[RING_END]):
        account: cython.longlong = ring_at(network.edges, network.blocks, ring, i)[0]
        head: cython.p_longlong = at(network.heads, account)
        harmed += head[NODE_VICTIM] > 0
        known += head[NODE_KNOWN] > 0 or head[NODE_WATCHED] > 0
        dated += head[NODE_OPENED] != 0
        young += head[NODE_OPENED] != 0 and now_ms - (head[NODE_OPENED] - 1) < _YOUNG_MS
    row[0] = cython.cast(cython.double, harmed)
    row[1] = cython.cast(cython.double, known)
    row[2] = cython.cast(cython.double, young) / cython.cast(cython.double, dated) if dated else NAN


def observe_motifs(
    network: Neighbours,
    payer: cython.longlong,
    payee: cython.longlong,
    event_time_ms: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Write how many accounts stand between the two, one way and the other, within a day."""
    payer_head: cython.p_longlong = at(network.heads, payer)
    payee_head: cython.p_longlong = at(network.heads, payee)
    payer_floor_ms: cython.longlong = network.now_ms(payer, event_time_ms) - _DAY_MS
    payee_floor_ms: cython.longlong = network.now_ms(payee, event_time_ms) - _DAY_MS
    ring: cython.p_longlong = ahead(payer_head, NODE_IN)
    back: cython.longlong = 0
    i: cython.longlong
    for i in range(ring[RING_FIRST], ring[RING_END]):
        edge: cython.p_longlong = ring_at(network.edges, network.blocks, ring, i)
        back += edge[0] == payee and edge[1] >= payer_floor_ms
    row[0] = cython.cast(
        cython.double,
        count_between(network, ahead(payer_head, NODE_OUT), payer_floor_ms, ahead(payee_head, NODE_IN), payee_floor_ms),
    )
    row[1] = cython.cast(cython.double, back)
    row[2] = cython.cast(
        cython.double,
        count_between(network, ahead(payee_head, NODE_OUT), payee_floor_ms, ahead(payer_head, NODE_IN), payer_floor_ms),
    )


def observe_acquaintance(
    network: Neighbours, payer: cython.longlong, payee: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write how many accounts both had transfers with, whoever paid, and whether money came the other way before."""
    payer_head: cython.p_longlong = at(network.heads, payer)
    payee_head: cython.p_longlong = at(network.heads, payee)
    n: cython.longlong = 0
    back: cython.longlong = 0
    i: cython.longlong
    side: cython.longlong
    ring: cython.p_longlong
    for side in range(2):
        ring = ahead(payer_head, NODE_OUT * side)
        for i in range(ring[RING_FIRST], ring[RING_END]):
            account: cython.longlong = ring_at(network.edges, network.blocks, ring, i)[0]
            if account == payee:
                back += side == 0
            elif account != payer and not stands_before(network, payer_head, side, i, account):
                n += stands_in(network, payee_head, account)
    row[0] = cython.cast(cython.double, n)
    row[1] = cython.cast(cython.double, back)


def stands_before(
    network: Neighbours,
    head: cython.p_longlong,
    side: cython.longlong,
    place: cython.longlong,
    account: cython.longlong,
) -> cython.bint:
    """Tell whether an account stands in the rings of a head before a place: in first, then out."""
    ring: cython.p_longlong = ahead(head, NODE_OUT * side)
    i: cython.longlong
    for i in range(ring[RING_FIRST], place):
        if ring_at(network.edges, network.blocks, ring, i)[0] == account:
            return True
    if side == 1:
        for i in range(head[NODE_IN + RING_FIRST], head[NODE_IN + RING_END]):
            if ring_at(network.edges, network.blocks, head, i)[0] == account:
                return True
    return False


def stands_in(network: Neighbours, head: cython.p_longlong, account: cython.longlong) -> cython.bint:
    """Tell whether an account stands in either ring of a head."""
    ring: cython.p_longlong = ahead(head, NODE_OUT)
    return stands_before(network, head, 1, ring[RING_END], account)


def count_between(
    network: Neighbours,
    sources: cython.p_longlong,
    source_floor_ms: cython.longlong,
    targets: cython.p_longlong,
    target_floor_ms: cython.longlong,
) -> cython.longlong:
    """Count the different accounts that stand in both rings at or after their floors."""
    n: cython.longlong = 0
    i: cython.longlong
    j: cython.longlong
    for i in range(sources[RING_FIRST], sources[RING_END]):
        source: cython.p_longlong = ring_at(network.edges, network.blocks, sources, i)
        if source[1] < source_floor_ms:
            continue
        found: cython.bint = False
        for j in range(targets[RING_FIRST], targets[RING_END]):
            target: cython.p_longlong = ring_at(network.edges, network.blocks, targets, j)
            if target[0] == source[0] and target[1] >= target_floor_ms:
                found = True
                break
        for j in range(i + 1, sources[RING_END]):
            if found and ring_at(network.edges, network.blocks, sources, j)[0] == source[0]:
                found = False
        n += found
    return n


def observe_chain(
    network: Neighbours,
    payer: cython.longlong,
    payee: cython.longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Write how money came to the payer and how fast the payee passes it on."""
    now_ms: cython.longlong = network.now_ms(payer, event_time_ms)
    head: cython.p_longlong = at(network.heads, payer)
    ring: cython.p_longlong = ahead(at(network.heads, payee), NODE_OUT)
    goes_on: cython.bint = network.goes_on(payer, now_ms, amount_fen)
    dwell_ms: cython.longlong = 0
    n: cython.longlong = 0
    i: cython.longlong
    for i in range(ring[RING_FIRST], ring[RING_END]):
        dwell: cython.longlong = ring_at(network.edges, network.blocks, ring, i)[3]
        n += dwell > 0
        dwell_ms += dwell - 1 if dwell > 0 else 0
    row[0] = cython.cast(cython.double, head[NODE_CHAIN] + 1 if goes_on else 1)
    row[1] = (now_ms - head[NODE_CHAIN_START]) / _MS_PER_S if goes_on else 0.0
    row[2] = cython.cast(cython.double, dwell_ms) / (_MS_PER_S * cython.cast(cython.double, n)) if n else NAN
    row[3] = cython.cast(cython.double, network.taint(payer, now_ms)) / cython.cast(cython.double, _WHOLE)
    row[4] = cython.cast(cython.double, network.taint(payee, network.now_ms(payee, event_time_ms))) / cython.cast(
        cython.double, _WHOLE
    )


def observe_liquidation(
    network: Neighbours, payer: cython.longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write what the payer turned into money within the last day."""
    words: cython.p_longlong = ahead(at(network.heads, payer), NODE_LIQUID)
    last: cython.longlong = 0
    total: cython.longlong = 0
    kind: cython.longlong
    for kind in range(_N_LIQUID):
        moment: cython.longlong = words[2 * kind]
        fresh: cython.bint = moment > 0 and now_ms - (moment - 1) <= _DAY_MS
        row[kind] = cython.cast(cython.double, words[2 * kind + 1]) if fresh else 0.0
        total += words[2 * kind + 1] if fresh else 0
        last = max(last, moment) if fresh else last
    row[_N_LIQUID] = cython.cast(cython.double, total)
    row[_N_LIQUID + 1] = (now_ms - (last - 1)) / _MS_PER_S if last else NAN
