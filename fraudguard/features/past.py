# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""What is remembered of many entities: their transfers, as integers in flat arrays.

Entity *e* owns row *e* of ``heads`` and a ring in three arenas, whose capacity
is a power of two. Its events are numbered 0, 1, 2, … as they come; event *i*
sits at ``H_BASE + (i & (H_CAPACITY - 1))``::

    heads[e]   H_BASE  H_CAPACITY  H_FIRST  H_END  H_PEAK_FIRST  H_PEAK_END  H_WATERMARK
    totals[e]  sum of all amounts so far, modulo 2**64
    times_ms   event time, clamped to the watermark: it never falls within a ring
    before     sum of all amounts before the event, modulo 2**64
    peaks      numbers of events whose amounts fall strictly (a monotone queue):
               the largest amount of any window is at the first peak inside it

A sum is one subtraction of prefix sums, exact as long as the sum itself fits
(2**21 transfers of 2**42 fen). Only `remember` changes anything; it releases
events further back than the longest window before the watermark.
"""

import cython
import numpy as np

__all__ = ["Pasts"]

H_BASE = cython.declare(cython.Py_ssize_t, 0)
H_CAPACITY = cython.declare(cython.Py_ssize_t, 1)
H_FIRST = cython.declare(cython.Py_ssize_t, 2)
H_END = cython.declare(cython.Py_ssize_t, 3)
H_PEAK_FIRST = cython.declare(cython.Py_ssize_t, 4)
H_PEAK_END = cython.declare(cython.Py_ssize_t, 5)
H_WATERMARK = cython.declare(cython.Py_ssize_t, 6)
_H_WIDTH = 7
_SMALLEST_RING = cython.declare(cython.longlong, 4)
_WRAP = cython.declare(cython.ulonglong, 0xFFFF_FFFF_FFFF_FFFF)


@cython.final
@cython.cclass
class Pasts:
    """The remembered transfers of many entities; see the module for the layout.

    Parameters
    ----------
    longest_ms : int
        Length of the longest window; older events are released.
    """

    def __init__(self, longest_ms: int) -> None:
        self.longest_ms = longest_ms
        self.used = 0
        self.free = {}
        self.heads = memoryview(np.zeros((1, _H_WIDTH), dtype=np.int64))
        self.totals = memoryview(np.zeros(1, dtype=np.uint64))
        self.times_ms = memoryview(np.zeros(1, dtype=np.int64))
        self.before = memoryview(np.zeros(1, dtype=np.uint64))
        self.peaks = memoryview(np.zeros(1, dtype=np.int64))

    def reserve(self, n_entities: int) -> None:
        """Make room for entities 0 … `n_entities` - 1; present ones are kept."""
        if n_entities > self.heads.shape[0]:
            rows = max(n_entities, 2 * self.heads.shape[0])
            self.heads = _longer(self.heads, rows)
            self.totals = _longer(self.totals, rows)

    @cython.cfunc
    def end(self, entity: cython.longlong) -> cython.longlong:
        """Return how many events an entity ever had; 0 for one never seen."""
        return self.heads[entity, H_END] if 0 <= entity < self.heads.shape[0] else 0

    @cython.cfunc
    def watermark_ms(self, entity: cython.longlong) -> cython.longlong:
        """Return the latest event time of an entity that has events."""
        return self.heads[entity, H_WATERMARK]

    @cython.cfunc
    def first_inside(
        self, entity: cython.longlong, floor_ms: cython.longlong, newer: cython.longlong
    ) -> cython.longlong:
        """Return the first event at or after `floor_ms`, knowing that `newer` and all after it are inside."""
        base: cython.longlong = self.heads[entity, H_BASE]
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        low: cython.longlong = self.heads[entity, H_FIRST]
        high: cython.longlong = newer
        step: cython.longlong = 1
        while high - step >= low and self.times_ms[base + ((high - step) & mask)] >= floor_ms:
            high -= step
            step += step
        low = max(low, high - step + 1)
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if self.times_ms[base + (middle & mask)] >= floor_ms:
                high = middle
            else:
                low = middle + 1
        return low

    @cython.cfunc
    def sum_from(self, entity: cython.longlong, first: cython.longlong) -> cython.ulonglong:
        """Return the sum of the amounts from event `first` on."""
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        return (self.totals[entity] - self.before[self.heads[entity, H_BASE] + (first & mask)]) & _WRAP

    @cython.cfunc
    def largest_from(self, entity: cython.longlong, first: cython.longlong) -> cython.ulonglong:
        """Return the largest amount from event `first` on: that of the first peak inside."""
        base: cython.longlong = self.heads[entity, H_BASE]
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        low: cython.longlong = self.heads[entity, H_PEAK_FIRST]
        high: cython.longlong = self.heads[entity, H_PEAK_END] - 1
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if self.peaks[base + (middle & mask)] >= first:
                high = middle
            else:
                low = middle + 1
        return self.amount(entity, self.peaks[base + (low & mask)])

    @cython.cfunc
    def remember(self, entity: cython.longlong, event_time_ms: cython.longlong, amount_fen: cython.ulonglong) -> None:
        """Append one event to an entity's ring."""
        now_ms: cython.longlong = event_time_ms
        end: cython.longlong = self.heads[entity, H_END]
        if end > 0:
            now_ms = max(now_ms, self.heads[entity, H_WATERMARK])
            self.release(entity, now_ms - self.longest_ms)
        if end - self.heads[entity, H_FIRST] == self.heads[entity, H_CAPACITY]:
            self.grow(entity)
        base: cython.longlong = self.heads[entity, H_BASE]
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        self.times_ms[base + (end & mask)] = now_ms
        self.before[base + (end & mask)] = self.totals[entity]
        peak: cython.longlong = self.heads[entity, H_PEAK_END]
        while peak > self.heads[entity, H_PEAK_FIRST]:
            if self.amount(entity, self.peaks[base + ((peak - 1) & mask)]) > amount_fen:
                break
            peak -= 1
        self.peaks[base + (peak & mask)] = end
        self.heads[entity, H_PEAK_END] = peak + 1
        self.heads[entity, H_END] = end + 1
        self.heads[entity, H_WATERMARK] = now_ms
        self.totals[entity] = (self.totals[entity] + amount_fen) & _WRAP

    @cython.cfunc
    def amount(self, entity: cython.longlong, i: cython.longlong) -> cython.ulonglong:
        """Return the amount of event `i`: the difference of two prefix sums."""
        base: cython.longlong = self.heads[entity, H_BASE]
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        after: cython.ulonglong = self.totals[entity]
        if i + 1 < self.heads[entity, H_END]:
            after = self.before[base + ((i + 1) & mask)]
        return (after - self.before[base + (i & mask)]) & _WRAP

    @cython.cfunc
    def release(self, entity: cython.longlong, floor_ms: cython.longlong) -> None:
        """Forget events before `floor_ms`, and the peaks among them."""
        base: cython.longlong = self.heads[entity, H_BASE]
        mask: cython.longlong = self.heads[entity, H_CAPACITY] - 1
        first: cython.longlong = self.heads[entity, H_FIRST]
        while first < self.heads[entity, H_END] and self.times_ms[base + (first & mask)] < floor_ms:
            first += 1
        self.heads[entity, H_FIRST] = first
        peak: cython.longlong = self.heads[entity, H_PEAK_FIRST]
        while peak < self.heads[entity, H_PEAK_END] and self.peaks[base + (peak & mask)] < first:
            peak += 1
        self.heads[entity, H_PEAK_FIRST] = peak

    @cython.cfunc
    def grow(self, entity: cython.longlong) -> None:
        """Move an entity's ring to one of twice the capacity."""
        old: cython.longlong = self.heads[entity, H_CAPACITY]
        capacity: cython.longlong = 2 * old if old else _SMALLEST_RING
        old_base: cython.longlong = self.heads[entity, H_BASE]
        base: cython.longlong = self.take(capacity)
        i: cython.longlong
        for i in range(self.heads[entity, H_FIRST], self.heads[entity, H_END]):
            self.times_ms[base + (i & (capacity - 1))] = self.times_ms[old_base + (i & (old - 1))]
            self.before[base + (i & (capacity - 1))] = self.before[old_base + (i & (old - 1))]
        for i in range(self.heads[entity, H_PEAK_FIRST], self.heads[entity, H_PEAK_END]):
            self.peaks[base + (i & (capacity - 1))] = self.peaks[old_base + (i & (old - 1))]
        if old:
            self.free.setdefault(old, []).append(old_base)
        self.heads[entity, H_BASE] = base
        self.heads[entity, H_CAPACITY] = capacity

    @cython.cfunc
    def take(self, capacity: cython.longlong) -> cython.longlong:
        """Return the base of a free stretch of the arenas."""
        if self.free.get(capacity):
            return self.free[capacity].pop()
        base: cython.longlong = self.used
        self.used += capacity
        if self.used > self.times_ms.shape[0]:
            length = max(self.used, 2 * self.times_ms.shape[0])
            self.times_ms = _longer(self.times_ms, length)
            self.before = _longer(self.before, length)
            self.peaks = _longer(self.peaks, length)
        return base


def _longer(view, length: int):  # noqa: ANN001, ANN202  # a buffer of any of the types above
    old = np.asarray(view)
    new = np.zeros((length, *old.shape[1:]), dtype=old.dtype)
    new[: old.shape[0]] = old
    return memoryview(new)
