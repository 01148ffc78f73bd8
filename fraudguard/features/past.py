# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""What is remembered of many entities: their transfers, as integers in flat arenas.

Entities are numbered from 1; 0 is one never seen, -1 one that is not known at all, such as the
device of a transfer without one. Entity *e* owns one record of ``heads`` and a ring (`fraudguard.features.ring`) of ``events``. A head holds::

    ring of events · WATERMARK · FIRST_MS · SUM · PREVIOUS · totals of spread and shares
    ring of maxima · ring of minima · tail per window · distinct counterparties per window

and an event, of which a plan keeps only what it reads::

    time << 1 | live    its time, clamped to the watermark: it never falls within a ring
    sum                 of all amounts before it
    log, log squared    sums of log10(amount) before it, in units of 2**-20
    flags               how many before it were at night, round, first of a pair, small; two to a word

So count, sum, mean, spread and shares of a window are one subtraction of prefix sums, modulo 2**64. The
largest amount of any window is at the first entry inside it of a monotone ring. An event is *live* while it is the
last of its counterparty, so the live events of a window are its distinct counterparties. `tails` are the windows' lower edges
at the last event, from which a query searches forward; it changes nothing. `remember` moves them and releases what the longest window left.
"""

import cython

if cython.compiled:
    from cython.cimports.fraudguard.features.codes import (
        BLOCK,
        HEAD_FIRST_MS,
        HEAD_PREVIOUS,
        HEAD_SUM,
        HEAD_TOTALS,
        HEAD_WATERMARK,
        LIFE_EVER,
        LIFE_PREVIOUS,
        LIFE_SINCE_FIRST,
        LIFE_SINCE_LAST,
        LIFE_WIDTH,
        NEEDS_DISTINCT,
        NEEDS_MAX,
        NEEDS_MIN,
        NEEDS_SHARES,
        NEEDS_SPREAD,
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
        RING_WIDTH,
        UNKNOWN,
    )
    from cython.cimports.fraudguard.features.arena import Arena
    from cython.cimports.fraudguard.features.machine import ahead, as_double, at, ring_at, signed64, touch, unsigned64
    from cython.cimports.fraudguard.features.ring import make_room, release
    from cython.cimports.libc.math import NAN, log10, sqrt
else:
    from fraudguard.features.codes import (
        BLOCK,
        HEAD_FIRST_MS,
        HEAD_PREVIOUS,
        HEAD_SUM,
        HEAD_TOTALS,
        HEAD_WATERMARK,
        LIFE_EVER,
        LIFE_PREVIOUS,
        LIFE_SINCE_FIRST,
        LIFE_SINCE_LAST,
        LIFE_WIDTH,
        NEEDS_DISTINCT,
        NEEDS_MAX,
        NEEDS_MIN,
        NEEDS_SHARES,
        NEEDS_SPREAD,
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
        RING_WIDTH,
        UNKNOWN,
    )
    from math import log10, sqrt
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import ahead, as_double, at, ring_at, signed64, touch, unsigned64
    from fraudguard.features.ring import make_room, release

__all__ = ["Pasts"]


_MS_PER_S = cython.declare(cython.double, 1000.0)
_UNIT = cython.declare(cython.double, 1048576.0)  # 2**20 units of log10 to one
_WORD_HALF = cython.declare(cython.longlong, 0xFFFF_FFFF)


@cython.final
@cython.cclass
class Pasts:
    """The remembered transfers of many entities; see the module for the layout.

    Parameters
    ----------
    windows_ms : list of int
        Ascending; events further back than the last are released.
    needs : int
        What events must hold: bits ``NEEDS_…``; below 0 for a store that nobody reads.
    longest : int
        As `Arena` takes it.
    """

    def __init__(self, windows_ms: list, needs: int, longest: int) -> None:
        self.needs, self.n_windows = needs, len(windows_ms)
        self.found, self.found_ms = -1, 0
        if not cython.compiled:
            self.windows_ms, self.firsts = [0] * 32, [0] * 32
        for w in range(self.n_windows):
            self.windows_ms[w] = windows_ms[w]
        spread, shares = bool(needs & NEEDS_SPREAD), bool(needs & NEEDS_SHARES)
        self.spread_at, self.shares_at = 2, 2 + 2 * spread
        self.spread_total, self.shares_total = HEAD_TOTALS, HEAD_TOTALS + 2 * spread
        self.max_at = self.shares_total + 2 * shares
        self.min_at = self.max_at + RING_WIDTH * bool(needs & NEEDS_MAX)
        self.tails_at = self.min_at + RING_WIDTH * bool(needs & NEEDS_MIN)
        self.distinct_at = self.tails_at + self.n_windows
        width = self.distinct_at + self.n_windows * bool(needs & NEEDS_DISTINCT)
        bits = max(13, longest.bit_length() - 1)
        self.heads, self.events = Arena(width, 10), Arena(2 + 2 * spread + 2 * shares, bits, longest)
        self.peaks, self.blocks, self.lasts = Arena(2, bits, longest), Arena(2, 16), Arena(1, 14)

    def reserve(self, n_entities: cython.longlong, n_links: cython.longlong) -> cython.int:
        """Make room for entities 1 … `n_entities` and as many links; present ones are kept."""
        self.heads.reserve(n_entities + 1)
        if self.needs & NEEDS_DISTINCT:
            self.lasts.reserve(n_links + 1)
        return 0

    def arenas(self) -> dict:
        """Return every arena by name, for a snapshot."""
        return {
            "heads": self.heads,
            "events": self.events,
            "peaks": self.peaks,
            "blocks": self.blocks,
            "lasts": self.lasts,
        }

    def length(self, entity: cython.longlong) -> cython.longlong:
        """Return how many events an entity ever had; 0 for one never seen."""
        return at(self.heads, entity)[RING_END] if 0 <= entity < self.heads.used else 0

    def watermark_ms(self, entity: cython.longlong) -> cython.longlong:
        """Return the latest event time of an entity that has events."""
        return at(self.heads, entity)[HEAD_WATERMARK]

    def foresee(self, entity: cython.longlong) -> cython.void:
        """Have the head of an entity at hand when its turn comes."""
        if 0 < entity < self.heads.used and self.needs >= 0:
            touch(at(self.heads, entity), self.heads.width)

    def foresee_run(self, entity: cython.longlong) -> cython.void:
        """Have the events of an entity at hand, whose head is."""
        head: cython.p_longlong
        if self.needs < 0 or self.length(entity) == 0:
            return
        head = at(self.heads, entity)
        if head[RING_CAP] <= self.events.longest:
            touch(at(self.events, head[RING_BASE]), min(head[RING_CAP], 8) * self.events.width)
        if self.needs & NEEDS_MAX and head[self.max_at + RING_CAP] <= self.peaks.longest:
            touch(at(self.peaks, head[self.max_at + RING_BASE]), 8)

    def read(
        self,
        entity: cython.longlong,
        event_time_ms: cython.longlong,
        readings: cython.p_longlong,
        n: cython.longlong,
        lifelong: cython.p_longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write the readings of an entity, over `n` windows and over all time, into the slots of a row; changes nothing."""
        i: cython.longlong
        head: cython.p_longlong
        now_ms: cython.longlong
        if self.length(entity) == 0:
            self.read_nothing(entity, readings, n, lifelong, row)
            return
        head = at(self.heads, entity)
        now_ms = max(event_time_ms, head[HEAD_WATERMARK])
        self.find(entity, head, now_ms)
        for i in range(n):
            self.read_window(head, ahead(readings, READING_WIDTH * i), row)
        if lifelong[LIFE_SINCE_LAST] >= 0:
            row[lifelong[LIFE_SINCE_LAST]] = (now_ms - head[HEAD_WATERMARK]) / _MS_PER_S
        if lifelong[LIFE_SINCE_FIRST] >= 0:
            row[lifelong[LIFE_SINCE_FIRST]] = (now_ms - head[HEAD_FIRST_MS]) / _MS_PER_S
        if lifelong[LIFE_PREVIOUS] >= 0:
            row[lifelong[LIFE_PREVIOUS]] = cython.cast(cython.double, head[HEAD_PREVIOUS])
        if lifelong[LIFE_EVER] >= 0:
            row[lifelong[LIFE_EVER]] = cython.cast(cython.double, head[RING_END])

    def read_window(self, head: cython.p_longlong, slots: cython.p_longlong, row: cython.p_double) -> cython.void:
        """Write the readings over one window."""
        first: cython.longlong = self.firsts[slots[READING_WINDOW]]
        count: cython.longlong = head[RING_END] - first
        n: cython.double = cython.cast(cython.double, count)
        event: cython.p_longlong
        total: cython.double
        if slots[READING_COUNT] >= 0:
            row[slots[READING_COUNT]] = n
        if count == 0:
            self.read_empty(slots, row)
            return
        event = ring_at(self.events, self.blocks, head, first)
        total = as_double(head[HEAD_SUM] - event[1])
        if slots[READING_SUM] >= 0:
            row[slots[READING_SUM]] = total
        if slots[READING_MEAN] >= 0:
            row[slots[READING_MEAN]] = total / n
        if slots[READING_MAX] >= 0:
            row[slots[READING_MAX]] = self.extreme(ahead(head, self.max_at), first)
        if slots[READING_IS_RARE]:
            self.read_rare(head, event, slots, count, row)

    def read_rare(
        self,
        head: cython.p_longlong,
        event: cython.p_longlong,
        slots: cython.p_longlong,
        count: cython.longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write the readings that few views have; `event` is the first of the window."""
        i: cython.longlong
        if slots[READING_MIN] >= 0:
            row[slots[READING_MIN]] = self.extreme(ahead(head, self.min_at), head[RING_END] - count)
        if slots[READING_STD] >= 0:
            row[slots[READING_STD]] = self.spread(head, event, count)
        if slots[READING_DISTINCT] >= 0:
            row[slots[READING_DISTINCT]] = self.distinct(head, slots[READING_WINDOW], count)
        for i in range(4):
            if slots[READING_SHARES + i] >= 0:
                row[slots[READING_SHARES + i]] = self.flagged(head, event, i) / cython.cast(cython.double, count)

    def read_empty(self, slots: cython.p_longlong, row: cython.p_double) -> cython.void:
        """Write what is read over an empty window, but for the count."""
        i: cython.longlong
        for i in range(READING_SUM, READING_IS_RARE):
            if slots[i] >= 0:
                row[slots[i]] = 0.0 if i == READING_SUM or i == READING_DISTINCT else NAN

    def read_nothing(
        self,
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
            for j in range(READING_COUNT, READING_IS_RARE):
                if slots[j] >= 0:
                    row[slots[j]] = zero if j <= READING_SUM or j == READING_DISTINCT else NAN
        for i in range(LIFE_WIDTH):
            if lifelong[i] >= 0:
                row[lifelong[i]] = zero if i == LIFE_EVER else NAN

    def find(self, entity: cython.longlong, head: cython.p_longlong, now_ms: cython.longlong) -> cython.void:
        """Note the first event of every window that ends now, unless that was the last thing asked."""
        w: cython.longlong
        low: cython.longlong
        floor_ms: cython.longlong
        tails: cython.p_longlong = ahead(head, self.tails_at)
        end: cython.longlong = head[RING_END]
        mask: cython.longlong = head[RING_CAP] - 1
        width: cython.longlong = self.events.width
        if entity == self.found and now_ms == self.found_ms:
            return
        self.found = entity
        self.found_ms = now_ms
        if head[RING_CAP] > self.events.longest:
            for w in range(self.n_windows):
                self.firsts[w] = self.first_inside(head, tails[w], now_ms - self.windows_ms[w])
            return
        run: cython.p_longlong = at(self.events, head[RING_BASE])
        for w in range(self.n_windows):
            low = tails[w]
            floor_ms = now_ms - self.windows_ms[w]
            while low < end and run[(low & mask) * width] >> 1 < floor_ms:
                low += 1
            self.firsts[w] = low

    def event(self, head: cython.p_longlong, i: cython.longlong) -> cython.p_longlong:
        """Return event `i`."""
        return ring_at(self.events, self.blocks, head, i)

    def time_ms(self, head: cython.p_longlong, i: cython.longlong) -> cython.longlong:
        """Return when event `i` happened."""
        return self.event(head, i)[0] >> 1

    def first_inside(self, head: cython.p_longlong, low: cython.longlong, floor_ms: cython.longlong) -> cython.longlong:
        """Return the first event from `low` on that is not before `floor_ms`: in growing steps, then halving."""
        end: cython.longlong = head[RING_END]
        step: cython.longlong = 1
        if low >= end or self.time_ms(head, low) >= floor_ms:
            return low
        while low + step < end and self.time_ms(head, low + step) < floor_ms:
            low += step
            step += step
        high: cython.longlong = min(low + step, end)
        low += 1
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if self.time_ms(head, middle) >= floor_ms:
                high = middle
            else:
                low = middle + 1
        return low

    def distinct(self, head: cython.p_longlong, window: cython.longlong, count: cython.longlong) -> cython.double:
        """Return the distinct counterparties of a window, by the shorter way from what its tail knows."""
        first: cython.longlong = head[RING_END] - count
        tail: cython.longlong = head[self.tails_at + window]
        if count < first - tail:
            return cython.cast(cython.double, self.count_live(head, first, head[RING_END]))
        return cython.cast(cython.double, head[self.distinct_at + window] - self.count_live(head, tail, first))

    def flagged(self, head: cython.p_longlong, event: cython.p_longlong, flag: cython.longlong) -> cython.double:
        """Return how many events from one on have a flag."""
        word: cython.longlong = flag >> 1
        shift: cython.longlong = 32 * (flag & 1)
        total: cython.longlong = head[self.shares_total + word] >> shift
        return cython.cast(cython.double, (total - (event[self.shares_at + word] >> shift)) & _WORD_HALF)

    def spread(self, head: cython.p_longlong, event: cython.p_longlong, n: cython.longlong) -> cython.double:
        """Return the population standard deviation of log10(amount) of the last `n` events, from one on.

        With integers *x* in units of 2**-20 it is sqrt(n Σx² - (Σx)²) / n. The sum is taken around
        the floor *q* of the mean, so that n Σx² - (Σx)² = n Σ(x-q)² - r² needs no number above 64 bits.
        """
        total: cython.longlong = head[self.spread_total] - event[self.spread_at]
        squares: cython.ulonglong = unsigned64(head[self.spread_total + 1] - event[self.spread_at + 1])
        q: cython.longlong = total // n
        r: cython.longlong = total - q * n
        around: cython.ulonglong = unsigned64(squares - unsigned64(2 * q * total - q * q * n))
        low: cython.longlong = n * cython.cast(cython.longlong, around & _WORD_HALF) - r * r
        high: cython.longlong = n * cython.cast(cython.longlong, around >> 32) + (low >> 32)
        low &= _WORD_HALF
        scaled: cython.double = cython.cast(cython.double, high) * 4294967296.0 + cython.cast(cython.double, low)
        return sqrt(scaled) / (cython.cast(cython.double, n) * _UNIT)

    def extreme(self, queue: cython.p_longlong, first: cython.longlong) -> cython.double:
        """Return the largest (or smallest) amount from event `first` on: that of the first entry inside."""
        low: cython.longlong = queue[RING_FIRST]
        mask: cython.longlong = queue[RING_CAP] - 1
        run: cython.p_longlong
        if queue[RING_CAP] > self.peaks.longest:
            low = self.first_peak(queue, low, first)
            return cython.cast(cython.double, ring_at(self.peaks, self.blocks, queue, low)[1])
        run = at(self.peaks, queue[RING_BASE])
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

    def count_live(self, head: cython.p_longlong, first: cython.longlong, until: cython.longlong) -> cython.longlong:
        """Count the live events from `first` to before `until`, whole blocks at once."""
        live: cython.longlong = 0
        cap: cython.longlong = head[RING_CAP]
        i: cython.longlong = first
        while i < until:
            if cap > self.events.longest and i & (BLOCK - 1) == 0 and until - i >= BLOCK:
                live += at(self.blocks, head[0] + ((i >> 8) & ((cap >> 8) - 1)))[1]
                i += BLOCK
            else:
                live += self.event(head, i)[0] & 1
                i += 1
        return live

    def remember(
        self,
        entity: cython.longlong,
        event_time_ms: cython.longlong,
        amount_fen: cython.longlong,
        flags: cython.longlong,
        link: cython.longlong,
    ) -> cython.int:
        """Append one event; `link` numbers the pair of this entity and its counterparty."""
        head: cython.p_longlong = at(self.heads, entity)
        end: cython.longlong = head[RING_END]
        now_ms: cython.longlong = event_time_ms
        needs: cython.longlong = self.needs
        event: cython.p_longlong
        if end > 0:
            now_ms = max(now_ms, head[HEAD_WATERMARK])
            self.advance(entity, head, now_ms)
        else:
            head[HEAD_FIRST_MS] = now_ms
        if end - head[RING_FIRST] >= head[RING_CAP] or head[RING_CAP] > self.events.longest:
            make_room(self.events, self.blocks, head)
        event = self.event(head, end)
        event[0] = now_ms << 1
        event[1] = head[HEAD_SUM]
        if needs & NEEDS_SPREAD:
            log: cython.longlong = cython.cast(
                cython.longlong, log10(cython.cast(cython.double, max(amount_fen, 1))) * _UNIT + 0.5
            )
            event[self.spread_at] = head[self.spread_total]
            event[self.spread_at + 1] = head[self.spread_total + 1]
            head[self.spread_total] += log
            head[self.spread_total + 1] = signed64(unsigned64(head[self.spread_total + 1]) + log * log)
        if needs & NEEDS_SHARES:
            event[self.shares_at] = head[self.shares_total]
            event[self.shares_at + 1] = head[self.shares_total + 1]
            head[self.shares_total] += (flags & 1) + ((flags & 2) << 31)
            head[self.shares_total + 1] += ((flags & 4) >> 2) + ((flags & 8) << 29)
        if needs & NEEDS_MAX:
            self.note_extreme(ahead(head, self.max_at), end, amount_fen, 1)
        if needs & NEEDS_MIN:
            self.note_extreme(ahead(head, self.min_at), end, amount_fen, -1)
        if needs & NEEDS_DISTINCT:
            self.supersede(head, link, end)
        head[HEAD_SUM] = signed64(unsigned64(head[HEAD_SUM]) + amount_fen)
        head[HEAD_PREVIOUS] = amount_fen
        head[HEAD_WATERMARK] = now_ms
        head[RING_END] = end + 1
        self.found = -1
        return 0

    def advance(self, entity: cython.longlong, head: cython.p_longlong, now_ms: cython.longlong) -> cython.int:
        """Move the tails to where the windows begin now, and release what the longest left."""
        w: cython.longlong
        tails: cython.p_longlong = ahead(head, self.tails_at)
        is_distinct: cython.bint = self.needs & NEEDS_DISTINCT
        n_windows: cython.longlong = self.n_windows
        oldest: cython.longlong = head[RING_END]
        self.find(entity, head, now_ms)
        for w in range(n_windows):
            oldest = self.firsts[w]
            if is_distinct and oldest != tails[w]:
                head[self.distinct_at + w] -= self.count_live(head, tails[w], oldest)
            tails[w] = oldest
        if oldest != head[RING_FIRST] or head[RING_CAP] > self.events.longest:
            release(self.events, self.blocks, head, oldest)
        return 0

    def note_extreme(
        self, queue: cython.p_longlong, i: cython.longlong, amount_fen: cython.longlong, sign: cython.longlong
    ) -> cython.int:
        """Append event `i` to a monotone ring, in place of all that it surpasses."""
        oldest: cython.longlong = self.firsts[self.n_windows - 1] if i > 0 and self.n_windows else 0
        first: cython.longlong = queue[RING_FIRST]
        end: cython.longlong = queue[RING_END]
        cap: cython.longlong = queue[RING_CAP]
        amount: cython.longlong = amount_fen * sign
        entry: cython.p_longlong
        if cap > self.peaks.longest:
            first = self.first_peak(queue, first, oldest)
            end = self.last_peak(queue, first, end, amount, sign)
        elif end > first:
            entry = at(self.peaks, queue[RING_BASE])
            while first < end and entry[2 * (first & (cap - 1))] < oldest:
                first += 1
            while end > first and entry[2 * ((end - 1) & (cap - 1)) + 1] * sign <= amount:
                end -= 1
        queue[RING_END] = end
        if first != queue[RING_FIRST] or cap > self.peaks.longest:
            release(self.peaks, self.blocks, queue, first)
        if end - first >= queue[RING_CAP] or queue[RING_CAP] > self.peaks.longest:
            make_room(self.peaks, self.blocks, queue)
        entry = ring_at(self.peaks, self.blocks, queue, end)
        entry[0] = i
        entry[1] = amount_fen
        queue[RING_END] = end + 1
        return 0

    def first_peak(self, queue: cython.p_longlong, low: cython.longlong, oldest: cython.longlong) -> cython.longlong:
        """Return the first entry from `low` on of an event not before `oldest`."""
        high: cython.longlong = queue[RING_END]
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if ring_at(self.peaks, self.blocks, queue, middle)[0] >= oldest:
                high = middle
            else:
                low = middle + 1
        return low

    def last_peak(
        self,
        queue: cython.p_longlong,
        low: cython.longlong,
        high: cython.longlong,
        amount: cython.longlong,
        sign: cython.longlong,
    ) -> cython.longlong:
        """Return the first entry from `low` on that an amount surpasses; `high` when it surpasses none."""
        while low < high:
            middle: cython.longlong = (low + high) >> 1
            if ring_at(self.peaks, self.blocks, queue, middle)[1] * sign <= amount:
                high = middle
            else:
                low = middle + 1
        return low

    def supersede(self, head: cython.p_longlong, link: cython.longlong, end: cython.longlong) -> cython.void:
        """Make event `end` the live one of its counterparty, in place of the last."""
        last: cython.p_longlong = at(self.lasts, link)
        w: cython.longlong
        before: cython.longlong = last[0] - 1
        cap: cython.longlong = head[RING_CAP]
        if before >= head[RING_FIRST]:
            self.event(head, before)[0] -= 1
            if cap > self.events.longest:
                at(self.blocks, head[0] + ((before >> 8) & ((cap >> 8) - 1)))[1] -= 1
        for w in range(self.n_windows):
            if before < head[self.tails_at + w]:
                head[self.distinct_at + w] += 1
        self.event(head, end)[0] += 1
        if cap > self.events.longest:
            at(self.blocks, head[0] + ((end >> 8) & ((cap >> 8) - 1)))[1] += 1
        last[0] = end + 1

    def forget_all(self) -> cython.int:
        """Empty the first entity, for the next group of a replay; the runs of its rings are kept."""
        i: cython.longlong
        ring: cython.longlong
        head: cython.p_longlong = at(self.heads, 0)
        for i in range(RING_FIRST, self.max_at):
            head[i] = 0
        for ring in range((self.tails_at - self.max_at) // RING_WIDTH):
            for i in range(RING_FIRST, RING_WIDTH):
                head[self.max_at + ring * RING_WIDTH + i] = 0
        for i in range(self.tails_at, self.heads.width):
            head[i] = 0
        self.found = -1
        return 0
