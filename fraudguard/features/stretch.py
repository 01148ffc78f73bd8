# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Replay a stretch of a log in log order, when its names are numbers already.

It takes the memory of what is remembered, and of one stretch, whatever the length of the log; by groups
(`fraudguard.features.groups`) is faster and needs the whole matrix.
"""

import cython

if not cython.compiled:
    from fraudguard.features.codes import (
        FLAG_NOT_NEW,
        FLAGS,
        N_IDS,
    )
    from fraudguard.features.kernel import Program, State, push_row, read_row
    from fraudguard.features.machine import ahead, doubles_ahead, doubles_of, words_of

__all__ = ["find_new", "replay_stretch"]


_RELEASED_AT_ONCE = cython.declare(cython.longlong, 4)


def replay_stretch(
    state: State,
    program: Program,
    ids: cython.longlong[::1],
    times_ms: cython.longlong[::1],
    amounts_fen: cython.longlong[::1],
    flags: cython.longlong[::1],
    liquids: cython.longlong[::1],
    begin: cython.longlong,
    until: cython.longlong,
    rows: cython.double[::1],
    first: cython.longlong,
) -> None:
    """Read and remember transfers `begin` to before `until`; row `first` of the log is row 0 of `rows`.

    Their own fields are in their slots already.
    """
    i: cython.longlong
    row: cython.p_double
    those: cython.p_longlong
    moments: cython.p_longlong = words_of(times_ms)
    amounts: cython.p_longlong = words_of(amounts_fen)
    with cython.nogil:
        for i in range(begin, until):
            those = ahead(words_of(ids), N_IDS * i)
            row = doubles_ahead(doubles_of(rows), (i - first) * program.n_slots)
            read_row(state, program, those, moments[i], amounts[i], row)
            program.operate(row)
            if not flags[i] & FLAG_NOT_NEW:
                push_row(state, program, those, moments[i], amounts[i], flags[i] & FLAGS, liquids[i])


def find_new(
    ids: cython.longlong[::1],
    times_ms: cython.longlong[::1],
    retention_ms: cython.longlong,
    last: cython.longlong[::1],
    is_new: cython.uchar[::1],
    oldest: cython.longlong[::1],
) -> None:
    """Tell which rows carry an id that is not remembered, as `fraudguard.features.engine` forgets ids.

    `last` holds -1 for each id and is used up; `oldest` gets the oldest row still remembered behind each row.
    """
    i: cython.longlong
    head: cython.longlong = 0
    budget: cython.longlong
    for i in range(ids.shape[0]):
        is_new[i] = last[ids[i]] < head
        if is_new[i]:
            budget = _RELEASED_AT_ONCE
            last[ids[i]] = i
            while head < i and (is_new[head] == 0 or (budget > 0 and times_ms[head] + retention_ms < times_ms[i])):
                budget -= is_new[head]
                head += 1
        oldest[i] = head
