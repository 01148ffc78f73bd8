"""The naive truth: each feature straight from its definition, with no kept state, O(n²).

It shares nothing with the kernel but the catalog. Values are Python integers
and fractions until the last step.
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum

from fraudguard.column import to_ms
from fraudguard.features.aggregate import Reducer
from fraudguard.features.catalog import Catalog
from fraudguard.features.expression import Expression, Field
from fraudguard.features.term import Constant, Operation, Operator, Term
from fraudguard.features.view import Entity, Reading, Side
from fraudguard.transfer import Transfer

__all__ = ["naive_features"]

Log = Sequence[Transfer]


def naive_features(log: Log, catalog: Catalog) -> list[list[float]]:
    """Compute what the docstring of `fraudguard.features.window` says, and nothing cleverer."""
    terms: list[Term] = []
    for item in catalog.items:
        terms.extend([item.value] if isinstance(item, Expression) else item.readings())
    return [[_value(term, log[:i], present) for term in terms] for i, present in enumerate(log)]


def _value(term: Term, past: Log, present: Transfer) -> float:
    match term:
        case Reading():
            return _reading(term, past, present)
        case Field(name):
            return _field(getattr(present, name))
        case Constant(value):
            return value
        case Operation(operator, left, right):
            return _operate(operator, _value(left, past, present), _value(right, past, present))
        case _:
            raise AssertionError(term)


def _field(value: object) -> float:
    if value is None:
        return math.nan
    if isinstance(value, StrEnum):
        return float(list(type(value)).index(value))
    return float(to_ms(value) if hasattr(value, "tzinfo") else value)  # type: ignore[arg-type]


def _operate(operator: Operator, left: float, right: float) -> float:
    if operator is Operator.IS_MISSING:
        return float(math.isnan(left))
    if math.isnan(left) or math.isnan(right):
        return math.nan
    if operator in {Operator.DIVIDE, Operator.MODULO, Operator.FLOOR_DIVIDE} and right == 0:
        return math.nan
    table: dict[Operator, Callable[[], float]] = {
        Operator.ADD: lambda: left + right,
        Operator.SUBTRACT: lambda: left - right,
        Operator.MULTIPLY: lambda: left * right,
        Operator.DIVIDE: lambda: left / right,
        Operator.MODULO: lambda: left % right,
        Operator.FLOOR_DIVIDE: lambda: left // right,
        Operator.EQUALS: lambda: float(left == right),
        Operator.LOG10: lambda: math.log10(left) if left > 0 else math.nan,
    }
    return table[operator]()


def _is_of(reading: Reading, earlier: Transfer, present: Transfer) -> bool:
    if reading.entity is Entity.PAIR:
        return (earlier.payer_account_id, earlier.payee_account_id) == (
            present.payer_account_id,
            present.payee_account_id,
        )
    entity = present.payer_account_id if reading.entity is Entity.PAYER else present.payee_account_id
    return entity == (earlier.payer_account_id if reading.side is Side.OUT else earlier.payee_account_id)


def _clamped(reading: Reading, past: Log, present: Transfer) -> list[tuple[int, int]]:
    """Return (time remembered, amount) of the entity's past: late ones stand at the watermark."""
    events: list[tuple[int, int]] = []
    for earlier in past:
        if _is_of(reading, earlier, present):
            watermark = events[-1][0] if events else to_ms(earlier.event_time)
            events.append((max(to_ms(earlier.event_time), watermark), earlier.amount_fen))
    return events


def _reading(reading: Reading, past: Log, present: Transfer) -> float:
    events = _clamped(reading, past, present)
    now_ms = max([to_ms(present.event_time), *(time_ms for time_ms, _ in events)])
    if reading.window is None:
        return (max(to_ms(present.event_time) - events[-1][0], 0)) / 1000 if events else math.nan
    inside = [fen for time_ms, fen in events if now_ms - reading.window.length_ms <= time_ms]
    return _reduce(reading.aggregate.reducer, inside)


def _reduce(reducer: Reducer, inside: list[int]) -> float:
    if reducer is Reducer.COUNT:
        return float(len(inside))
    if reducer is Reducer.SUM:
        return float(sum(inside))
    if not inside:
        return math.nan
    return float(max(inside)) if reducer is Reducer.MAX else float(sum(inside)) / float(len(inside))
