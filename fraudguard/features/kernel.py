# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The kernel: `query` a past, then `push` the present. The only code that computes a feature.

Batch replay and online scoring call this pair, in this order, once per
transfer; that is the whole argument for their equality. The file is Cython in
pure-Python mode: the package's build compiles it, and the same file runs
uncompiled under coverage.

State is integers only (`fraudguard.features.past`), so a value depends on the
transfers in a window and never on the path to it: no drift, the same bits
after any restart. A number leaves the integers in its last step, by one
conversion and at most one division.

`query` changes nothing: a window's lower edge is found by search (galloping
back from the newest event, then bisection), so asking what a transfer *would*
score needs no undo, and a question in the far future harms no later one.
"""

import cython
import numpy as np

if cython.compiled:
    from cython.cimports.fraudguard.features.past import Pasts
    from cython.cimports.libc.math import NAN, fmod, isnan, log10
else:
    from math import fmod, isnan, log10
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.past import Pasts

__all__ = ["Program", "State", "push", "query", "replay_rows"]

# Places in VIEWS, REDUCERS and OPERATORS of `fraudguard.features.plan`; a test compares them.
PAYER_OUT = cython.declare(cython.longlong, 0)
PAYER_IN = cython.declare(cython.longlong, 1)
PAYEE_IN = cython.declare(cython.longlong, 2)
PAYEE_OUT = cython.declare(cython.longlong, 3)
PAIR = cython.declare(cython.longlong, 4)
COUNT = cython.declare(cython.longlong, 0)
SUM = cython.declare(cython.longlong, 1)
MEAN = cython.declare(cython.longlong, 2)
MAX = cython.declare(cython.longlong, 3)
ADD = cython.declare(cython.longlong, 0)
SUBTRACT = cython.declare(cython.longlong, 1)
MULTIPLY = cython.declare(cython.longlong, 2)
DIVIDE = cython.declare(cython.longlong, 3)
MODULO = cython.declare(cython.longlong, 4)
FLOOR_DIVIDE = cython.declare(cython.longlong, 5)
EQUALS = cython.declare(cython.longlong, 6)
IS_MISSING = cython.declare(cython.longlong, 7)

_N_VIEWS = cython.declare(cython.longlong, 5)
_MS_PER_S = cython.declare(cython.double, 1000.0)


@cython.final
@cython.cclass
class State:
    """Everything remembered: money out and money in per account, and pairs.

    Parameters
    ----------
    longest_ms : int
        Length of the longest window of any plan that will be asked.
    """

    out: Pasts
    into: Pasts
    pair: Pasts

    def __init__(self, longest_ms: int) -> None:
        self.out = Pasts(longest_ms)
        self.into = Pasts(longest_ms)
        self.pair = Pasts(longest_ms)

    def reserve(self, n_accounts: int, n_pairs: int) -> None:
        """Make room for that many accounts and pairs."""
        self.out.reserve(n_accounts)
        self.into.reserve(n_accounts)
        self.pair.reserve(n_pairs)


@cython.final
@cython.cclass
class Program:
    """A plan as the kernel reads it, with its scratch space.

    Parameters
    ----------
    windows_ms, readings, n_fields, constants, operations, outputs
        As in `fraudguard.features.plan.FeaturePlan`.
    """

    windows_ms: cython.longlong[::1]
    readings: cython.longlong[:, ::1]
    operations: cython.longlong[:, ::1]
    outputs: cython.longlong[::1]
    slots: cython.double[::1]
    firsts: cython.longlong[:, ::1]
    n_windows: cython.Py_ssize_t
    n_readings: cython.Py_ssize_t
    n_fields: cython.Py_ssize_t
    n_operations: cython.Py_ssize_t
    n_outputs: cython.Py_ssize_t
    first_operation: cython.Py_ssize_t

    def __init__(self, *, windows_ms, readings, n_fields, constants, operations, outputs) -> None:  # noqa: ANN001
        self.n_windows, self.n_readings = len(windows_ms), len(readings)
        self.n_fields, self.n_operations, self.n_outputs = n_fields, len(operations), len(outputs)
        self.windows_ms = memoryview(_filled(windows_ms))
        self.readings = memoryview(_filled(readings))
        self.operations = memoryview(_filled(operations))
        self.outputs = memoryview(_filled(outputs))
        self.firsts = memoryview(np.zeros((_N_VIEWS, self.n_windows + 1), dtype=np.int64))
        slots = np.zeros(self.n_readings + n_fields + len(constants) + self.n_operations)
        self.first_operation = len(slots) - self.n_operations
        slots[self.n_readings + n_fields : self.first_operation] = constants
        self.slots = memoryview(slots)


def _filled(array):  # noqa: ANN001, ANN202  # an int64 array; a memoryview of nothing is refused by some numpy
    return np.ascontiguousarray(array) if len(array) else np.zeros((1, *array.shape[1:]), dtype=array.dtype)


@cython.cfunc
@cython.inline
def _past(state: State, view: cython.longlong) -> Pasts:
    if view in (PAYER_OUT, PAYEE_OUT):
        return state.out
    if view == PAIR:
        return state.pair
    return state.into


@cython.cfunc
def _find_firsts(
    program: Program, past: Pasts, view: cython.longlong, entity: cython.longlong, now_ms: cython.longlong
) -> None:
    """Write the first event of every window of one view; all windows end at the newest event."""
    end: cython.longlong = past.end(entity)
    if end > 0:
        now_ms = max(now_ms, past.watermark_ms(entity))
    program.firsts[view, program.n_windows] = end
    newer: cython.longlong = end
    w: cython.Py_ssize_t
    for w in range(program.n_windows):
        if end > 0:
            newer = past.first_inside(entity, now_ms - program.windows_ms[w], newer)
        program.firsts[view, w] = newer


@cython.cfunc
def _read(
    program: Program, past: Pasts, r: cython.Py_ssize_t, entity: cython.longlong, now_ms: cython.longlong
) -> cython.double:
    """Return reading `r` of an entity; `_find_firsts` has run for its view."""
    view: cython.longlong = program.readings[r, 0]
    reducer: cython.longlong = program.readings[r, 1]
    window: cython.longlong = program.readings[r, 2]
    end: cython.longlong = program.firsts[view, program.n_windows]
    if window < 0:
        return max(now_ms - past.watermark_ms(entity), 0) / _MS_PER_S if end > 0 else NAN
    first: cython.longlong = program.firsts[view, window]
    if reducer == COUNT:
        return cython.cast(cython.double, end - first)
    if first == end:
        return 0.0 if reducer == SUM else NAN
    if reducer == MAX:
        return cython.cast(cython.double, past.largest_from(entity, first))
    total: cython.double = cython.cast(cython.double, past.sum_from(entity, first))
    return total if reducer == SUM else total / cython.cast(cython.double, end - first)


@cython.cfunc
def _modulo(left: cython.double, right: cython.double) -> cython.double:
    """Return the remainder with the sign of the divisor, as Python's ``%`` does."""
    rest: cython.double = fmod(left, right)
    if rest != 0 and (rest < 0) != (right < 0):
        rest += right
    return rest


