"""The table of names agrees with a dict, whatever is added, asked and removed."""

from hypothesis import given
from hypothesis import strategies as st

from fraudguard.features.index import Index

_NAMES = st.integers(0, 40).map(lambda number: f"名 {number}")
_STEPS = st.lists(st.tuples(st.sampled_from(["add", "add", "ask", "remove"]), _NAMES), max_size=300)


@given(steps=_STEPS, seed=st.integers(-(2**63), 2**63 - 1))
def test_index_is_a_dict(steps: list[tuple[str, str]], seed: int) -> None:
    """A name keeps its number until it is removed, and no two names share one."""
    index, known = Index(seed), dict[str, int]()
    for step, name in steps:
        if step == "add":
            number = index.number_for(name)
            assert known.setdefault(name, number) == number
        elif step == "remove" and name in known:
            index.remove(known.pop(name))
        assert index.number_of(name) == known.get(name, 0)

    assert index.n == len(known) == len(set(known.values()))


def test_many_names_are_found_while_the_table_grows_and_shrinks() -> None:
    """Buckets are split, run over and empty again, and every name is found at every size."""
    index = Index(7, 1)
    numbers = [index.number_for(f"n{i}") for i in range(20_000)]

    assert numbers == list(range(1, 20_001))
    assert [index.number_of(f"n{i}") for i in range(20_000)] == numbers

    for number in numbers[::2]:
        index.remove(number)

    assert [index.number_of(f"n{i}") for i in range(20_000)] == [0 if n % 2 else n for n in numbers]
    assert {index.number_for(f"m{i}") for i in range(10_000)} == set(numbers[::2])
    assert len(index.arenas()["entries"]) == 20_001


def test_words_of_a_removed_name_are_gone() -> None:
    """A number that is given again comes with no words of its last name."""
    index = Index(7, 2)
    number = index.number_for("a")
    index.set_words(number, [3, 4])
    index.remove(number)

    assert index.number_for("b") == number
    assert index.words(number) == [0, 0]
