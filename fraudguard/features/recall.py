# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Read what a past remembers (`fraudguard.features.past`) into the slots of a row; changes nothing.

A number leaves the integers in its last step. Over an empty window counts and sums are 0 and all else is missing; of an
entity that is not known at all, everything is.
"""

import cython

if not cython.compiled:
    from math import nan as NAN  # noqa: N812  # C's own name for it
    from math import sqrt

    from fraudguard.features.codes import (
        HEAD_FIRST_MS,
        HEAD_PREVIOUS,
        HEAD_SUM,
        HEAD_WATERMARK,
        LIFE_EVER,
        LIFE_PREVIOUS,
        LIFE_SINCE_FIRST,
        LIFE_SINCE_LAST,
        LIFE_WIDTH,
        READING_COUNT,
        READING_DISTINCT,
        READING_IS_RARE,
        READING_MAX,
        READING_MEAN,
        READING_MIN,
        READING_SHARES,
        READING_STD,
        READING_SUM,
        READING_WIDTH,
        READING_WINDOW,
        RING_BASE,
        RING_CAP,
        RING_END,
        RING_FIRST,
        UNKNOWN,
    )
    from fraudguard.features.machine import ahead, as_double, at, ring_at, unsigned64
    from fraudguard.features.past import Pasts

__all__ = [
    "distinct",
    "extreme",
    "flagged",
    "read_empty",
    "read_head",
    "read_life",
    "read_nothing",
    "read_past",
    "read_rare",
    "read_window",
    "spread",
]

_MS_PER_S = cython.declare(cython.double, 1000.0)
_UNIT = cython.declare(cython.double, 1048576.0)  # 2**20 units of log10 to one
_WORD_HALF = cython.declare(cython.longlong, 0xFFFF_FFFF)


def read_past(
    past: Pasts,
    entity: cython.longlong,
    event_time_ms: cython.longlong,
    readings: cython.p_longlong,
    n: cython.longlong,
    lifelong: cython.p_longlong,
    row: cython.p_double,
) -> cython.void:
    """Write the readings of an entity, over `n` windows and over all time, into the slots of a row; changes nothing."""
    if past.length(entity) == 0:
        read_nothing(entity, readings, n, lifelong, row)
    else:
        read_head(past, entity, at(past.heads, entity), event_time_ms, readings, n, lifelong, row)


def read_head(
    past: Pasts,
    entity: cython.longlong,
    head: cython.p_longlong,
    event_time_ms: cython.longlong,
    readings: cython.p_longlong,
    n: cython.longlong,
    lifelong: cython.p_longlong,
    row: cython.p_double,
) -> cython.void:
    """Write the readings of an entity that has events; its head is at hand."""
    i: cython.longlong
    now_ms: cython.longlong = max(event_time_ms, head[HEAD_WATERMARK])
    past.find(entity, head, now_ms)
    run: cython.p_longlong = head
    mask: cython.longlong = head[RING_CAP] - 1
    width: cython.longlong = past.events.width
    is_run: cython.bint = head[RING_CAP] <= past.events.longest
    if is_run:
        run = at(past.events, head[RING_BASE])
    for i in range(n):
        slots: cython.p_longlong = ahead(readings, READING_WIDTH * i)
        first: cython.longlong = past.firsts[slots[READING_WINDOW]]
        if slots[READING_COUNT] >= 0:
            row[slots[READING_COUNT]] = cython.cast(cython.double, head[RING_END] - first)
        if first == head[RING_END]:
            read_empty(slots, row)
        elif is_run:
            read_window(past, head, ahead(run, (first & mask) * width), first, slots, row)
        else:
            read_window(past, head, ring_at(past.events, past.blocks, head, first), first, slots, row)
    read_life(head, now_ms, lifelong, row)


def read_life(
    head: cython.p_longlong, now_ms: cython.longlong, lifelong: cython.p_longlong, row: cython.p_double
) -> cython.void:
    """Write what is read over all time."""
    if lifelong[LIFE_SINCE_LAST] >= 0:
        row[lifelong[LIFE_SINCE_LAST]] = (now_ms - head[HEAD_WATERMARK]) / _MS_PER_S
    if lifelong[LIFE_SINCE_FIRST] >= 0:
        row[lifelong[LIFE_SINCE_FIRST]] = (now_ms - head[HEAD_FIRST_MS]) / _MS_PER_S
    if lifelong[LIFE_PREVIOUS] >= 0:
        row[lifelong[LIFE_PREVIOUS]] = cython.cast(cython.double, head[HEAD_PREVIOUS])
    if lifelong[LIFE_EVER] >= 0:
        row[lifelong[LIFE_EVER]] = cython.cast(cython.double, head[RING_END])


def read_window(
    past: Pasts,
    head: cython.p_longlong,
    event: cython.p_longlong,
    first: cython.longlong,
    slots: cython.p_longlong,
    row: cython.p_double,
) -> cython.void:
    """Write the readings over one window, but for the count; `event` is the first in it, number `first`."""
    count: cython.longlong = head[RING_END] - first
    total: cython.double
    total = as_double(head[HEAD_SUM] - event[1])
    if slots[READING_SUM] >= 0:
        row[slots[READING_SUM]] = total
    if slots[READING_MEAN] >= 0:
        row[slots[READING_MEAN]] = total / cython.cast(cython.double, count)
    if slots[READING_MAX] >= 0:
        row[slots[READING_MAX]] = extreme(past, ahead(head, past.max_at), first)
    if slots[READING_IS_RARE]:
        read_rare(past, head, event, slots, count, row)


def read_rare(
    past: Pasts,
    head: cython.p_longlong,
    event: cython.p_longlong,
    slots: cython.p_longlong,
    count: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Write the readings that few views have; `event` is the first of the window."""
    i: cython.longlong
    if slots[READING_MIN] >= 0:
        row[slots[READING_MIN]] = extreme(past, ahead(head, past.min_at), head[RING_END] - count)
    if slots[READING_STD] >= 0:
        row[slots[READING_STD]] = spread(past, head, event, count)
    if slots[READING_DISTINCT] >= 0:
        row[slots[READING_DISTINCT]] = distinct(past, head, slots[READING_WINDOW], count)
    for i in range(4):
        if slots[READING_SHARES + i] >= 0:
            row[slots[READING_SHARES + i]] = flagged(past, head, event, i) / cython.cast(cython.double, count)