@cython.cfunc
def _operate(operator: cython.longlong, left: cython.double, right: cython.double) -> cython.double:
    if operator == IS_MISSING:
        return 1.0 if isnan(left) else 0.0
    if isnan(left) or isnan(right):
        return NAN
    if operator == ADD:
        return left + right
    if operator == SUBTRACT:
        return left - right
    if operator == MULTIPLY:
        return left * right
    if operator == EQUALS:
        return 1.0 if left == right else 0.0
    return _divide_or_log(operator, left, right)


@cython.cfunc
def _divide_or_log(operator: cython.longlong, left: cython.double, right: cython.double) -> cython.double:
    if operator == DIVIDE:
        return left / right if right != 0 else NAN
    if operator == MODULO:
        return _modulo(left, right) if right != 0 else NAN
    if operator == FLOOR_DIVIDE:
        return (left - _modulo(left, right)) / right if right != 0 else NAN
    return log10(left) if left > 0 else NAN


def query(
    state: State,
    program: Program,
    payer: cython.longlong,
    payee: cython.longlong,
    pair: cython.longlong,
    event_time_ms: cython.longlong,
    fields: cython.double[::1],
    out: cython.double[::1],
) -> None:
    """Write the features of a transfer that is not yet remembered; the state is not changed.

    Parameters
    ----------
    state : State
        The past.
    program : Program
        What to compute.
    payer, payee, pair : int
        Entities; one never seen is -1 or beyond what is reserved.
    event_time_ms : int
        When the payer gave the order, ms since 1970 UTC.
    fields : buffer of float64, shape (n_fields,)
        Fields of the transfer that the program uses; missing is NaN.
    out : buffer of float64, shape (n_features,)
        Where the features go.
    """
    view: cython.longlong
    entity: cython.longlong
    i: cython.Py_ssize_t
    for view in range(_N_VIEWS):
        entity = payer if view <= PAYER_IN else (pair if view == PAIR else payee)
        _find_firsts(program, _past(state, view), view, entity, event_time_ms)
    for i in range(program.n_readings):
        view = program.readings[i, 0]
        entity = payer if view <= PAYER_IN else (pair if view == PAIR else payee)
        program.slots[i] = _read(program, _past(state, view), i, entity, event_time_ms)
    for i in range(program.n_fields):
        program.slots[program.n_readings + i] = fields[i]
    for i in range(program.n_operations):
        program.slots[program.first_operation + i] = _operate(
            program.operations[i, 0], program.slots[program.operations[i, 1]], program.slots[program.operations[i, 2]]
        )
    for i in range(program.n_outputs):
        out[i] = program.slots[program.outputs[i]]


