"""Arithmetic over terms: what each operator gives, and where it gives nothing."""

import math
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DefinitionError
from fraudguard.features import constant, feature, field, std
from fraudguard.features.term import Operator, Term
from tests.features.samples import last, paid

AMOUNT: Final = field("amount_fen")
ABSENT: Final = field("payer_balance_before_fen")


def value(term: Term | float, fen: int = 100) -> float:
    """Return a term at a transfer of some amount."""
    return last([paid(0, fen=fen)], feature("it", term, why="A test."))["it"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (AMOUNT + 1, 101),
        (1 + AMOUNT, 101),
        (AMOUNT - 1, 99),
        (1 - AMOUNT, -99),
        (AMOUNT * 3, 300),
        (3 * AMOUNT, 300),
        (AMOUNT / 8, 12.5),
        (25 / AMOUNT, 0.25),
        (AMOUNT // 7, 14),
        (AMOUNT % 7, 2),
        ((0 - AMOUNT) // 7, -15),
        ((0 - AMOUNT) % 7, 5),
        (AMOUNT // 0.1, 999),
        (AMOUNT < 101, 1),
        (AMOUNT < 100, 0),
        (AMOUNT > 99, 1),
        (AMOUNT > 100, 0),
        (AMOUNT.equals(100), 1),
        (AMOUNT.equals(99), 0),
        (AMOUNT.log10(), 2),
        (AMOUNT.is_missing(), 0),
        (ABSENT.is_missing(), 1),
        (ABSENT.or_else(AMOUNT), 100),
        (AMOUNT.or_else(5), 100),
        (constant(0.5), 0.5),
    ],
)
def test_operators(term: Term, expected: float) -> None:
    """Each operator is Python's own."""
    assert value(term) == expected


@pytest.mark.parametrize(
    "term",
    [
        AMOUNT / 0,
        AMOUNT % 0,
        AMOUNT // (AMOUNT - 100),
        (AMOUNT - 100).log10(),
        (AMOUNT - 101).log10(),
        *(made for other in (ABSENT,) for made in (AMOUNT + other, other * 0, other < AMOUNT, other.equals(other))),
        ABSENT.or_else(ABSENT),
        ABSENT.log10(),
    ],
)
def test_missing_and_undefined_are_missing(term: Term) -> None:
    """Anything over a missing value is missing, and so is what no number is the answer to."""
    assert math.isnan(value(term))


@given(left=st.floats(-1e12, 1e12), right=st.floats(-1e6, 1e6).filter(lambda number: abs(number) > 1e-6))
def test_quotient_and_rest_are_pythons(left: float, right: float) -> None:
    """Whole quotient and rest are those of Python's // and %, to the bit but for the sign of 0."""
    whole, rest = value(constant(left) // constant(right)), value(constant(left) % constant(right))

    assert (whole, rest) == (left // right, left % right)


def test_the_same_term_twice_has_two_columns() -> None:
    """A feature declared under two names has the same value under both, a number too."""
    spread = feature("one", AMOUNT + 1, why="A test."), feature("two", AMOUNT + 1, why="A test.")
    numbers = feature("three", constant(2), why="A test."), feature("four", AMOUNT + 1 - (AMOUNT + 1), why="A test.")

    assert list(last([paid(0)], *spread, *numbers).values()) == [101, 101, 2, 0]


@pytest.mark.parametrize("wrong", [lambda: AMOUNT + math.nan, lambda: AMOUNT * math.inf, lambda: AMOUNT + "1"])  # type: ignore[operator]
def test_only_finite_numbers_join_terms(wrong: object) -> None:
    """What is neither a term nor a finite number is refused where it is written."""
    with pytest.raises(DefinitionError, match="finite"):
        wrong()  # type: ignore[operator]


def test_a_term_has_no_truth() -> None:
    """A chain of comparisons, which Python would cut short, is refused."""
    with pytest.raises(DefinitionError, match="multiply"):
        bool(0 < AMOUNT < 5)


def test_names_of_operators_are_their_words() -> None:
    """An aggregate and an operator are called in a plan what they are called in the catalog."""
    assert (std().reducer, (AMOUNT // 2).operator) == ("std", Operator.FLOOR_DIVIDE)