def read_empty(slots: cython.p_longlong, row: cython.p_double) -> cython.void:
    """Write what is read over an empty window, but for the count."""
    i: cython.longlong
    if slots[READING_SUM] >= 0:
        row[slots[READING_SUM]] = 0.0
    for i in range(READING_MEAN, READING_IS_RARE if slots[READING_IS_RARE] else READING_MAX + 1):
        if slots[i] >= 0:
            row[slots[i]] = 0.0 if i == READING_DISTINCT else NAN


def read_nothing(
    entity: cython.longlong,
    readings: cython.p_longlong,
    n: cython.longlong,
    lifelong: cython.p_longlong,
    row: cython.p_double,
) -> cython.void:
    """Write the readings of an entity without a past, or of one that is not known at all."""
    i: cython.longlong
    j: cython.longlong
    zero: cython.double = NAN if entity == UNKNOWN else 0.0
    for i in range(n):
        slots: cython.p_longlong = ahead(readings, READING_WIDTH * i)
        for j in range(READING_COUNT, READING_IS_RARE if slots[READING_IS_RARE] else READING_MAX + 1):
            if slots[j] >= 0:
                row[slots[j]] = zero if j <= READING_SUM or j == READING_DISTINCT else NAN
    for i in range(LIFE_WIDTH):
        if lifelong[i] >= 0:
            row[lifelong[i]] = zero if i == LIFE_EVER else NAN


def distinct(past: Pasts, head: cython.p_longlong, window: cython.longlong, count: cython.longlong) -> cython.double:
    """Return the distinct counterparties of a window, by the shorter way from what its tail knows."""
    first: cython.longlong = head[RING_END] - count
    tail: cython.longlong = head[past.tails_at + window]
    if count < first - tail:
        return cython.cast(cython.double, past.count_live(head, first, head[RING_END]))
    return cython.cast(cython.double, head[past.distinct_at + window] - past.count_live(head, tail, first))


def flagged(past: Pasts, head: cython.p_longlong, event: cython.p_longlong, flag: cython.longlong) -> cython.double:
    """Return how many events from one on have a flag."""
    word: cython.longlong = flag >> 1
    shift: cython.longlong = 32 * (flag & 1)
    total: cython.longlong = head[past.shares_total + word] >> shift
    return cython.cast(cython.double, (total - (event[past.shares_at + word] >> shift)) & _WORD_HALF)


def spread(past: Pasts, head: cython.p_longlong, event: cython.p_longlong, n: cython.longlong) -> cython.double:
    """Return the population standard deviation of log10(amount) of the last `n` events, from one on.

    With integers *x* in units of 2**-20 it is sqrt(n Σx² - (Σx)²) / n. The sum is taken around
    the floor *q* of the mean, so that n Σx² - (Σx)² = n Σ(x-q)² - r² needs no number above 64 bits.
    """
    total: cython.longlong = head[past.spread_total] - event[past.spread_at]
    squares: cython.ulonglong = unsigned64(head[past.spread_total + 1] - event[past.spread_at + 1])
    q: cython.longlong = total // n
    r: cython.longlong = total - q * n
    around: cython.ulonglong = unsigned64(squares - unsigned64(2 * q * total - q * q * n))
    low: cython.longlong = n * cython.cast(cython.longlong, around & _WORD_HALF) - r * r
    high: cython.longlong = n * cython.cast(cython.longlong, around >> 32) + (low >> 32)
    low &= _WORD_HALF
    scaled: cython.double = cython.cast(cython.double, high) * 4294967296.0 + cython.cast(cython.double, low)
    return sqrt(scaled) / (cython.cast(cython.double, n) * _UNIT)


def extreme(past: Pasts, queue: cython.p_longlong, first: cython.longlong) -> cython.double:
    """Return the largest (or smallest) amount from event `first` on: that of the first entry inside."""
    low: cython.longlong = queue[RING_FIRST]
    mask: cython.longlong = queue[RING_CAP] - 1
    run: cython.p_longlong
    if queue[RING_CAP] > past.peaks.longest:
        low = past.first_peak(queue, low, first)
        return cython.cast(cython.double, ring_at(past.peaks, past.blocks, queue, low)[1])
    run = at(past.peaks, queue[RING_BASE])
    if run[2 * (low & mask)] < first:
        high: cython.longlong = queue[RING_END] - 1
        low += 1
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if run[2 * (middle & mask)] >= first:
                high = middle
            else:
                low = middle + 1
    return cython.cast(cython.double, run[2 * (low & mask) + 1])
