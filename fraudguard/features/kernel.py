# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The kernel: read the past, then remember the present. The only code that computes a feature.

A row of numbers has a slot for each feature, in column order, and behind them the
slots of what features are made from. Views fill theirs from the remembered
transfers (`fraudguard.features.past`), observations from the neighbourhood and the facts
(`network`, `facts`), fields come from the transfer itself, and operations work on slots in order.

Online, `fraudguard.features.engine` does this for one transfer at a time, in log order. A replay does it
entity by entity (`fraudguard.features.groups`): each view depends on the events of one entity only, so grouping changes nothing but the
speed, and observations in a pass of their own, in log order. State is integers only, and a number leaves them in its
last step, so the two agree to the bit.
"""

import cython
import numpy as np
from numpy.typing import NDArray

if not cython.compiled:
    from math import floor, fmod, isnan, log10
    from math import nan as NAN  # noqa: N812  # C's own name for it

    from fraudguard.features.codes import (
        ID_DEVICE,
        ID_DEVICE_LINK,
        ID_PAIR,
        ID_PAYEE,
        ID_PAYER,
        ID_RECEIVER,
        ID_RECEIVER_LINK,
        ID_SENDER,
        ID_SENDER_LINK,
        LIFE_WIDTH,
        OP_ADD,
        OP_COPY,
        OP_DIVIDE,
        OP_EQUALS,
        OP_IS_MISSING,
        OP_LESS,
        OP_LOG10,
        OP_MODULO,
        OP_MULTIPLY,
        OP_OR_ELSE,
        OP_SUBTRACT,
        READING_WIDTH,
        VIEW_DEVICE,
        VIEW_HOLDER_OUT,
        VIEW_PAIR,
        VIEW_PAYEE_IN,
        VIEW_PAYEE_OUT,
        VIEW_PAYER_IN,
        VIEW_PAYER_OUT,
    )
    from fraudguard.features.facts import Facts
    from fraudguard.features.machine import ahead, words_of
    from fraudguard.features.neighbours import Neighbours
    from fraudguard.features.past import Pasts
    from fraudguard.features.recall import read_past
    from fraudguard.features.vicinity import foresee_payers, observe_network

__all__ = [
    "Program",
    "State",
    "comparison",
    "flags_of",
    "foresee",
    "foresee_runs",
    "observe",
    "operation",
    "push_row",
    "quotient",
    "quotient_or_log",
    "read_row",
    "read_view",
    "remainder",
]


_N_NETWORK = cython.declare(cython.longlong, 62)
_HOUR_MS = cython.declare(cython.longlong, 3_600_000)
_CHINA_MS = cython.declare(cython.longlong, 8 * 3_600_000)
_DAY_MS = cython.declare(cython.longlong, 86_400_000)
_ROUND_FEN = cython.declare(cython.longlong, 10_000)
_SMALL_FEN = cython.declare(cython.longlong, 1_000)


@cython.final
@cython.cclass
class State:
    """Everything remembered: money out and in per account and holder, pairs, devices, neighbourhoods, facts.

    Parameters
    ----------
    stores : list of (list of int, int)
        Windows in milliseconds and needs of each store, in the order of ``arenas``; needs below 0
        for a store that no view reads.
    n_fields, n_kinds, n_sources : int
        As `Facts` takes them.
    longest : int
        As `fraudguard.features.arena.Arena` takes it.
    """

    def __init__(self, stores: list, n_fields: int, n_kinds: int, n_sources: int, longest: int) -> None:
        self.out, self.into, self.pair = (Pasts(*store, longest) for store in stores[:3])
        self.device, self.holder_out, self.holder_into = (Pasts(*store, longest) for store in stores[3:])
        self.network = Neighbours()
        self.facts = Facts(n_fields, n_kinds, n_sources)

    def parts(self) -> dict:
        """Return everything with arenas by name, for a snapshot."""
        return {
            "out": self.out,
            "into": self.into,
            "pair": self.pair,
            "device": self.device,
            "holder_out": self.holder_out,
            "holder_into": self.holder_into,
            "network": self.network,
            "facts": self.facts,
        }


@cython.final
@cython.cclass
class Program:
    """A plan as the kernel reads it.

    Parameters
    ----------
    readings, starts, lifelong, observations, network_slots, operations, constants, n_slots, n_outputs
        As in `fraudguard.features.plan.FeaturePlan`.
    """

    def __init__(
        self,
        *,
        readings: NDArray[np.int64],
        starts: NDArray[np.int64],
        lifelong: NDArray[np.int64],
        observations: NDArray[np.int64],
        network_slots: list,
        operations: NDArray[np.int64],
        constants: NDArray[np.float64],
        n_slots: int,
        n_outputs: int,
    ) -> None:
        self.n_observations, self.n_operations = len(observations), len(operations)
        self.n_slots, self.n_outputs = n_slots, n_outputs
        self.readings, self.starts, self.lifelong = _flat(readings), _flat(starts), _flat(lifelong)
        self.observations, self.operations = _flat(observations), _flat(operations)
        self.constants = memoryview(np.append(constants, 0.0))
        if not cython.compiled:
            self.neighbourhood = memoryview(bytearray(8 * 64)).cast("d")
            self.network_slots = [0] * 64
        for i in range(_N_NETWORK):
            self.network_slots[i] = network_slots[i]
        self.reads_network = any(slot >= 0 for slot in network_slots)

    def operate(self, row: cython.p_double) -> cython.void:
        """Work on the slots of a row; an operand below 0 is a constant."""
        words: cython.p_longlong = words_of(self.operations)
        i: cython.longlong
        left: cython.double
        right: cython.double
        for i in range(self.n_operations):
            step: cython.p_longlong = ahead(words, 4 * i)
            left = row[step[1]] if step[1] >= 0 else self.constants[-1 - step[1]]
            right = row[step[2]] if step[2] >= 0 else self.constants[-1 - step[2]]
            row[step[3]] = operation(step[0], left, right)


def _flat(array: NDArray[np.int64]) -> memoryview:
    # One element more, as a buffer of nothing is refused.
    return memoryview(np.append(np.asarray(array, dtype=np.int64).reshape(-1), 0))


def operation(operator: cython.longlong, left: cython.double, right: cython.double) -> cython.double:
    """Return the result of one operation; arithmetic over a NaN is NaN by itself."""
    if operator == OP_DIVIDE:
        return left / right if right != 0 else NAN
    elif operator == OP_ADD:  # noqa: RET505  # one chain over one number, which C makes a jump
        return left + right
    elif operator == OP_SUBTRACT:
        return left - right
    elif operator == OP_MULTIPLY:
        return left * right
    elif operator == OP_IS_MISSING:
        return 1.0 if isnan(left) else 0.0
    elif operator == OP_OR_ELSE:
        return right if isnan(left) else left
    elif operator == OP_COPY:
        return left
    if isnan(left) or isnan(right):
        return NAN
    return comparison(operator, left, right)


def comparison(operator: cython.longlong, left: cython.double, right: cython.double) -> cython.double:
    """Return the result of an operation that a NaN must not enter."""
    if operator == OP_EQUALS:
        return 1.0 if left == right else 0.0
    if operator == OP_LESS:
        return 1.0 if left < right else 0.0
    return quotient_or_log(operator, left, right)


def quotient_or_log(operator: cython.longlong, left: cython.double, right: cython.double) -> cython.double:
    """Return the result of an operation that a zero may spoil."""
    if operator == OP_LOG10:
        return log10(left) if left > 0 else NAN
    if right == 0:
        return NAN
    return remainder(left, right) if operator == OP_MODULO else quotient(left, right)


def remainder(left: cython.double, right: cython.double) -> cython.double:
    """Return the remainder with the sign of the divisor, as Python's ``%`` does."""
    rest: cython.double = fmod(left, right)
    if rest != 0 and (rest < 0) != (right < 0):
        rest += right
    return rest


