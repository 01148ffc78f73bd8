# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Read what findings and the watch list say of two accounts (`fraudguard.features.neighbours`); changes nothing.

The numbers come in the order of `fraudguard.features.known.NETWORK`, which says what each means.
"""

import cython

if not cython.compiled:
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.codes import (
        FOUND_ADVERSE,
        FOUND_ALL,
        FOUND_SIDE,
        FOUND_VICTIM,
        NODE_FOUND,
        NODE_VICTIM,
        RING_END,
        RING_FIRST,
        SAYS_MULE,
        SAYS_VICTIM,
        SIDE_IN,
    )
    from fraudguard.features.machine import ahead, at, doubles_ahead, ring_at
    from fraudguard.features.neighbours import Neighbours

__all__ = ["observe_findings", "observe_side", "observe_standing", "observe_victims"]

_DAY_MS = cython.declare(cython.longlong, 86_400_000)
_WEEK_MS = cython.declare(cython.longlong, 7 * 86_400_000)
_MONTH_MS = cython.declare(cython.longlong, 30 * 86_400_000)
_MS_PER_S = cython.declare(cython.double, 1000.0)
_NUMBERS = cython.declare(cython.longlong, 9)


def observe_standing(
    network: Neighbours, payer: cython.longlong, payee: cython.longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write how near both accounts are to a known one, and what is known of victims."""
    hops: cython.longlong = network.hops(payee)
    payer_hops: cython.longlong = network.hops(payer)
    row[0] = 1.0 if network.is_known(payee) else 0.0
    row[1] = cython.cast(cython.double, hops) if hops >= 0 else NAN
    row[2] = 1.0 if network.is_known(payer) else 0.0
    row[3] = cython.cast(cython.double, payer_hops) if payer_hops >= 0 else NAN
    observe_victims(network, payee, now_ms, doubles_ahead(row, 4))
    row[7] = cython.cast(cython.double, at(network.heads, payer)[NODE_VICTIM])


def observe_victims(
    network: Neighbours, payee: cython.longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write the victim transfers to the payee: all, those learned of within a day, and since when the last is known."""
    place: cython.longlong = at(network.heads, payee)[NODE_FOUND]
    row[0] = 0.0
    row[1] = 0.0
    row[2] = NAN
    if place == 0:
        return
    ring: cython.p_longlong = ahead(at(network.found, place - 1), FOUND_SIDE * SIDE_IN)
    recent: cython.longlong = 0
    last: cython.longlong = -1
    i: cython.longlong
    for i in range(ring[RING_FIRST], ring[RING_END]):
        record: cython.p_longlong = ring_at(network.findings, network.blocks, ring, i)
        if record[0] == SAYS_VICTIM:
            last = max(last, record[1])
            recent += record[1] >= now_ms - _DAY_MS
    row[0] = cython.cast(cython.double, ring[FOUND_VICTIM])
    row[1] = cython.cast(cython.double, recent)
    row[2] = max(now_ms - last, 0) / _MS_PER_S if last >= 0 else NAN


def observe_findings(
    network: Neighbours, account: cython.longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write what was found of the transfers out of an account, then of those into it."""
    side: cython.longlong
    i: cython.longlong
    place: cython.longlong = at(network.heads, account)[NODE_FOUND]
    for side in range(2):
        if place:
            observe_side(
                network,
                ahead(at(network.found, place - 1), FOUND_SIDE * side),
                now_ms,
                doubles_ahead(row, _NUMBERS * side),
            )
        else:
            for i in range(_NUMBERS - 1):
                row[_NUMBERS * side + i] = 0.0
            row[_NUMBERS * side + _NUMBERS - 1] = NAN


def observe_side(
    network: Neighbours, ring: cython.p_longlong, now_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Write the findings on one side: all and adverse of 1, 7 and 30 days and ever, and since the last adverse one."""
    i: cython.longlong
    last: cython.longlong = -1
    for i in range(6):
        row[i] = 0.0
    for i in range(ring[RING_FIRST], ring[RING_END]):
        record: cython.p_longlong = ring_at(network.findings, network.blocks, ring, i)
        adverse: cython.bint = record[0] <= SAYS_MULE
        if record[0] == 0 or record[1] < now_ms - _MONTH_MS:
            continue
        row[4] += 1.0
        row[5] += adverse
        if record[1] >= now_ms - _WEEK_MS:
            row[2] += 1.0
            row[3] += adverse
        if record[1] >= now_ms - _DAY_MS:
            row[0] += 1.0
            row[1] += adverse
    for i in range(ring[RING_FIRST], ring[RING_END]):
        record = ring_at(network.findings, network.blocks, ring, i)
        if 0 < record[0] <= SAYS_MULE:
            last = max(last, record[1])
    row[6] = cython.cast(cython.double, ring[FOUND_ALL])
    row[7] = cython.cast(cython.double, ring[FOUND_ADVERSE])
    row[8] = max(now_ms - last, 0) / _MS_PER_S if last >= 0 else NAN
