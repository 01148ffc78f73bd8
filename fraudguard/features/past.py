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

if not cython.compiled:
    from math import log10

    from fraudguard.features.arena import Arena
    from fraudguard.features.codes import (
        BLOCK,
        HEAD_FIRST_MS,
        HEAD_PREVIOUS,
        HEAD_SUM,
        HEAD_TOTALS,
        HEAD_WATERMARK,
        NEEDS_DISTINCT,
        NEEDS_MAX,
        NEEDS_MIN,
        NEEDS_SHARES,
        NEEDS_SPREAD,
        RING_BASE,
        RING_CAP,
        RING_END,
        RING_FIRST,
        RING_WIDTH,
    )
    from fraudguard.features.machine import ahead, at, ring_at, signed64, touch, unsigned64
    from fraudguard.features.ring import make_room, release

__all__ = ["Pasts"]


_UNIT = cython.declare(cython.double, 1048576.0)  # 2**20 units of log10 to one
_FEW = cython.declare(cython.longlong, 8)


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

    def foresee_link(self, link: cython.longlong) -> cython.void:
        """Have at hand which event of a counterparty was the last, for when the next is remembered."""
        if 0 < link < self.lasts.used:
            touch(at(self.lasts, link), 1)

    def foresee_run(self, entity: cython.longlong) -> cython.void:
        """Have the events of an entity at hand, whose head is: where its windows begin, and where the next one goes."""
        head: cython.p_longlong
        w: cython.longlong
        if self.needs < 0 or self.length(entity) == 0:
            return
        head = at(self.heads, entity)
        if head[RING_CAP] <= _FEW:
            touch(at(self.events, head[RING_BASE]), head[RING_CAP] * self.events.width)
        elif head[RING_CAP] <= self.events.longest:
            run: cython.p_longlong = at(self.events, head[RING_BASE])
            mask: cython.longlong = head[RING_CAP] - 1
            for w in range(self.n_windows):
                touch(ahead(run, (head[self.tails_at + w] & mask) * self.events.width), self.events.width)
            touch(ahead(run, (head[RING_END] & mask) * self.events.width), self.events.width)
        else:
            for w in range(self.n_windows):
                if head[self.tails_at + w] < head[RING_END]:
                    touch(self.event(head, head[self.tails_at + w]), self.events.width)
        if self.needs & NEEDS_MAX:
            self.foresee_peaks(ahead(head, self.max_at))
        if self.needs & NEEDS_MIN:
            self.foresee_peaks(ahead(head, self.min_at))

    def foresee_peaks(self, queue: cython.p_longlong) -> cython.void:
        """Have both ends of a monotone ring at hand: the first is the largest amount, behind the last goes the next."""
        mask: cython.longlong = queue[RING_CAP] - 1
        if 0 <= mask < self.peaks.longest:
            touch(at(self.peaks, queue[RING_BASE] + (queue[RING_FIRST] & mask)), 2)
            touch(at(self.peaks, queue[RING_BASE] + (queue[RING_END] & mask)), 2)

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
        return self.append(entity, at(self.heads, entity), event_time_ms, amount_fen, flags, link)

    def append(
        self,
        entity: cython.longlong,
        head: cython.p_longlong,
        event_time_ms: cython.longlong,
        amount_fen: cython.longlong,
        flags: cython.longlong,
        link: cython.longlong,
    ) -> cython.int:
        """Append one event of an entity whose head is at hand."""
        end: cython.longlong = head[RING_END]
        now_ms: cython.longlong = event_time_ms
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
        self.note_totals(head, event, amount_fen, flags)
        self.note_extremes(head, end, amount_fen)
        if self.needs & NEEDS_DISTINCT:
            self.supersede(head, link, end)
        head[HEAD_SUM] = signed64(unsigned64(head[HEAD_SUM]) + amount_fen)
        head[HEAD_PREVIOUS] = amount_fen
        head[HEAD_WATERMARK] = now_ms
        head[RING_END] = end + 1
        self.found = -1
        return 0

    def note_totals(
        self, head: cython.p_longlong, event: cython.p_longlong, amount_fen: cython.longlong, flags: cython.longlong
    ) -> cython.void:
        """Give an event the totals before it, of spread and shares, and add it to them."""
        log: cython.longlong
        if self.needs & NEEDS_SPREAD:
            log = cython.cast(cython.longlong, log10(cython.cast(cython.double, max(amount_fen, 1))) * _UNIT + 0.5)
            event[self.spread_at] = head[self.spread_total]
            event[self.spread_at + 1] = head[self.spread_total + 1]
            head[self.spread_total] += log
            head[self.spread_total + 1] = signed64(unsigned64(head[self.spread_total + 1]) + log * log)
        if self.needs & NEEDS_SHARES:
            event[self.shares_at] = head[self.shares_total]
            event[self.shares_at + 1] = head[self.shares_total + 1]
            head[self.shares_total] += (flags & 1) + ((flags & 2) << 31)
            head[self.shares_total + 1] += ((flags & 4) >> 2) + ((flags & 8) << 29)

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

    def note_extremes(self, head: cython.p_longlong, i: cython.longlong, amount_fen: cython.longlong) -> cython.int:
        """Append event `i` to the rings of maxima and minima that the store has."""
        if self.needs & NEEDS_MAX:
            self.note_extreme(ahead(head, self.max_at), i, amount_fen, 1)
        if self.needs & NEEDS_MIN:
            self.note_extreme(ahead(head, self.min_at), i, amount_fen, -1)
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
