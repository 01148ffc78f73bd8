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

if not cython.compiled:
    from fraudguard.features.arena import Arena
    from fraudguard.features.codes import (
        FOUND_ADVERSE,
        FOUND_ALL,
        FOUND_SIDE,
        FOUND_VICTIM,
        FOUND_WIDTH,
        NODE_CHAIN,
        NODE_CHAIN_START,
        NODE_FOUND,
        NODE_IN,
        NODE_KNOWN,
        NODE_LAST_IN,
        NODE_LAST_IN_FEN,
        NODE_LIQUID,
        NODE_NEAR,
        NODE_NEARBY,
        NODE_OPENED,
        NODE_OUT,
        NODE_POOL,
        NODE_POOL_MS,
        NODE_TAINTED,
        NODE_VICTIM,
        NODE_WATCHED,
        NODE_WATERMARK,
        NODE_WIDTH,
        RING_END,
        RING_FIRST,
        SAYS_MULE,
        SAYS_VICTIM,
        SIDE_IN,
        SIDE_OUT,
    )
    from fraudguard.features.machine import ahead, at, ring_at, touch
    from fraudguard.features.ring import make_room, release

__all__ = ["Neighbours"]

_KEPT_EDGES = cython.declare(cython.longlong, 16)
_KEPT_FINDINGS = cython.declare(cython.longlong, 32)
_HOUR_MS = cython.declare(cython.longlong, 3_600_000)
_DAY_MS = cython.declare(cython.longlong, 86_400_000)
_DECAY_MS = cython.declare(cython.longlong, 9_450_000)
_HALVINGS = cython.declare(cython.longlong, 64)
_WHOLE = cython.declare(cython.longlong, 65_536)
_POOL_MAX = cython.declare(cython.longlong, 2**46)


