"""Rows: every term of a catalog at every transfer of a log."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.column import Event, to_ms
from fraudguard.features.catalog import Catalog
from fraudguard.features.expression import Expression, Field
from fraudguard.features.known import Observation, Observed
from fraudguard.features.term import Constant, Operation, Operator, Term
from fraudguard.features.view import Reading
from fraudguard.transfer import Transfer
from tests.oracle.facts import observe
from tests.oracle.network import network_numbers
from tests.oracle.pasts import Pasts
from tests.oracle.story import DAY_MS, tell

__all__ = ["naive_features"]

_REMEMBERED_MS: Final = 90 * DAY_MS


def naive_features(log: Sequence[Event], catalog: Catalog, only: Collection[int] | None = None) -> NDArray[np.float64]:
    """Compute what the docstrings say, and nothing cleverer; `only` keeps some of the transfers' rows."""
    terms = list(_terms(catalog))
    leaves = [leaf for term in terms for leaf in _leaves(term)]
    windows_ms = [leaf.window.length_ms for leaf in leaves if isinstance(leaf, Reading) and leaf.window]
    story = tell(log, max([_REMEMBERED_MS, *windows_ms]))
    reads_network = any(isinstance(leaf, Observation) and leaf.observed is Observed.NETWORK for leaf in leaves)
    network, pasts = network_numbers(story) if reads_network else {}, Pasts(story)

    def leaf_value(leaf: Term, place: int, present: Transfer) -> float:
        match leaf:
            case Reading():
                return pasts.read(leaf, place, present)
            case Observation(Observed.NETWORK, name):
                return network[place][name]
            case Observation():
                return observe(story, leaf, place, present)
            case Field(name):
                return _field(getattr(present, name))
            case _:
                assert isinstance(leaf, Constant)
                return leaf.value

    transfers = [(place, event) for place, event in enumerate(log) if isinstance(event, Transfer)]
    wanted = transfers if only is None else [transfers[row] for row in only]
    rows = [
        [_value(term, partial(leaf_value, place=place, present=present)) for term in terms] for place, present in wanted
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(terms))


def _terms(catalog: Catalog) -> Iterable[Term]:
    for item in catalog.items:
        yield from [item.value] if isinstance(item, Expression) else item.readings()


def _leaves(term: Term) -> Iterable[Term]:
    if isinstance(term, Operation):
        yield from _leaves(term.left)
        yield from _leaves(term.right)
    else:
        yield term


def _value(term: Term, leaf_value: Callable[[Term], float]) -> float:
    if isinstance(term, Operation):
        return _operate(term.operator, _value(term.left, leaf_value), _value(term.right, leaf_value))
    return leaf_value(term)


def _field(value: object) -> float:
    match value:
        case None:
            return math.nan
        case StrEnum():
            return float(list(type(value)).index(value))
        case datetime():
            return float(to_ms(value))
        case _:
            return float(value)  # type: ignore[arg-type]


_ANYWHERE: Final[dict[Operator, Callable[[float, float], float]]] = {
    Operator.ADD: lambda left, right: left + right,
    Operator.SUBTRACT: lambda left, right: left - right,
    Operator.MULTIPLY: lambda left, right: left * right,
    Operator.EQUALS: lambda left, right: float(left == right),
    Operator.LESS: lambda left, right: float(left < right),
    Operator.LOG10: lambda left, _: math.log10(left) if left > 0 else math.nan,
}
_UNLESS_ZERO: Final[dict[Operator, Callable[[float, float], float]]] = {
    Operator.DIVIDE: lambda left, right: left / right,
    Operator.MODULO: lambda left, right: left % right,
    Operator.FLOOR_DIVIDE: lambda left, right: left // right,
}


def _operate(operator: Operator, left: float, right: float) -> float:
    if operator is Operator.IS_MISSING:
        return float(math.isnan(left))
    if operator is Operator.OR_ELSE:
        return right if math.isnan(left) else left
    if math.isnan(left) or math.isnan(right):
        return math.nan
    if operator in _UNLESS_ZERO:
        return _UNLESS_ZERO[operator](left, right) if right != 0 else math.nan
    return _ANYWHERE[operator](left, right)
