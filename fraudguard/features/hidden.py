"""What a lesser sight hides: the value each feature has when a field, an account or the signals are not there."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.features.expression import Field
from fraudguard.features.known import Observation, Observed
from fraudguard.features.plan import FeaturePlan
from fraudguard.features.term import Constant, Operation, Operator, Term
from fraudguard.features.view import Entity, Reading
from fraudguard.sight import VIEW_FIELDS, Sight, View

__all__ = ["as_seen", "hidden_values"]

_NAN: Final = float("nan")
_DEVICE: Final = "device_id"


def hidden_values(plan: FeaturePlan, sight: Sight) -> Mapping[int, float]:
    """Return the columns that a sight hides, with what stands in them instead.

    Parameters
    ----------
    plan : FeaturePlan
        The columns.
    sight : Sight
        What is seen.

    Returns
    -------
    mapping of int to float
        By place of the column: NaN, or the number that its formula gives for what is missing. The past is
        taken as it was seen; only the transfer itself, the accounts and the signals are hidden.

    Examples
    --------
    >>> from fraudguard.features import CATALOG, compile_plan
    >>> from fraudguard.sight import SIGHTS
    >>> len(hidden_values(compile_plan(CATALOG), SIGHTS[0]))
    0
    """
    values = ((place, _value(column.term, sight)) for place, column in enumerate(plan.columns))
    return {place: value for place, value in values if value is not None}


def as_seen(rows: NDArray[np.float64], plan: FeaturePlan, sight: Sight) -> NDArray[np.float64]:
    """Return rows as they would be under a lesser sight.

    Parameters
    ----------
    rows : ndarray of float64, shape (n_rows, n_features)
        As they are.
    plan : FeaturePlan
        Their columns.
    sight : Sight
        What is to be seen of them.

    Returns
    -------
    ndarray of float64, shape (n_rows, n_features)
        A copy.
    """
    seen = rows.copy()
    for place, value in hidden_values(plan, sight).items():
        seen[:, place] = value
    return seen


def _value(term: Term | None, sight: Sight) -> float | None:
    """Return what a term is when it is hidden, None when it is not."""
    match term:
        case Operation(Operator.OR_ELSE, left, Constant(otherwise)) if _value(left, sight) is not None:
            return otherwise
        case Operation(operator, left, right):
            return _of_operation(operator, _value(left, sight), _value(right, sight))
        case None | Constant():
            return None
        case Observation(Observed.COVERAGE):
            return None if sight.signals else 0.0
        case _:
            return None if _is_seen(term, sight) else _NAN


def _of_operation(operator: Operator, left: float | None, right: float | None) -> float | None:
    if left is None and right is None:
        return None
    if operator is Operator.IS_MISSING and left is not None:
        return float(left != left)  # noqa: PLR0124  # NaN
    if operator is Operator.OR_ELSE and left is None:
        return None
    return _NAN


def _is_seen(leaf: Term, sight: Sight) -> bool:
    match leaf:
        case Field(name):
            return name in VIEW_FIELDS[sight.view]
        case Reading():
            return leaf.entity is not Entity.DEVICE or _DEVICE in VIEW_FIELDS[sight.view]
        case Observation(Observed.ACCOUNT):
            return sight.view is View.BANK_BOTH_SIDES or (sight.view is View.BANK_PAYER_VIEW and not leaf.of_payee)
        case Observation(Observed.SIGNAL | Observed.SINCE_SIGNAL):
            return sight.signals
        case _:
            return True
