"""Replay by groups: each kind of entity in a pass of its own, shared among threads."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.features.coded import CodedLog, Integers, Links
from fraudguard.features.codes import HALVES_AHEAD, READING_IS_RARE
from fraudguard.features.groups import count_halves, gather_halves, read_unknown, replay_groups
from fraudguard.features.kernel import State
from fraudguard.features.past import Pasts
from fraudguard.features.plan import VIEWS, FeaturePlan
from fraudguard.features.program import load_program, new_state
from fraudguard.features.view import Entity, Side

__all__ = ["replay_by_groups"]

_NOBODY: Final = np.empty(0, dtype=np.int64)
_NOTHING: Final = np.empty((0, READING_IS_RARE - 1), dtype=np.int64)
_LINK: Final = 32
_LONGEST: Final = 1 << 22
"""No caller waits for one group, so its events may lie in one run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """One kind of entity: who it is on each side of a transfer, and which views look at it."""

    payer: Integers
    payee: Integers
    n: int
    payer_link: Links
    payee_link: Links
    payer_views: tuple[int, int]
    payee_views: tuple[int, int]
    stores: Callable[[State], tuple[Pasts, Pasts]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Replay:
    """What all passes work on."""

    log: CodedLog
    plan: FeaturePlan
    rows: NDArray[np.float64]
    halves: Integers
    threads: int

    def run(self, one: _Pass, pool: ThreadPoolExecutor) -> None:
        log, plan, starts = self.log, self.plan, _starts(one)
        self.halves[4 * starts[-1] :][: 4 * HALVES_AHEAD] = 0  # looked at, ahead of the last, and never used
        words = (_words(one.payer_link, log.flags), _words(one.payee_link, log.flags))
        spans = (*_span(plan, one.payer_views), *_span(plan, one.payee_views))
        views = np.array([*one.payer_views, *one.payee_views, *spans], dtype=np.int64)

        def work(share: tuple[int, int]) -> None:
            sides = (one.payer, one.payee, log.times_ms, log.amounts_fen, *words)
            gather_halves(*sides, *share, starts[:-1].copy(), self.halves)
            state, program = new_state(plan, longest=_LONGEST), load_program(plan)
            n_links = max(one.payer_link.n, one.payee_link.n)
            replay_groups(program, *one.stores(state), n_links, views, starts, *share, self.halves, self.rows)

        list(pool.map(work, _shares(starts, self.threads)))
        _fill_unknown(one, plan, self.rows)


def replay_by_groups(log: CodedLog, plan: FeaturePlan, rows: NDArray[np.float64], *, threads: int) -> Iterator[int]:
    """Fill the slots of every view, in all rows.

    Parameters
    ----------
    log : CodedLog
        The transfers.
    plan : FeaturePlan
        What to compute.
    rows : ndarray of float64, shape (n_transfers * n_slots,)
        Filled.
    threads : int
        How many may work at once.

    Yields
    ------
    int
        How many passes are done.
    """
    # One buffer for every pass: memory that was just given back would be asked for again, page by page.
    halves = np.empty(4 * (2 * len(log) + HALVES_AHEAD), dtype=np.int64)
    passes = _Replay(log=log, plan=plan, rows=rows, halves=halves, threads=threads)
    with ThreadPoolExecutor(threads) as pool:
        for done, one in enumerate(_passes(log, plan), 1):
            passes.run(one, pool)
            yield done


def _passes(log: CodedLog, plan: FeaturePlan) -> Iterator[_Pass]:
    view = {of: number if plan.reads(of) else -1 for number, of in enumerate(VIEWS)}
    payer_views = (view[Entity.PAYER, Side.OUT], view[Entity.PAYER, Side.IN])
    payee_views = (view[Entity.PAYEE, Side.OUT], view[Entity.PAYEE, Side.IN])
    if payer_views[1] < 0 and payee_views[0] < 0:
        # No side looks at the other's store: half as many words a pass, and no branch between the two.
        payers, payees = Links(log.payer, log.n_accounts), Links(log.payee, log.n_accounts)
        if payer_views[0] >= 0:
            yield _one_sided(payers, log.pair, views=(payer_views[0], -1), stores=lambda s: (s.out, s.out))
        if payee_views[1] >= 0:
            yield _one_sided(payees, log.pair, views=(payee_views[1], -1), stores=lambda s: (s.into, s.into))
    else:
        yield _Pass(
            payer=log.payer,
            payee=log.payee,
            n=log.n_accounts,
            payer_link=log.pair,
            payee_link=log.pair,
            payer_views=payer_views,
            payee_views=payee_views,
            stores=lambda s: (s.out, s.into),
        )
    if view[Entity.PAIR, None] >= 0:
        yield _one_sided(log.pair, log.pair, views=(view[Entity.PAIR, None], -1), stores=lambda s: (s.pair, s.pair))
    if view[Entity.DEVICE, None] >= 0:
        views = (view[Entity.DEVICE, None], -1)
        yield _one_sided(log.device, log.device_link, views=views, stores=lambda s: (s.device, s.device))
    holder_views = (view[Entity.HOLDER, Side.OUT], view[Entity.HOLDER, Side.IN])
    if holder_views[0] >= 0 > holder_views[1]:
        yield _one_sided(log.sender, log.sender_link, views=(holder_views[0], -1), stores=lambda s: (s.holder_out,) * 2)
    elif holder_views[1] >= 0:
        yield _Pass(
            payer=log.sender.numbers,
            payee=log.receiver.numbers,
            n=log.sender.n,
            payer_link=log.sender_link,
            payee_link=log.receiver_link,
            payer_views=holder_views,
            payee_views=(-1, -1),
            stores=lambda s: (s.holder_out, s.holder_into),
        )


def _one_sided(
    entity: Links, link: Links, *, views: tuple[int, int], stores: Callable[[State], tuple[Pasts, Pasts]]
) -> _Pass:
    return _Pass(
        payer=entity.numbers,
        payee=_NOBODY,
        n=entity.n,
        payer_link=link,
        payee_link=link,
        payer_views=views,
        payee_views=(-1, -1),
        stores=stores,
    )


def _span(plan: FeaturePlan, views: tuple[int, int]) -> tuple[int, int]:
    """Return the first slot of what is read over windows, and how many slots it spans."""
    rows = np.concatenate(
        [plan.readings[plan.starts[v] : plan.starts[v + 1], 1:READING_IS_RARE] for v in views if v >= 0] or [_NOTHING]
    )
    slots = rows[rows >= 0]
    return (int(slots.min()), int(slots.max() - slots.min() + 1)) if len(slots) else (0, 0)


def _words(link: Links, flags: Integers) -> Integers:
    return flags if link.n == 0 else np.maximum(link.numbers, 0) * _LINK + flags


def _starts(one: _Pass) -> Integers:
    """Return where the halves of each entity begin; entity 0 has none."""
    counts = np.zeros(one.n + 2, dtype=np.int64)
    count_halves(one.payer, counts)
    count_halves(one.payee, counts)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts[:-1])])


def _shares(starts: Integers, threads: int) -> list[tuple[int, int]]:
    """Return ranges of entities with about as many halves each."""
    wanted = np.linspace(0, int(starts[-1]), threads + 1)[1:-1]
    cuts = [0, *np.searchsorted(starts[:-1], wanted).tolist(), len(starts) - 1]
    return [(begin, until) for begin, until in pairwise(cuts) if begin < until]


def _fill_unknown(one: _Pass, plan: FeaturePlan, rows: NDArray[np.float64]) -> None:
    if not (one.payer < 0).any():
        return
    state, program = new_state(plan), load_program(plan)
    for view in one.payer_views:
        if view >= 0:
            read_unknown(state, program, view, one.payer, rows)