def push(
    state: State,
    payer: cython.longlong,
    payee: cython.longlong,
    pair: cython.longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
) -> None:
    """Remember a transfer, for both of its accounts and for the pair.

    Parameters
    ----------
    state : State
        Changed; entities must be reserved.
    payer, payee, pair : int
        Entities, from 0.
    event_time_ms : int
        When the payer gave the order, ms since 1970 UTC; before an entity's
        watermark it counts at the watermark.
    amount_fen : int
        In fen, from 0 to 2**42.
    """
    state.out.remember(payer, event_time_ms, amount_fen)
    state.into.remember(payee, event_time_ms, amount_fen)
    state.pair.remember(pair, event_time_ms, amount_fen)


def replay_rows(
    state: State,
    program: Program,
    entities: cython.longlong[:, ::1],
    times_ms: cython.longlong[::1],
    amounts_fen: cython.longlong[::1],
    fields: cython.double[:, ::1],
    out: cython.double[:, ::1],
) -> None:
    """Query and push each row of a stretch of the log, in order.

    Parameters
    ----------
    state : State
        Changed; entities must be reserved.
    program : Program
        What to compute.
    entities : buffer of int64, shape (n, 3)
        Payer, payee and pair of each row.
    times_ms, amounts_fen : buffer of int64, shape (n,)
        As in `push`.
    fields : buffer of float64, shape (n, n_fields)
        As in `query`.
    out : buffer of float64, shape (n, n_features)
        Where the features go.
    """
    row: cython.Py_ssize_t
    for row in range(times_ms.shape[0]):
        query(
            state, program, entities[row, 0], entities[row, 1], entities[row, 2], times_ms[row], fields[row], out[row]
        )
        push(state, entities[row, 0], entities[row, 1], entities[row, 2], times_ms[row], amounts_fen[row])
