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
    from cython.cimports.fraudguard.features.arena import Arena
    from cython.cimports.fraudguard.features.machine import ahead, at, ring_at, signed64, unsigned64
    from cython.cimports.fraudguard.features.ring import make_room, release
    from cython.cimports.libc.math import NAN, log10, sqrt
else:
    from math import log10, sqrt
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import ahead, at, ring_at, signed64, unsigned64
    from fraudguard.features.ring import make_room, release

__all__ = ["Pasts"]

# Places in REDUCERS of `fraudguard.features.plan`, and its bits of NEEDS; a test compares them.
COUNT = cython.declare(cython.longlong, 0)
SUM = cython.declare(cython.longlong, 1)
MEAN = cython.declare(cython.longlong, 2)
MAX = cython.declare(cython.longlong, 3)
MIN = cython.declare(cython.longlong, 4)
STD = cython.declare(cython.longlong, 5)
DISTINCT = cython.declare(cython.longlong, 6)
SHARE = cython.declare(cython.longlong, 7)
SINCE_LAST = cython.declare(cython.longlong, 8)
SINCE_FIRST = cython.declare(cython.longlong, 9)
PREVIOUS = cython.declare(cython.longlong, 10)
EVER = cython.declare(cython.longlong, 11)
NEEDS_SPREAD = cython.declare(cython.longlong, 1)
NEEDS_SHARES = cython.declare(cython.longlong, 2)
NEEDS_MAX = cython.declare(cython.longlong, 4)
NEEDS_MIN = cython.declare(cython.longlong, 8)
NEEDS_DISTINCT = cython.declare(cython.longlong, 16)
NEEDS_TAILS = cython.declare(cython.longlong, 32)
UNKNOWN = cython.declare(cython.longlong, -1)

