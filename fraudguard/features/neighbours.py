# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Who paid whom lately, and what is known of them: a fixed amount of work a transfer.

Each account keeps its last 16 transfers in and its last 16 out, and a few numbers. All
times are clamped to the account's watermark, the latest time of a transfer in or out of it; *now* of an account
is the transfer's time or that watermark, whichever is later. `fraudguard.features.known` says what each number means.

A *known* account is one that stands on the watch list or in a confirmed finding. Nearness
travels from it by witness: an account one or two steps away remembers the account
that makes it so, and counts as near only as long as that one is known, so a
finding that is taken back takes its shadow with it. Taint is money that descends from
known accounts, a share of each account's pool, halved in 7 days by steps of 1/64: integers only.
"""

import cython

if cython.compiled:
    from cython.cimports.fraudguard.features.codes import (
        RING_END,
        RING_FIRST,
    )
    from cython.cimports.fraudguard.features.arena import Arena
    from cython.cimports.fraudguard.features.machine import ahead, at, doubles_ahead, ring_at, touch
    from cython.cimports.fraudguard.features.ring import make_room, release
    from cython.cimports.libc.math import NAN
else:
    from fraudguard.features.codes import (
        RING_END,
        RING_FIRST,
    )
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.arena import Arena
    from fraudguard.features.machine import ahead, at, doubles_ahead, ring_at, touch
    from fraudguard.features.ring import make_room, release

__all__ = ["Neighbours"]

# Words of a head. An account or moment that may be missing is stored plus one.
IN_RING = cython.declare(cython.longlong, 0)
OUT_RING = cython.declare(cython.longlong, 5)
HARM_RING = cython.declare(cython.longlong, 10)
WATERMARK = cython.declare(cython.longlong, 15)
KNOWN = cython.declare(cython.longlong, 16)
WATCHED = cython.declare(cython.longlong, 17)
NEAR = cython.declare(cython.longlong, 18)
NEARBY = cython.declare(cython.longlong, 19)
VICTIM = cython.declare(cython.longlong, 20)
HARMED = cython.declare(cython.longlong, 21)
OPENED = cython.declare(cython.longlong, 22)
LAST_IN = cython.declare(cython.longlong, 23)
LAST_IN_FEN = cython.declare(cython.longlong, 24)
CHAIN = cython.declare(cython.longlong, 25)
CHAIN_START = cython.declare(cython.longlong, 26)
TAINTED = cython.declare(cython.longlong, 27)
POOL = cython.declare(cython.longlong, 28)
POOL_MS = cython.declare(cython.longlong, 29)
LIQUID = cython.declare(cython.longlong, 30)
HEAD_WIDTH = cython.declare(cython.longlong, 36)

_KEPT_EDGES = cython.declare(cython.longlong, 16)
_KEPT_HARMS = cython.declare(cython.longlong, 8)
_N_LIQUID = cython.declare(cython.longlong, 3)
_HOUR_MS = cython.declare(cython.longlong, 3_600_000)
_DAY_MS = cython.declare(cython.longlong, 86_400_000)
_YOUNG_MS = cython.declare(cython.longlong, 90 * 86_400_000)
_DECAY_MS = cython.declare(cython.longlong, 9_450_000)
_HALVINGS = cython.declare(cython.longlong, 64)
_WHOLE = cython.declare(cython.longlong, 65_536)
_POOL_MAX = cython.declare(cython.longlong, 2**46)
_MS_PER_S = cython.declare(cython.double, 1000.0)


@cython.final
@cython.cclass
class Neighbours:
    """The neighbourhood of every account; see the module."""

    def __init__(self) -> None:
        self.heads = Arena(HEAD_WIDTH, 10)
        self.edges = Arena(4, 12)
        self.blocks = Arena(2, 1)
        if not cython.compiled:
            self.decay = [0] * _HALVINGS
        for i in range(_HALVINGS):
            self.decay[i] = round(_WHOLE * 2.0 ** (-i / _HALVINGS))

    def reserve(self, n_accounts: cython.longlong) -> cython.int:
        """Make room for accounts 1 … `n_accounts`; account 0 is one never seen."""
        self.heads.reserve(n_accounts + 1)
        return 0

    def arenas(self) -> dict:
        """Return every arena by name, for a snapshot."""
        return {"heads": self.heads, "edges": self.edges}

    def set_opened(self, account: cython.longlong, opened_ms: cython.longlong) -> None:
        """Note when an account was opened."""
        at(self.heads, account)[OPENED] = opened_ms + 1

    def set_watched(self, account: cython.longlong, watched: cython.bint) -> None:
        """Put an account on the watch list, or take it off."""
        known: cython.bint = self.is_known(account)
        at(self.heads, account)[WATCHED] = watched
        if watched and not known:
            self.mark(account)

    def add_known(self, account: cython.longlong, n: cython.longlong) -> None:
        """Add a confirmed finding on an account (1), or take it back (-1)."""
        known: cython.bint = self.is_known(account)
        at(self.heads, account)[KNOWN] += n
        if n > 0 and not known:
            self.mark(account)

    def add_victim(
        self, payer: cython.longlong, payee: cython.longlong, received_ms: cython.longlong, n: cython.longlong
    ) -> None:
        """Add a confirmed victim transfer (1), or take it back (-1)."""
        head: cython.p_longlong = at(self.heads, payee)
        ring: cython.p_longlong = ahead(head, HARM_RING)
        i: cython.longlong
        at(self.heads, payer)[VICTIM] += n
        head[HARMED] += n
        if n > 0:
            release(self.edges, self.blocks, ring, max(ring[RING_FIRST], ring[RING_END] + 1 - _KEPT_HARMS))
            make_room(self.edges, self.blocks, ring)
            self.edge(ring, ring[RING_END])[1] = received_ms + 1
            ring[RING_END] += 1
            return
        for i in range(ring[RING_FIRST], ring[RING_END]):
            if self.edge(ring, i)[1] == received_ms + 1:
                self.edge(ring, i)[1] = 0
                return

    def is_known(self, account: cython.longlong) -> cython.bint:
        """Tell whether an account is on the watch list or in a standing finding."""
        head: cython.p_longlong = at(self.heads, account)
        return head[KNOWN] > 0 or head[WATCHED] > 0

    def now_ms(self, account: cython.longlong, event_time_ms: cython.longlong) -> cython.longlong:
        """Return the account's now."""
        return max(event_time_ms, at(self.heads, account)[WATERMARK])

    def edge(self, ring: cython.p_longlong, i: cython.longlong) -> cython.p_longlong:
        """Return record `i` of a ring: counterparty, moment, amount, dwell."""
        return ring_at(self.edges, self.blocks, ring, i)

    def foresee(self, account: cython.longlong) -> cython.void:
        """Have the head of an account at hand when its turn comes."""
        touch(at(self.heads, account), HEAD_WIDTH)

    def foresee_edges(self, account: cython.longlong) -> cython.void:
        """Have the last transfers of an account at hand, whose head is."""
        head: cython.p_longlong = at(self.heads, account)
        if head[IN_RING + RING_END]:
            touch(at(self.edges, head[IN_RING]), 32)
        if head[OUT_RING + RING_END]:
            touch(at(self.edges, head[OUT_RING]), 32)

    def observe(
        self,
        payer: cython.longlong,
        payee: cython.longlong,
        event_time_ms: cython.longlong,
        amount_fen: cython.longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write what is known when a transfer is scored, in the order of `fraudguard.features.known.NETWORK`.

        An account never seen is account 0, which stays empty.
        """
        payee_now_ms: cython.longlong = self.now_ms(payee, event_time_ms)
        self.observe_standing(payer, payee, payee_now_ms, row)
        self.observe_payers(payee, payee_now_ms, doubles_ahead(row, 8))
        self.observe_motifs(payer, payee, event_time_ms, doubles_ahead(row, 11))
        self.observe_chain(payer, payee, event_time_ms, amount_fen, doubles_ahead(row, 14))
        self.observe_liquidation(payer, self.now_ms(payer, event_time_ms), doubles_ahead(row, 19))

    def observe_standing(
        self, payer: cython.longlong, payee: cython.longlong, now_ms: cython.longlong, row: cython.p_double
    ) -> cython.void:
        """Write what findings and the watch list say of both accounts."""
        head: cython.p_longlong = at(self.heads, payee)
        ring: cython.p_longlong = ahead(head, HARM_RING)
        hops: cython.longlong = self.hops(payee)
        payer_hops: cython.longlong = self.hops(payer)
        recent: cython.longlong = 0
        last: cython.longlong = 0
        i: cython.longlong
        for i in range(ring[RING_FIRST], ring[RING_END]):
            received: cython.longlong = self.edge(ring, i)[1]
            last = max(last, received)
            recent += received > 0 and received - 1 >= now_ms - _DAY_MS
        row[0] = 1.0 if self.is_known(payee) else 0.0
        row[1] = cython.cast(cython.double, hops) if hops >= 0 else NAN
        row[2] = 1.0 if self.is_known(payer) else 0.0
        row[3] = cython.cast(cython.double, payer_hops) if payer_hops >= 0 else NAN
        row[4] = cython.cast(cython.double, head[HARMED])
        row[5] = cython.cast(cython.double, recent)
        row[6] = max(now_ms - last + 1, 0) / _MS_PER_S if last else NAN
        row[7] = cython.cast(cython.double, at(self.heads, payer)[VICTIM])

    def observe_payers(self, payee: cython.longlong, now_ms: cython.longlong, row: cython.p_double) -> cython.void:
        """Write what is known of those who paid the payee last."""
        ring: cython.p_longlong = ahead(at(self.heads, payee), IN_RING)
        young: cython.longlong = 0
        dated: cython.longlong = 0
        harmed: cython.longlong = 0
        known: cython.longlong = 0
        i: cython.longlong
        for i in range(ring[RING_FIRST], ring[RING_END]):
            touch(ahead(at(self.heads, self.edge(ring, i)[0]), KNOWN), 8)
        for i in range(ring[RING_FIRST], ring[RING_END]):
            account: cython.longlong = self.edge(ring, i)[0]
            head: cython.p_longlong = at(self.heads, account)
            harmed += head[VICTIM] > 0
            known += head[KNOWN] > 0 or head[WATCHED] > 0
            dated += head[OPENED] != 0
            young += head[OPENED] != 0 and now_ms - (head[OPENED] - 1) < _YOUNG_MS
        row[0] = cython.cast(cython.double, harmed)
        row[1] = cython.cast(cython.double, known)
        row[2] = cython.cast(cython.double, young) / cython.cast(cython.double, dated) if dated else NAN

    def observe_motifs(
        self, payer: cython.longlong, payee: cython.longlong, event_time_ms: cython.longlong, row: cython.p_double
    ) -> cython.void:
        """Write how many accounts stand between the two, one way and the other, within a day."""
        payer_head: cython.p_longlong = at(self.heads, payer)
        payee_head: cython.p_longlong = at(self.heads, payee)
        payer_floor_ms: cython.longlong = self.now_ms(payer, event_time_ms) - _DAY_MS
        payee_floor_ms: cython.longlong = self.now_ms(payee, event_time_ms) - _DAY_MS
        ring: cython.p_longlong = ahead(payer_head, IN_RING)
        back: cython.longlong = 0
        i: cython.longlong
        for i in range(ring[RING_FIRST], ring[RING_END]):
            back += self.edge(ring, i)[0] == payee and self.edge(ring, i)[1] >= payer_floor_ms
        row[0] = cython.cast(
            cython.double,
            self.count_between(ahead(payer_head, OUT_RING), payer_floor_ms, ahead(payee_head, IN_RING), payee_floor_ms),
        )
        row[1] = cython.cast(cython.double, back)
        row[2] = cython.cast(
            cython.double,
            self.count_between(ahead(payee_head, OUT_RING), payee_floor_ms, ahead(payer_head, IN_RING), payer_floor_ms),
        )

    def count_between(
        self,
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
            source: cython.p_longlong = self.edge(sources, i)
            if source[1] < source_floor_ms:
                continue
            found: cython.bint = False
            for j in range(targets[RING_FIRST], targets[RING_END]):
                target: cython.p_longlong = self.edge(targets, j)
                if target[0] == source[0] and target[1] >= target_floor_ms:
                    found = True
                    break
            for j in range(i + 1, sources[RING_END]):
                if found and self.edge(sources, j)[0] == source[0]:
                    found = False
            n += found
        return n

    def observe_chain(
        self,
        payer: cython.longlong,
        payee: cython.longlong,
        event_time_ms: cython.longlong,
        amount_fen: cython.longlong,
        row: cython.p_double,
    ) -> cython.void:
        """Write how money came to the payer and how fast the payee passes it on."""
        now_ms: cython.longlong = self.now_ms(payer, event_time_ms)
        head: cython.p_longlong = at(self.heads, payer)
        ring: cython.p_longlong = ahead(at(self.heads, payee), OUT_RING)
        goes_on: cython.bint = self.goes_on(payer, now_ms, amount_fen)
        dwell_ms: cython.longlong = 0
        n: cython.longlong = 0
        i: cython.longlong
        for i in range(ring[RING_FIRST], ring[RING_END]):
            dwell: cython.longlong = self.edge(ring, i)[3]
            n += dwell > 0
            dwell_ms += dwell - 1 if dwell > 0 else 0
        row[0] = cython.cast(cython.double, head[CHAIN] + 1 if goes_on else 1)
        row[1] = (now_ms - head[CHAIN_START]) / _MS_PER_S if goes_on else 0.0
        row[2] = cython.cast(cython.double, dwell_ms) / (_MS_PER_S * cython.cast(cython.double, n)) if n else NAN
        row[3] = cython.cast(cython.double, self.taint(payer, now_ms)) / cython.cast(cython.double, _WHOLE)
        row[4] = cython.cast(cython.double, self.taint(payee, self.now_ms(payee, event_time_ms))) / cython.cast(
            cython.double, _WHOLE
        )

    def observe_liquidation(self, payer: cython.longlong, now_ms: cython.longlong, row: cython.p_double) -> cython.void:
        """Write what the payer turned into money within the last day."""
        words: cython.p_longlong = ahead(at(self.heads, payer), LIQUID)
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

    def hops(self, account: cython.longlong) -> cython.longlong:
        """Return the steps to a known account, 0 to 2, or -1."""
        head: cython.p_longlong = at(self.heads, account)
        if self.is_known(account):
            return 0
        if head[NEAR] and self.is_known(head[NEAR] - 1):
            return 1
        return 2 if head[NEARBY] and self.is_known(head[NEARBY] - 1) else -1

    def taint(self, account: cython.longlong, now_ms: cython.longlong) -> cython.longlong:
        """Return which part of an account's pool is tainted now, in 1/65536."""
        head: cython.p_longlong = at(self.heads, account)
        if self.is_known(account):
            return _WHOLE
        if head[POOL] == 0:
            return 0
        steps: cython.longlong = (now_ms - head[POOL_MS]) // _DECAY_MS
        pool: cython.longlong = self.decayed(head[POOL], steps)
        return (self.decayed(head[TAINTED], steps) << 16) // pool if pool else 0

    def decayed(self, pool: cython.longlong, steps: cython.longlong) -> cython.longlong:
        """Return what is left of a pool."""
        halvings: cython.longlong = steps // _HALVINGS
        return ((pool * self.decay[steps % _HALVINGS]) >> 16) >> halvings if halvings < 62 else 0

    def pour(
        self, head: cython.p_longlong, now_ms: cython.longlong, amount_fen: cython.longlong, share: cython.longlong
    ) -> cython.void:
        """Add an amount to a pool, tainted in part."""
        steps: cython.longlong = max(now_ms - head[POOL_MS], 0) // _DECAY_MS
        if head[POOL] == 0:
            head[POOL_MS] = now_ms
            steps = 0
        head[POOL] = min(self.decayed(head[POOL], steps) + amount_fen, _POOL_MAX)
        head[TAINTED] = min(self.decayed(head[TAINTED], steps) + ((amount_fen * share) >> 16), head[POOL])
        head[POOL_MS] += steps * _DECAY_MS

    def goes_on(self, payer: cython.longlong, now_ms: cython.longlong, amount_fen: cython.longlong) -> cython.bint:
        """Tell whether a transfer passes on what came in within the hour: at least half of it."""
        head: cython.p_longlong = at(self.heads, payer)
        moment: cython.longlong = head[LAST_IN]
        return moment > 0 and now_ms - (moment - 1) <= _HOUR_MS and 2 * amount_fen >= head[LAST_IN_FEN]

    def push(
        self,
        payer: cython.longlong,
        payee: cython.longlong,
        event_time_ms: cython.longlong,
        amount_fen: cython.longlong,
        liquid: cython.longlong,
    ) -> cython.int:
        """Remember a transfer; `liquid` is the kind of liquidation it is, or -1."""
        out: cython.p_longlong = at(self.heads, payer)
        into: cython.p_longlong = at(self.heads, payee)
        out_ms: cython.longlong = self.now_ms(payer, event_time_ms)
        in_ms: cython.longlong = self.now_ms(payee, event_time_ms)
        goes_on: cython.bint = self.goes_on(payer, out_ms, amount_fen)
        depth: cython.longlong = out[CHAIN] + 1 if goes_on else 1
        start_ms: cython.longlong = out[CHAIN_START] if goes_on else out_ms
        share: cython.longlong = self.taint(payer, out_ms)
        dwell: cython.longlong = out_ms - (out[LAST_IN] - 1) + 1 if out[LAST_IN] else 0
        self.note_edge(ahead(out, OUT_RING), payee, out_ms, amount_fen, dwell)
        self.note_edge(ahead(into, IN_RING), payer, in_ms, amount_fen, 0)
        if payer != payee:
            self.spread_nearness(payer, payee)
            self.spread_nearness(payee, payer)
        self.pour(into, in_ms, amount_fen, share)
        into[CHAIN] = depth
        into[CHAIN_START] = start_ms
        into[LAST_IN] = in_ms + 1
        into[LAST_IN_FEN] = amount_fen
        if liquid >= 0:
            words: cython.p_longlong = ahead(into, LIQUID + 2 * liquid)
            fresh: cython.bint = words[0] > 0 and in_ms - (words[0] - 1) <= _DAY_MS
            words[1] = words[1] + amount_fen if fresh else amount_fen
            words[0] = in_ms + 1
        out[WATERMARK] = out_ms
        into[WATERMARK] = in_ms
        return 0

    def note_edge(
        self,
        ring: cython.p_longlong,
        counterparty: cython.longlong,
        now_ms: cython.longlong,
        amount_fen: cython.longlong,
        dwell: cython.longlong,
    ) -> cython.int:
        """Append to the last transfers of an account."""
        edge: cython.p_longlong
        release(self.edges, self.blocks, ring, max(ring[RING_FIRST], ring[RING_END] + 1 - _KEPT_EDGES))
        make_room(self.edges, self.blocks, ring)
        edge = self.edge(ring, ring[RING_END])
        edge[0] = counterparty
        edge[1] = now_ms
        edge[2] = amount_fen
        edge[3] = dwell
        ring[RING_END] += 1
        return 0

    def spread_nearness(self, source: cython.longlong, target: cython.longlong) -> cython.void:
        """Let one end of a transfer make the other near."""
        head: cython.p_longlong = at(self.heads, target)
        near: cython.longlong = at(self.heads, source)[NEAR]
        if self.is_known(source):
            head[NEAR] = source + 1
        elif near and near - 1 != target and self.is_known(near - 1):
            head[NEARBY] = near

    def mark(self, account: cython.longlong) -> cython.void:
        """Make the last counterparties of a newly known account near, and theirs."""
        head: cython.p_longlong = at(self.heads, account)
        side: cython.longlong
        other: cython.longlong
        i: cython.longlong
        j: cython.longlong
        for side in range(2):
            ring: cython.p_longlong = ahead(head, OUT_RING * side)
            for i in range(ring[RING_FIRST], ring[RING_END]):
                if self.edge(ring, i)[0] == account:
                    continue
                near: cython.p_longlong = at(self.heads, self.edge(ring, i)[0])
                near[NEAR] = account + 1
                for other in range(2):
                    beyond: cython.p_longlong = ahead(near, OUT_RING * other)
                    for j in range(beyond[RING_FIRST], beyond[RING_END]):
                        if self.edge(beyond, j)[0] != account:
                            at(self.heads, self.edge(beyond, j)[0])[NEARBY] = account + 1