def quotient(left: cython.double, right: cython.double) -> cython.double:
    """Return the whole number below the quotient, as Python's ``//`` does: not below by a rounding."""
    rest: cython.double = fmod(left, right)
    exact: cython.double = (left - rest) / right
    if rest != 0 and (rest < 0) != (right < 0):
        exact -= 1.0
    whole: cython.double = floor(exact)
    return whole + 1.0 if exact - whole > 0.5 else whole


def flags_of(event_time_ms: cython.longlong, amount_fen: cython.longlong, is_first: cython.bint) -> cython.longlong:
    """Return the flags of a transfer: night in China, round, first of its pair, small."""
    flags: cython.longlong = 4 if is_first else 0
    if ((event_time_ms + _CHINA_MS) % _DAY_MS + _DAY_MS) % _DAY_MS < 6 * _HOUR_MS:
        flags |= 1
    if amount_fen % _ROUND_FEN == 0:
        flags |= 2
    if amount_fen <= _SMALL_FEN:
        flags |= 8
    return flags


def read_view(
    state: State,
    program: Program,
    view: cython.longlong,
    entity: cython.longlong,
    event_time_ms: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Fill the slots of one view."""
    begin: cython.longlong = program.starts[view]
    n: cython.longlong = program.starts[view + 1] - begin
    words: cython.p_longlong = ahead(words_of(program.readings), READING_WIDTH * begin)
    life: cython.p_longlong = ahead(words_of(program.lifelong), LIFE_WIDTH * view)
    if view == VIEW_PAYER_OUT or view == VIEW_PAYEE_OUT:
        read_past(state.out, entity, event_time_ms, words, n, life, row)
    elif view == VIEW_PAYER_IN or view == VIEW_PAYEE_IN:
        read_past(state.into, entity, event_time_ms, words, n, life, row)
    elif view == VIEW_PAIR:
        read_past(state.pair, entity, event_time_ms, words, n, life, row)
    elif view == VIEW_DEVICE:
        read_past(state.device, entity, event_time_ms, words, n, life, row)
    elif view == VIEW_HOLDER_OUT:
        read_past(state.holder_out, entity, event_time_ms, words, n, life, row)
    else:
        read_past(state.holder_into, entity, event_time_ms, words, n, life, row)


def observe(
    state: State,
    program: Program,
    payer: cython.longlong,
    payee: cython.longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Fill the slots of what is observed of both accounts."""
    i: cython.longlong
    near: cython.p_double
    if program.reads_network:
        near = program.neighbourhood
        observe_network(state.network, payer, payee, event_time_ms, amount_fen, near)
        for i in range(_N_NETWORK):
            if program.network_slots[i] >= 0:
                row[program.network_slots[i]] = near[i]
    state.facts.observe(payer, payee, event_time_ms, words_of(program.observations), program.n_observations, row)


def foresee(state: State, program: Program, ids: cython.p_longlong) -> cython.void:
    """Ask memory for what a transfer will be told from, while something else is done."""
    i: cython.longlong
    for i in range(ID_PAYEE + 1):
        state.out.foresee(ids[i])
        state.into.foresee(ids[i])
        if program.reads_network:
            state.network.foresee(ids[i])
    state.pair.foresee(ids[ID_PAIR])
    state.out.foresee_link(ids[ID_PAIR])
    state.into.foresee_link(ids[ID_PAIR])
    state.device.foresee(ids[ID_DEVICE])
    state.holder_out.foresee(ids[ID_SENDER])
    state.holder_into.foresee(ids[ID_SENDER])


def foresee_runs(state: State, program: Program, ids: cython.p_longlong) -> cython.void:
    """Ask memory for the events behind the heads that `foresee` asked for."""
    i: cython.longlong
    for i in range(ID_PAYEE + 1):
        state.out.foresee_run(ids[i])
        state.into.foresee_run(ids[i])
        if program.reads_network:
            state.network.foresee_edges(ids[i])
    state.pair.foresee_run(ids[ID_PAIR])
    state.device.foresee_run(ids[ID_DEVICE])


def read_row(
    state: State,
    program: Program,
    ids: cython.p_longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
    row: cython.p_double,
) -> cython.void:
    """Fill the slots of every view and observation."""
    view: cython.longlong
    if program.reads_network:
        foresee_payers(state.network, ids[ID_PAYEE])
    for view in range(2):
        read_view(state, program, view, ids[ID_PAYER], event_time_ms, row)
        read_view(state, program, 2 + view, ids[ID_PAYEE], event_time_ms, row)
        read_view(state, program, 4 + view, ids[ID_PAIR + view], event_time_ms, row)
        read_view(state, program, 6 + view, ids[ID_SENDER], event_time_ms, row)
    observe(state, program, ids[ID_PAYER], ids[ID_PAYEE], event_time_ms, amount_fen, row)


def push_row(
    state: State,
    program: Program,
    ids: cython.p_longlong,
    event_time_ms: cython.longlong,
    amount_fen: cython.longlong,
    flags: cython.longlong,
    liquid: cython.longlong,
) -> cython.int:
    """Remember a transfer in every store that is read."""
    if state.out.needs >= 0:
        state.out.remember(ids[ID_PAYER], event_time_ms, amount_fen, flags, ids[ID_PAIR])
    if state.into.needs >= 0:
        state.into.remember(ids[ID_PAYEE], event_time_ms, amount_fen, flags, ids[ID_PAIR])
    if state.pair.needs >= 0:
        state.pair.remember(ids[ID_PAIR], event_time_ms, amount_fen, flags, 0)
    if state.device.needs >= 0 and ids[ID_DEVICE] > 0:
        state.device.remember(ids[ID_DEVICE], event_time_ms, amount_fen, flags, ids[ID_DEVICE_LINK])
    if state.holder_out.needs >= 0 and ids[ID_SENDER] > 0:
        state.holder_out.remember(ids[ID_SENDER], event_time_ms, amount_fen, flags, ids[ID_SENDER_LINK])
    if state.holder_into.needs >= 0 and ids[ID_RECEIVER] > 0:
        state.holder_into.remember(ids[ID_RECEIVER], event_time_ms, amount_fen, flags, ids[ID_RECEIVER_LINK])
    if program.reads_network:
        state.network.push(ids[ID_PAYER], ids[ID_PAYEE], event_time_ms, amount_fen, liquid)
    return 0
