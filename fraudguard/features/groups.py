# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Replay a log entity by entity, with the kernel's own steps.

A transfer is two *halves*: what it is to the account that pays and to the one that is paid. Halves are gathered
entity by entity, in log order within each, so that one entity's past is worked on
while it is at hand, and threads may share the entities. Four words a half::

    time · amount · 2 * row + side · 32 * pair + 16 * (not new) + flags

A row that is not new, because its `transfer_id` came before, is read and not remembered. Both halves of a transfer to
oneself are read before either is remembered.
"""

import cython

if not cython.compiled:
    from fraudguard.features.codes import (
        FLAG_BITS,
        FLAG_NOT_NEW,
        FLAGS,
        HALF_AMOUNT,
        HALF_ROW,
        HALF_TIME,
        HALF_WIDTH,
        HALF_WORD,
        HALVES_AHEAD,
        LIFE_WIDTH,
        READING_WIDTH,
        RING_END,
        VIEWS_SPAN,
    )
    from fraudguard.features.kernel import Program, State, observe, read_view
    from fraudguard.features.machine import ahead, at, doubles_ahead, doubles_of, soon, words_of
    from fraudguard.features.past import Pasts
    from fraudguard.features.recall import read_head, read_nothing, read_past
    from fraudguard.features.vicinity import foresee_payers

__all__ = [
    "count_halves",
    "foresee",
    "gather_halves",
    "observe_rows",
    "operate_rows",
    "push_half",
    "read_half",
    "read_side",
    "read_unknown",
    "replay_groups",
    "run_group",
    "run_groups",
    "run_view",
]


def observe_rows(
    state: State,
    program: Program,
    ids: cython.longlong[:, ::1],
    times_ms: cython.longlong[::1],
    amounts_fen: cython.longlong[::1],
    liquids: cython.longlong[::1],
    is_new: cython.uchar[::1],
    begin: cython.longlong,
    until: cython.longlong,
    rows: cython.double[::1],
) -> None:
    """Observe and remember transfers `begin` to before `until` of a log, in order."""
    i: cython.longlong
    out: cython.p_double = doubles_of(rows)
    with cython.nogil:
        for i in range(begin, until):
            if program.reads_network:
                foresee_payers(state.network, ids[i, 1])
            observe(
                state,
                program,
                ids[i, 0],
                ids[i, 1],
                times_ms[i],
                amounts_fen[i],
                doubles_ahead(out, i * program.n_slots),
            )
            if program.reads_network and is_new[i]:
                state.network.push(ids[i, 0], ids[i, 1], times_ms[i], amounts_fen[i], liquids[i])


def operate_rows(program: Program, begin: cython.longlong, until: cython.longlong, rows: cython.double[::1]) -> None:
    """Work on the slots of rows `begin` to before `until`."""
    i: cython.longlong
    out: cython.p_double = doubles_of(rows)
    with cython.nogil:
        for i in range(begin, until):
            program.operate(doubles_ahead(out, i * program.n_slots))


def read_unknown(
    state: State, program: Program, view: cython.longlong, entities: cython.longlong[::1], rows: cython.double[::1]
) -> None:
    """Fill the slots of a view in the rows whose entity is not known."""
    i: cython.longlong
    for i in range(entities.shape[0]):
        if entities[i] < 0:
            read_view(state, program, view, -1, 0, doubles_ahead(doubles_of(rows), i * program.n_slots))


def count_halves(entities: cython.longlong[::1], counts: cython.longlong[::1]) -> None:
    """Count the rows of each entity."""
    i: cython.longlong
    with cython.nogil:
        for i in range(entities.shape[0]):
            if entities[i] >= 0:
                counts[entities[i]] += 1


def gather_halves(
    payers: cython.longlong[::1],
    payees: cython.longlong[::1],
    times_ms: cython.longlong[::1],
    amounts_fen: cython.longlong[::1],
    payer_words: cython.longlong[::1],
    payee_words: cython.longlong[::1],
    begin: cython.longlong,
    until: cython.longlong,
    places: cython.longlong[::1],
    halves: cython.longlong[::1],
) -> None:
    """Write what entities `begin` to before `until` need of the log, entity by entity, in log order.

    The words of a side are the fourth of its halves. `places` says where each entity's first half goes, and is used up. A payer's half of a row comes before the payee's.
    """
    i: cython.longlong
    entity: cython.longlong
    half: cython.p_longlong
    out: cython.p_longlong = words_of(halves)
    with cython.nogil:
        for i in range(payers.shape[0]):
            entity = payers[i]
            if begin <= entity < until:
                half = ahead(out, HALF_WIDTH * places[entity])
                places[entity] += 1
                half[HALF_TIME] = times_ms[i]
                half[HALF_AMOUNT] = amounts_fen[i]
                half[HALF_ROW] = 2 * i
                half[HALF_WORD] = payer_words[i]
            if payees.shape[0] == 0:
                continue
            entity = payees[i]
            if begin <= entity < until:
                half = ahead(out, HALF_WIDTH * places[entity])
                places[entity] += 1
                half[HALF_TIME] = times_ms[i]
                half[HALF_AMOUNT] = amounts_fen[i]
                half[HALF_ROW] = 2 * i + 1
                half[HALF_WORD] = payee_words[i]


def replay_groups(
    program: Program,
    first: Pasts,
    second: Pasts,
    n_links: cython.longlong,
    views: cython.longlong[::1],
    starts: cython.longlong[::1],
    begin: cython.longlong,
    until: cython.longlong,
    halves: cython.longlong[::1],
    rows: cython.double[::1],
) -> None:
    """Replay entities `begin` to before `until`, one after the other.

    `first` and `second` are the stores of money out and in; `views` is what to read: for a payer's half from the first and
    second store, for a payee's half likewise, -1 for nothing; then the first slot and the number of slots of either half.
    """
    first.reserve(0, n_links)
    second.reserve(0, n_links)
    with cython.nogil:
        run_groups(
            program,
            first,
            second,
            words_of(halves),
            ahead(words_of(starts), begin),
            until - begin,
            words_of(views),
            doubles_of(rows),
        )


def run_groups(
    program: Program,
    first: Pasts,
    second: Pasts,
    halves: cython.p_longlong,
    starts: cython.p_longlong,
    n_groups: cython.longlong,
    views: cython.p_longlong,
    rows: cython.p_double,
) -> cython.int:
    """Replay groups of halves, each the events of one entity."""
    group: cython.longlong
    for group in range(n_groups):
        n: cython.longlong = starts[group + 1] - starts[group]
        if n > 0 and views[1] < 0 and views[2] < 0 and views[3] < 0:
            run_view(program, first, ahead(halves, HALF_WIDTH * starts[group]), n, views, rows)
            first.forget_all()
        elif n > 0:
            run_group(program, first, second, ahead(halves, HALF_WIDTH * starts[group]), n, views, rows)
            first.forget_all()
            second.forget_all()
    return 0


def run_view(
    program: Program,
    store: Pasts,
    half: cython.p_longlong,
    n: cython.longlong,
    views: cython.p_longlong,
    rows: cython.p_double,
) -> cython.int:
    """Replay the halves of one entity that only one view looks at, from the side that is remembered."""
    _: cython.longlong
    begin: cython.longlong = program.starts[views[0]]
    n_windows: cython.longlong = program.starts[views[0] + 1] - begin
    readings: cython.p_longlong = ahead(words_of(program.readings), READING_WIDTH * begin)
    lifelong: cython.p_longlong = ahead(words_of(program.lifelong), LIFE_WIDTH * views[0])
    head: cython.p_longlong = at(store.heads, 0)
    one: cython.p_longlong = half
    for _ in range(n):
        row: cython.p_double = doubles_ahead(rows, (one[HALF_ROW] >> 1) * program.n_slots)
        later: cython.longlong = one[HALF_WIDTH * HALVES_AHEAD + HALF_ROW] >> 1
        soon(doubles_ahead(rows, later * program.n_slots + views[VIEWS_SPAN]), views[VIEWS_SPAN + 1])
        if head[RING_END] == 0:
            read_nothing(0, readings, n_windows, lifelong, row)
        else:
            read_head(store, 0, head, one[HALF_TIME], readings, n_windows, lifelong, row)
        if not one[HALF_WORD] & FLAG_NOT_NEW:
            store.append(0, head, one[HALF_TIME], one[HALF_AMOUNT], one[HALF_WORD] & FLAGS, one[HALF_WORD] >> FLAG_BITS)
        one = ahead(one, HALF_WIDTH)
    return 0


def run_group(
    program: Program,
    first: Pasts,
    second: Pasts,
    half: cython.p_longlong,
    n: cython.longlong,
    views: cython.p_longlong,
    rows: cython.p_double,
) -> cython.int:
    """Replay the halves of one entity."""
    i: cython.longlong = 0
    while i < n:
        one: cython.p_longlong = ahead(half, HALF_WIDTH * i)
        foresee(program, ahead(one, HALF_WIDTH * HALVES_AHEAD), views, rows)
        other: cython.p_longlong = ahead(one, HALF_WIDTH) if i + 1 < n else one
        is_self: cython.bint = i + 1 < n and one[HALF_ROW] >> 1 == other[HALF_ROW] >> 1
        read_half(program, first, second, one, views, rows)
        if is_self:
            read_half(program, first, second, other, views, rows)
            push_half(first, second, one)
            i += 1
        push_half(first, second, other if is_self else one)
        i += 1
    return 0


def foresee(program: Program, half: cython.p_longlong, views: cython.p_longlong, rows: cython.p_double) -> cython.void:
    """Have the row of a later half at hand when its turn comes: rows are met in no order."""
    span: cython.p_longlong = ahead(views, VIEWS_SPAN + 2 * (half[HALF_ROW] & 1))
    soon(doubles_ahead(rows, (half[HALF_ROW] >> 1) * program.n_slots + span[0]), span[1])


def read_half(
    program: Program,
    first: Pasts,
    second: Pasts,
    half: cython.p_longlong,
    views: cython.p_longlong,
    rows: cython.p_double,
) -> cython.void:
    """Fill the slots of one half."""
    side: cython.p_longlong = ahead(views, 2 * (half[HALF_ROW] & 1))
    row: cython.p_double = doubles_ahead(rows, (half[HALF_ROW] >> 1) * program.n_slots)
    if side[0] >= 0:
        read_side(program, first, side[0], half[HALF_TIME], row)
    if side[1] >= 0:
        read_side(program, second, side[1], half[HALF_TIME], row)


def read_side(
    program: Program, store: Pasts, view: cython.longlong, event_time_ms: cython.longlong, row: cython.p_double
) -> cython.void:
    """Fill the slots of one view from the entity at hand."""
    begin: cython.longlong = program.starts[view]
    read_past(
        store,
        0,
        event_time_ms,
        ahead(words_of(program.readings), READING_WIDTH * begin),
        program.starts[view + 1] - begin,
        ahead(words_of(program.lifelong), LIFE_WIDTH * view),
        row,
    )


def push_half(first: Pasts, second: Pasts, half: cython.p_longlong) -> cython.int:
    """Remember one half, where somebody will read it."""
    if half[HALF_WORD] & FLAG_NOT_NEW:
        return 0
    if half[HALF_ROW] & 1:
        if second.needs >= 0:
            second.remember(
                0, half[HALF_TIME], half[HALF_AMOUNT], half[HALF_WORD] & FLAGS, half[HALF_WORD] >> FLAG_BITS
            )
    elif first.needs >= 0:
        first.remember(0, half[HALF_TIME], half[HALF_AMOUNT], half[HALF_WORD] & FLAGS, half[HALF_WORD] >> FLAG_BITS)
    return 0
