"""Terms: numbers known when a transfer is scored, and arithmetic over them.

A term is a tree; the kernel evaluates it, so it gives the same bits in batch
and online. Anything over a missing value is missing (NaN), and so are a
division by zero and the logarithm of what is not positive.
"""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Term:
    """A number known when a transfer is scored; supports ``+ - * / // %``."""

    def __add__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.ADD, self, _term(other))

    def __sub__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.SUBTRACT, self, _term(other))

    def __mul__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.MULTIPLY, self, _term(other))

    def __truediv__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.DIVIDE, self, _term(other))

    def __floordiv__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.FLOOR_DIVIDE, self, _term(other))

    def __mod__(self, other: "Term | float") -> "Operation":
        return Operation(Operator.MODULO, self, _term(other))

    def equals(self, other: "Term | float") -> "Operation":
        """Return 1 where both are equal, else 0; missing where either is."""
        return Operation(Operator.EQUALS, self, _term(other))

    def is_missing(self) -> "Operation":
        """Return 1 where the value is missing, else 0."""
        return Operation(Operator.IS_MISSING, self, self)

    def log10(self) -> "Operation":
        """Return the decimal logarithm; missing unless positive."""
        return Operation(Operator.LOG10, self, self)


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
    """
    return Constant(float(value))


def _term(value: "Term | float") -> Term:
    return value if isinstance(value, Term) else constant(value)
