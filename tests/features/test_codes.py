"""The numbers of the kernel are those of the declarations."""

import re
from pathlib import Path

from fraudguard.features import codes
from fraudguard.features.aggregate import Flag
from fraudguard.features.known import NETWORK, Observed
from fraudguard.features.plan import OPERATORS, STORES, VIEWS
from fraudguard.features.term import Operator
from tests.house.tree import PACKAGE


def test_operators_have_the_kernels_numbers() -> None:
    """An operator's place in its list is the number by which the kernel works it."""
    numbers = {operator: getattr(codes, f"OP_{operator.name}") for operator in Operator}

    assert list(numbers.values()) == list(range(len(OPERATORS)))
    assert len(OPERATORS) == codes.OP_COPY


def test_views_have_the_kernels_numbers() -> None:
    """A view's place in its list is the number by which the kernel knows whose past it is."""
    names = ["_".join(["VIEW", entity.name, *([side.name] if side else [])]) for entity, side in VIEWS]

    assert [getattr(codes, name) for name in names] == list(range(len(VIEWS)))


def test_stores_have_the_kernels_numbers() -> None:
    """A store's place in its list is its number."""
    assert [getattr(codes, f"STORE_{name.upper()}") for name in STORES] == list(range(len(STORES)))


def test_observations_have_the_kernels_numbers() -> None:
    """A kind of observation has its place in its list as its number."""
    assert [getattr(codes, f"OBSERVED_{kind.name}") for kind in Observed] == list(range(len(Observed)))


def test_flags_are_bits_in_their_order() -> None:
    """A flag's place is its bit, and all of them together are the mask."""
    bits = [getattr(codes, f"FLAG_{flag.name}") for flag in Flag]

    assert bits == [1 << place for place in range(len(Flag))]
    assert sum(bits) == codes.FLAGS < codes.FLAG_NOT_NEW < 1 << codes.FLAG_BITS


def test_neighbourhood_is_as_long_as_the_kernel_writes() -> None:
    """The kernel writes as many numbers of the neighbourhood as there are names for."""
    source = Path(PACKAGE / "features" / "kernel.py").read_text(encoding="utf-8")
    found = re.search(r"_N_NETWORK = cython\.declare\(cython\.longlong, (\d+)\)", source)

    assert found is not None
    assert int(found[1]) == len(NETWORK)
