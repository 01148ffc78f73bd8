"""Terms: numbers known when a transfer is scored, and arithmetic over them.

A term is a tree; the kernel evaluates it, so it gives the same bits in batch
and online. Anything over a missing value is missing (NaN), and so are a
division by zero and the logarithm of what is not positive.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from fraudguard.errors import DefinitionError

__all__ = ["Constant", "Operation", "Operator", "Term", "constant"]


class Operator(StrEnum):
    """The operations that the kernel knows."""

    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    MODULO = "modulo"
    FLOOR_DIVIDE = "floor_divide"
    EQUALS = "equals"
    IS_MISSING = "is_missing"
    LOG10 = "log10"
    LESS = "less"
    OR_ELSE = "or_else"


@dataclass(frozen=True, slots=True)
class Term:
    """A number known when a transfer is scored; supports ``+ - * / // % < >``."""

    def __add__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.ADD, self, _term(other))

    def __radd__(self, other: float) -> "Operation":
        return Operation(Operator.ADD, _term(other), self)

    def __sub__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.SUBTRACT, self, _term(other))

    def __rsub__(self, other: float) -> "Operation":
        return Operation(Operator.SUBTRACT, _term(other), self)

    def __mul__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.MULTIPLY, self, _term(other))

    def __rmul__(self, other: float) -> "Operation":
        return Operation(Operator.MULTIPLY, _term(other), self)

    def __truediv__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.DIVIDE, self, _term(other))

    def __rtruediv__(self, other: float) -> "Operation":
        return Operation(Operator.DIVIDE, _term(other), self)

    def __floordiv__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.FLOOR_DIVIDE, self, _term(other))

    def __mod__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.MODULO, self, _term(other))

    def __lt__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.LESS, self, _term(other))

    def __gt__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.LESS, _term(other), self)

    def equals(self, other: "Term | float") -> "Operation":
        """Return 1 where both are equal, else 0; missing where either is."""
        return Operation(Operator.EQUALS, self, _term(other))

    def is_missing(self) -> "Operation":
        """Return 1 where the value is missing, else 0."""
        return Operation(Operator.IS_MISSING, self, self)

    def or_else(self, other: "Term | float") -> "Operation":
        """Return the value, or the other where it is missing."""
        return Operation(Operator.OR_ELSE, self, _term(other))

    def log10(self) -> "Operation":
        """Return the decimal logarithm; missing unless positive."""
        return Operation(Operator.LOG10, self, self)

    def __bool__(self) -> bool:
        raise DefinitionError(
            "a term has no truth of its own: `a < b < c`, `and`, `or` and `if` do not work on terms; multiply flags instead",
            "项本身没有真假：不能用 a < b < c、and、or、if；请把标志相乘",
        )


@dataclass(frozen=True, slots=True)
class Constant(Term):
    """The same number for every transfer."""

    value: float


@dataclass(frozen=True, slots=True)
class Operation(Term):
    """Two terms joined by an operator; a unary operator takes the same term twice."""

    operator: Operator
    left: Term
    right: Term


def constant(value: float) -> Constant:
    """Return a number as a term.

    Parameters
    ----------
    value : float
        Any finite number.

    Returns
    -------
    Constant
        The same for every transfer.

    Raises
    ------
    DefinitionError
        If it is no finite number.
    """
    if not _is_finite(value):
        raise DefinitionError(
            f"{value!r} is no term and no finite number; use field(...), view[...], network(...), signal(...) or a number",
            f"{value!r} 不是项，也不是有限的数；请用 field(...)、view[...]、network(...)、signal(...) 或数字",
        )
    return Constant(float(value))


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _term(value: "Term | float") -> Term:
    return value if isinstance(value, Term) else constant(value)
