"""The numbers that the kernel knows things by are places in the declarations; neither moves alone."""

import re
from pathlib import Path
from typing import Final

import pytest

from fraudguard.features.known import NETWORK
from fraudguard.features.plan import COPY, FLAGS, OBSERVATIONS, OPERATORS, REDUCERS, STORES, VIEWS, Needs
from fraudguard.features.program import LIQUIDS
from tests.house.tree import PACKAGE

FOLDER: Final = PACKAGE / "features"
DECLARED: Final = re.compile(r"^(\w+) = cython\.declare\(cython\.\w+, ([^)]*)\)", re.MULTILINE)


def numbers(module: str) -> dict[str, int]:
    """Return the whole numbers that a module of the kernel declares: compiled, it would not tell them."""
    source = (FOLDER / f"{module}.py").read_text("utf-8")
    return {
        name: int(text, 0) for name, text in DECLARED.findall(source) if re.fullmatch(r"-?(0x)?[0-9A-Fa-f_]+", text)
    }


def python_numbers(module: str) -> dict[str, int]:
    """Return the whole numbers that a module says in plain Python."""
    source = (FOLDER / f"{module}.py").read_text("utf-8")
    return {name: int(text, 0) for name, text in re.findall(r"^(\w+): Final = (\d[\d_]*)$", source, re.MULTILINE)}


def places(words: tuple[str, ...]) -> dict[str, int]:
    """Return the place of each word, as a constant would be called."""
    return {word.upper(): place for place, word in enumerate(words)}


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("past", places(REDUCERS)),
        ("kernel", places(OPERATORS)),
        ("kernel", {"COPY": COPY}),
        ("kernel", {"_".join(part.upper() for part in view if part): place for place, view in enumerate(VIEWS)}),
        ("facts", places(OBSERVATIONS)),
        ("past", {f"NEEDS_{name}": bit for name, bit in vars(Needs).items() if name.isupper() and bit > 0}),
        ("kernel", {"_N_NETWORK": len(NETWORK)}),
        ("neighbours", {"_N_LIQUID": len(LIQUIDS)}),
        ("engine", {"_NEEDS_DISTINCT": Needs.DISTINCT}),
    ],
)
def test_kernel_numbers_are_places_in_the_declarations(module: str, expected: dict[str, int]) -> None:
    """Views, reducers, operators, observations and needs have in the kernel the numbers that a plan gives them."""
    assert expected.items() <= numbers(module).items()


def test_kernel_knows_no_reducer_or_operator_beyond_them() -> None:
    """Nothing in the kernel's lists is left of what is no longer declared."""
    reducers, operators = list(numbers("past")), list(numbers("kernel"))

    assert {*reducers[: len(REDUCERS)]} == {*places(REDUCERS)}
    assert {*operators[len(VIEWS) : len(VIEWS) + len(OPERATORS)]} == {*places(OPERATORS)}


def test_order_of_a_transfers_numbers_is_one() -> None:
    """The engine writes a transfer's numbers where the kernel reads them, and there are as many in a stretch."""
    engine, kernel = numbers("engine"), numbers("kernel")
    names = ["PAYER", "PAYEE", "PAIR", "DEVICE", "SENDER", "RECEIVER", "DEVICE_LINK", "SENDER_LINK", "RECEIVER_LINK"]
    in_kernel = [{"PAIR": "PAIR_ID", "DEVICE": "DEVICE_ID"}.get(name, name) for name in names]

    assert [engine[name] for name in names] == [kernel[name] for name in in_kernel] == [*range(len(names))]
    assert numbers("stretch")["N_IDS"] == len(names)


def test_bits_of_a_row_are_the_same_everywhere() -> None:
    """Flags fill the low bits, the mark of a repeated id is the next, and a link stands above them."""
    bits = len(FLAGS)
    groups, stretch = numbers("groups"), numbers("stretch")

    assert groups["_NOT_NEW"] == stretch["_NOT_NEW"] == python_numbers("coded")["_NOT_NEW"] == 1 << bits
    assert groups["_FLAGS"] == stretch["_FLAGS"] == (1 << bits) - 1
    assert python_numbers("grouped")["_LINK"] == 1 << groups["_LINK_BITS"] == 1 << (bits + 1)


def test_what_two_modules_say_is_the_same() -> None:
    """Amounts that are round or small, and how many ids are forgotten at once, are said twice and alike."""
    kernel, coded = numbers("kernel"), python_numbers("coded")

    assert {name: kernel[name] for name in ("_ROUND_FEN", "_SMALL_FEN")} == {
        name: coded[name] for name in ("_ROUND_FEN", "_SMALL_FEN")
    }
    assert numbers("engine")["_RELEASED_AT_ONCE"] == numbers("stretch")["_RELEASED_AT_ONCE"]
    assert numbers("past")["_BLOCK"] == numbers("ring")["_BLOCK"] == 1 << numbers("ring")["_BLOCK_BITS"]


def test_stores_are_those_of_the_state() -> None:
    """A state is given its stores in the order in which a plan has them."""
    source = Path(FOLDER / "kernel.py").read_text("utf-8")
    parts = re.findall(r'^            "(\w+)": self\.\1,$', source, re.MULTILINE)

    assert tuple(parts[: len(STORES)]) == STORES