@cython.final
@cython.cclass
class Neighbours:
    """The neighbourhood of every account; see the module."""

    def __init__(self) -> None:
        self.heads = Arena(NODE_WIDTH, 10)
        self.edges = Arena(4, 12)
        self.blocks = Arena(2, 1)
        self.found = Arena(FOUND_WIDTH, 8)
        self.findings = Arena(2, 10)
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
        return {"heads": self.heads, "edges": self.edges, "found": self.found, "findings": self.findings}

    def set_opened(self, account: cython.longlong, opened_ms: cython.longlong) -> None:
        """Note when an account was opened."""
        at(self.heads, account)[NODE_OPENED] = opened_ms + 1

    def set_watched(self, account: cython.longlong, watched: cython.bint) -> None:
        """Put an account on the watch list, or take it off."""
        known: cython.bint = self.is_known(account)
        at(self.heads, account)[NODE_WATCHED] = watched
        if watched and not known:
            self.mark(account)

    def add_known(self, account: cython.longlong, n: cython.longlong) -> None:
        """Add a confirmed finding on an account (1), or take it back (-1)."""
        known: cython.bint = self.is_known(account)
        at(self.heads, account)[NODE_KNOWN] += n
        if n > 0 and not known:
            self.mark(account)

    def add_finding(
        self,
        payer: cython.longlong,
        payee: cython.longlong,
        says: cython.longlong,
        received_ms: cython.longlong,
        n: cython.longlong,
    ) -> None:
        """Add what a finding says of a transfer (1), or take it back (-1)."""
        at(self.heads, payer)[NODE_VICTIM] += n if says == SAYS_VICTIM else 0
        self.note_finding(payer, SIDE_OUT, says, received_ms, n)
        self.note_finding(payee, SIDE_IN, says, received_ms, n)

    def note_finding(
        self,
        account: cython.longlong,
        side: cython.longlong,
        says: cython.longlong,
        received_ms: cython.longlong,
        n: cython.longlong,
    ) -> cython.int:
        """Count a finding on one side of an account, and remember the last ones."""
        ring: cython.p_longlong = ahead(self.found_of(account), FOUND_SIDE * side)
        i: cython.longlong
        ring[FOUND_ALL] += n
        ring[FOUND_ADVERSE] += n if says <= SAYS_MULE else 0
        ring[FOUND_VICTIM] += n if says == SAYS_VICTIM else 0
        if n > 0:
            release(self.findings, self.blocks, ring, max(ring[RING_FIRST], ring[RING_END] + 1 - _KEPT_FINDINGS))
            make_room(self.findings, self.blocks, ring)
            record: cython.p_longlong = ring_at(self.findings, self.blocks, ring, ring[RING_END])
            record[0] = says
            record[1] = received_ms
            ring[RING_END] += 1
            return 0
        for i in range(ring[RING_FIRST], ring[RING_END]):
            record = ring_at(self.findings, self.blocks, ring, i)
            if record[0] == says and record[1] == received_ms:
                record[0] = 0
                return 0
        return 0

    def found_of(self, account: cython.longlong) -> cython.p_longlong:
        """Return what was found of an account's transfers, made if need be."""
        head: cython.p_longlong = at(self.heads, account)
        if head[NODE_FOUND] == 0:
            head[NODE_FOUND] = self.found.take(0) + 1
        return at(self.found, head[NODE_FOUND] - 1)

    def is_known(self, account: cython.longlong) -> cython.bint:
        """Tell whether an account is on the watch list or in a standing finding."""
        head: cython.p_longlong = at(self.heads, account)
        return head[NODE_KNOWN] > 0 or head[NODE_WATCHED] > 0

    def now_ms(self, account: cython.longlong, event_time_ms: cython.longlong) -> cython.longlong:
        """Return the account's now."""
        return max(event_time_ms, at(self.heads, account)[NODE_WATERMARK])

    def edge(self, ring: cython.p_longlong, i: cython.longlong) -> cython.p_longlong:
        """Return record `i` of a ring: counterparty, moment, amount, dwell."""
        return ring_at(self.edges, self.blocks, ring, i)

    def foresee(self, account: cython.longlong) -> cython.void:
        """Have the head of an account at hand when its turn comes."""
        touch(at(self.heads, account), NODE_WIDTH)

    def foresee_edges(self, account: cython.longlong) -> cython.void:
        """Have the last transfers of an account at hand, whose head is."""
        head: cython.p_longlong = at(self.heads, account)
        if head[NODE_IN + RING_END]:
            touch(at(self.edges, head[NODE_IN]), 64)
        if head[NODE_OUT + RING_END]:
            touch(at(self.edges, head[NODE_OUT]), 32)

    def hops(self, account: cython.longlong) -> cython.longlong:
        """Return the steps to a known account, 0 to 2, or -1."""
        head: cython.p_longlong = at(self.heads, account)
        if self.is_known(account):
            return 0
        if head[NODE_NEAR] and self.is_known(head[NODE_NEAR] - 1):
            return 1
        return 2 if head[NODE_NEARBY] and self.is_known(head[NODE_NEARBY] - 1) else -1

    def taint(self, account: cython.longlong, now_ms: cython.longlong) -> cython.longlong:
        """Return which part of an account's pool is tainted now, in 1/65536."""
        head: cython.p_longlong = at(self.heads, account)
        if self.is_known(account):
            return _WHOLE
        if head[NODE_POOL] == 0:
            return 0
        steps: cython.longlong = (now_ms - head[NODE_POOL_MS]) // _DECAY_MS
        pool: cython.longlong = self.decayed(head[NODE_POOL], steps)
        return (self.decayed(head[NODE_TAINTED], steps) << 16) // pool if pool else 0

    def decayed(self, pool: cython.longlong, steps: cython.longlong) -> cython.longlong:
        """Return what is left of a pool."""
        halvings: cython.longlong = steps // _HALVINGS
        return ((pool * self.decay[steps % _HALVINGS]) >> 16) >> halvings if halvings < 62 else 0

    def pour(
        self, head: cython.p_longlong, now_ms: cython.longlong, amount_fen: cython.longlong, share: cython.longlong
    ) -> cython.void:
        """Add an amount to a pool, tainted in part."""
        steps: cython.longlong = max(now_ms - head[NODE_POOL_MS], 0) // _DECAY_MS
        if head[NODE_POOL] == 0:
            head[NODE_POOL_MS] = now_ms
            steps = 0
        head[NODE_POOL] = min(self.decayed(head[NODE_POOL], steps) + amount_fen, _POOL_MAX)
        head[NODE_TAINTED] = min(
            self.decayed(head[NODE_TAINTED], steps) + ((amount_fen * share) >> 16), head[NODE_POOL]
        )
        head[NODE_POOL_MS] += steps * _DECAY_MS

    def goes_on(self, payer: cython.longlong, now_ms: cython.longlong, amount_fen: cython.longlong) -> cython.bint:
        """Tell whether a transfer passes on what came in within the hour: at least half of it."""
        head: cython.p_longlong = at(self.heads, payer)
        moment: cython.longlong = head[NODE_LAST_IN]
        return moment > 0 and now_ms - (moment - 1) <= _HOUR_MS and 2 * amount_fen >= head[NODE_LAST_IN_FEN]

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
        depth: cython.longlong = out[NODE_CHAIN] + 1 if goes_on else 1
        start_ms: cython.longlong = out[NODE_CHAIN_START] if goes_on else out_ms
        share: cython.longlong = self.taint(payer, out_ms)
        dwell: cython.longlong = out_ms - (out[NODE_LAST_IN] - 1) + 1 if out[NODE_LAST_IN] else 0
        self.note_edge(ahead(out, NODE_OUT), payee, out_ms, amount_fen, dwell)
        self.note_edge(ahead(into, NODE_IN), payer, in_ms, amount_fen, 0)
        if payer != payee:
            self.spread_nearness(payer, payee)
            self.spread_nearness(payee, payer)
        self.pour(into, in_ms, amount_fen, share)
        into[NODE_CHAIN] = depth
        into[NODE_CHAIN_START] = start_ms
        into[NODE_LAST_IN] = in_ms + 1
        into[NODE_LAST_IN_FEN] = amount_fen
        if liquid >= 0:
            self.note_liquid(ahead(into, NODE_LIQUID + 2 * liquid), in_ms, amount_fen)
        out[NODE_WATERMARK] = out_ms
        into[NODE_WATERMARK] = in_ms
        return 0

    def note_liquid(
        self, words: cython.p_longlong, now_ms: cython.longlong, amount_fen: cython.longlong
    ) -> cython.void:
        """Add what was cashed in or borrowed to the like of the day before."""
        fresh: cython.bint = words[0] > 0 and now_ms - (words[0] - 1) <= _DAY_MS
        words[1] = words[1] + amount_fen if fresh else amount_fen
        words[0] = now_ms + 1

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
        near: cython.longlong = at(self.heads, source)[NODE_NEAR]
        if self.is_known(source):
            head[NODE_NEAR] = source + 1
        elif near and near - 1 != target and self.is_known(near - 1):
            head[NODE_NEARBY] = near

    def mark(self, account: cython.longlong) -> cython.void:
        """Make the last counterparties of a newly known account near, and theirs."""
        side: cython.longlong
        i: cython.longlong
        for side in range(2):
            ring: cython.p_longlong = ahead(at(self.heads, account), NODE_OUT * side)
            for i in range(ring[RING_FIRST], ring[RING_END]):
                near: cython.longlong = self.edge(ring, i)[0]
                if near != account:
                    at(self.heads, near)[NODE_NEAR] = account + 1
                    self.mark_beyond(near, account)

    def mark_beyond(self, near: cython.longlong, account: cython.longlong) -> cython.void:
        """Note an account with the last counterparties of one that is near it."""
        side: cython.longlong
        i: cython.longlong
        for side in range(2):
            ring: cython.p_longlong = ahead(at(self.heads, near), NODE_OUT * side)
            for i in range(ring[RING_FIRST], ring[RING_END]):
                beyond: cython.longlong = self.edge(ring, i)[0]
                if beyond != account:
                    at(self.heads, beyond)[NODE_NEARBY] = account + 1