_FIRST = cython.declare(cython.longlong, 2)
_END = cython.declare(cython.longlong, 3)
_CAP = cython.declare(cython.longlong, 1)
_RING = cython.declare(cython.longlong, 5)
_WATERMARK = cython.declare(cython.longlong, 5)
_FIRST_MS = cython.declare(cython.longlong, 6)
_SUM = cython.declare(cython.longlong, 7)
_PREVIOUS = cython.declare(cython.longlong, 8)
_TOTALS = cython.declare(cython.longlong, 9)
_BLOCK = cython.declare(cython.longlong, 256)
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
        self.spread_total, self.shares_total = _TOTALS, _TOTALS + 2 * spread
        self.max_at = self.shares_total + 2 * shares
        self.min_at = self.max_at + _RING * bool(needs & NEEDS_MAX)
        self.tails_at = self.min_at + _RING * bool(needs & NEEDS_MIN)
        self.distinct_at = self.tails_at + self.n_windows * bool(needs & NEEDS_TAILS)
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
        return {"heads": self.heads, "events": self.events, "peaks": self.peaks, "blocks": self.blocks, "lasts": self.lasts}

    def length(self, entity: cython.longlong) -> cython.longlong:
        """Return how many events an entity ever had; 0 for one never seen."""
        return at(self.heads, entity)[_END] if 0 <= entity < self.heads.used else 0

    def watermark_ms(self, entity: cython.longlong) -> cython.longlong:
        """Return the latest event time of an entity that has events."""
        return at(self.heads, entity)[_WATERMARK]

    def read(
        self,
        entity: cython.longlong,
        event_time_ms: cython.longlong,
        readings: cython.p_longlong,
        n: cython.longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write `n` readings (reducer, window, flag, slot) of an entity into the slots of a row; changes nothing.

        Readings of one window follow each other, those over all time come last.
        """
        i: cython.longlong
        reading: cython.p_longlong = readings
        head: cython.p_longlong
        now_ms: cython.longlong = event_time_ms
        window: cython.longlong = -1
        count: cython.longlong = 0
        event: cython.p_longlong = readings
        total: cython.double = 0.0
        if self.length(entity) == 0:
            for i in range(n):
                reading = ahead(readings, 4 * i)
                known: cython.bint = entity != UNKNOWN and reading[0] in (COUNT, SUM, DISTINCT, EVER)
                row[reading[3]] = 0.0 if known else NAN
            return
        head = at(self.heads, entity)
        now_ms = max(now_ms, head[_WATERMARK])
        self.find(entity, head, now_ms)
        for i in range(n):
            reading = ahead(readings, 4 * i)
            if reading[0] >= SINCE_LAST:
                row[reading[3]] = self.lifelong(head, reading[0], now_ms)
                continue
            if reading[1] != window:
                window = reading[1]
                count = head[_END] - self.firsts[window]
                if count:
                    event = self.event(head, self.firsts[window])
                    total = cython.cast(cython.double, unsigned64(head[_SUM] - event[1]))
            if reading[0] == COUNT:
                row[reading[3]] = cython.cast(cython.double, count)
            elif count == 0:
                row[reading[3]] = 0.0 if reading[0] == SUM or reading[0] == DISTINCT else NAN
            elif reading[0] == SUM:
                row[reading[3]] = total
            elif reading[0] == MEAN:
                row[reading[3]] = total / cython.cast(cython.double, count)
            else:
                row[reading[3]] = self.value(head, event, reading, count)

    def find(self, entity: cython.longlong, head: cython.p_longlong, now_ms: cython.longlong) -> cython.void:
        """Note the first event of every window that ends now, unless that was the last thing asked."""
        w: cython.longlong
        has_tails: cython.bint = self.needs & NEEDS_TAILS
        tails: cython.p_longlong = ahead(head, self.tails_at)
        low: cython.longlong = head[_FIRST]
        end: cython.longlong = head[_END]
        if entity == self.found and now_ms == self.found_ms:
            return
        for w in range(self.n_windows):
            if has_tails:
                low = tails[w]
            if low < end and self.time_ms(head, low) < now_ms - self.windows_ms[w]:
                self.firsts[w] = self.first_inside(head, low, now_ms - self.windows_ms[w])
            else:
                self.firsts[w] = low
        self.found = entity
        self.found_ms = now_ms

    def event(self, head: cython.p_longlong, i: cython.longlong) -> cython.p_longlong:
        """Return event `i`."""
        return ring_at(self.events, self.blocks, head, i)

    def time_ms(self, head: cython.p_longlong, i: cython.longlong) -> cython.longlong:
        """Return when event `i` happened."""
        return self.event(head, i)[0] >> 1

    def first_inside(
        self, head: cython.p_longlong, low: cython.longlong, floor_ms: cython.longlong
    ) -> cython.longlong:
        """Return the first event behind `low` that is not before `floor_ms`, as `low` is: in growing steps, then halving."""
        end: cython.longlong = head[_END]
        step: cython.longlong = 1
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

    def lifelong(
        self, head: cython.p_longlong, reducer: cython.longlong, now_ms: cython.longlong
    ) -> cython.double:
        """Return a reading over all time."""
        if reducer == SINCE_LAST:
            return (now_ms - head[_WATERMARK]) / _MS_PER_S
        if reducer == SINCE_FIRST:
            return (now_ms - head[_FIRST_MS]) / _MS_PER_S
        return cython.cast(cython.double, head[_PREVIOUS] if reducer == PREVIOUS else head[_END])

    def value(
        self, head: cython.p_longlong, event: cython.p_longlong, reading: cython.p_longlong, count: cython.longlong
    ) -> cython.double:
        """Return one reading over a window that is not empty; `event` is its first, and `find` has run."""
        first: cython.longlong = head[_END] - count
        if reading[0] == MAX:
            return self.extreme(ahead(head, self.max_at), first)
        if reading[0] == MIN:
            return self.extreme(ahead(head, self.min_at), first)
        if reading[0] == STD:
            return self.spread(head, event, count)
        if reading[0] == SHARE:
            return self.share(head, event, reading[2]) / cython.cast(cython.double, count)
        live: cython.longlong = head[self.distinct_at + reading[1]]
        tail: cython.longlong = head[self.tails_at + reading[1]]
        if count < first - tail:
            return cython.cast(cython.double, self.count_live(head, first, head[_END]))
        return cython.cast(cython.double, live - self.count_live(head, tail, first))

    def share(self, head: cython.p_longlong, event: cython.p_longlong, flag: cython.longlong) -> cython.double:
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
        low: cython.longlong = queue[_FIRST]
        if ring_at(self.peaks, self.blocks, queue, low)[0] < first:
            low = self.first_peak(queue, low + 1, first)
        return cython.cast(cython.double, ring_at(self.peaks, self.blocks, queue, low)[1])

    def count_live(self, head: cython.p_longlong, first: cython.longlong, until: cython.longlong) -> cython.longlong:
        """Count the live events from `first` to before `until`, whole blocks at once."""
        live: cython.longlong = 0
        cap: cython.longlong = head[_CAP]
        i: cython.longlong = first
        while i < until:
            if cap > self.events.longest and i & (_BLOCK - 1) == 0 and until - i >= _BLOCK:
                live += at(self.blocks, head[0] + ((i >> 8) & ((cap >> 8) - 1)))[1]
                i += _BLOCK
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
        end: cython.longlong = head[_END]
        now_ms: cython.longlong = event_time_ms
        event: cython.p_longlong
        if end > 0:
            now_ms = max(now_ms, head[_WATERMARK])
            self.advance(entity, head, now_ms)
        else:
            head[_FIRST_MS] = now_ms
        if end - head[_FIRST] >= head[_CAP] or head[_CAP] > self.events.longest:
            make_room(self.events, self.blocks, head)
        event = self.event(head, end)
        event[0] = now_ms << 1
        event[1] = head[_SUM]
        if self.needs & NEEDS_SPREAD:
            log: cython.longlong = cython.cast(
                cython.longlong, log10(cython.cast(cython.double, max(amount_fen, 1))) * _UNIT + 0.5
            )
            event[self.spread_at] = head[self.spread_total]
            event[self.spread_at + 1] = head[self.spread_total + 1]
            head[self.spread_total] += log
            head[self.spread_total + 1] = signed64(unsigned64(head[self.spread_total + 1]) + log * log)
        if self.needs & NEEDS_SHARES:
            event[self.shares_at] = head[self.shares_total]
            event[self.shares_at + 1] = head[self.shares_total + 1]
            head[self.shares_total] += (flags & 1) + ((flags & 2) << 31)
            head[self.shares_total + 1] += ((flags & 4) >> 2) + ((flags & 8) << 29)
        if self.needs & NEEDS_MAX:
            self.note_extreme(ahead(head, self.max_at), end, amount_fen, 1)
        if self.needs & NEEDS_MIN:
            self.note_extreme(ahead(head, self.min_at), end, amount_fen, -1)
        if self.needs & NEEDS_DISTINCT:
            self.supersede(head, link, end)
        head[_SUM] = signed64(unsigned64(head[_SUM]) + amount_fen)
        head[_PREVIOUS] = amount_fen
        head[_WATERMARK] = now_ms
        head[_END] = end + 1
        self.found = -1
        return 0

    def advance(self, entity: cython.longlong, head: cython.p_longlong, now_ms: cython.longlong) -> cython.int:
        """Move the tails to where the windows begin now, and release what the longest left."""
        w: cython.longlong
        self.find(entity, head, now_ms)
        for w in range(self.n_windows):
            if self.needs & NEEDS_DISTINCT and self.firsts[w] != head[self.tails_at + w]:
                head[self.distinct_at + w] -= self.count_live(head, head[self.tails_at + w], self.firsts[w])
            if self.needs & NEEDS_TAILS:
                head[self.tails_at + w] = self.firsts[w]
        w = self.firsts[self.n_windows - 1] if self.n_windows else head[_END]
        if w != head[_FIRST] or head[_CAP] > self.events.longest:
            release(self.events, self.blocks, head, w)
        return 0

    def note_extreme(
        self, queue: cython.p_longlong, i: cython.longlong, amount_fen: cython.longlong, sign: cython.longlong
    ) -> cython.int:
        """Append event `i` to a monotone ring, in place of all that it surpasses."""
        oldest: cython.longlong = self.firsts[self.n_windows - 1] if i > 0 and self.n_windows else 0
        first: cython.longlong = queue[_FIRST]
        end: cython.longlong = queue[_END]
        entry: cython.p_longlong
        if first < end and ring_at(self.peaks, self.blocks, queue, first)[0] < oldest:
            first = self.first_peak(queue, first, oldest)
        if end > first and ring_at(self.peaks, self.blocks, queue, end - 1)[1] * sign <= amount_fen * sign:
            end = self.last_peak(queue, first, end - 1, amount_fen * sign, sign)
        queue[_END] = end
        if first != queue[_FIRST] or queue[_CAP] > self.peaks.longest:
            release(self.peaks, self.blocks, queue, first)
        if end - first >= queue[_CAP] or queue[_CAP] > self.peaks.longest:
            make_room(self.peaks, self.blocks, queue)
        entry = ring_at(self.peaks, self.blocks, queue, end)
        entry[0] = i
        entry[1] = amount_fen
        queue[_END] = end + 1
        return 0

    def first_peak(
        self, queue: cython.p_longlong, low: cython.longlong, oldest: cython.longlong
    ) -> cython.longlong:
        """Return the first entry from `low` on of an event not before `oldest`."""
        high: cython.longlong = queue[_END]
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
        """Return the first entry from `low` to `high` that an amount surpasses, as it does `high`."""
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
        cap: cython.longlong = head[_CAP]
        if before >= head[_FIRST]:
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
        rest: cython.longlong
        head: cython.p_longlong = at(self.heads, 0)
        for i in range(2, self.heads.width):
            rest = i - self.max_at
            if i < self.max_at or i >= self.tails_at or rest % _RING > _CAP:
                head[i] = 0
        self.found = -1
        return 0
