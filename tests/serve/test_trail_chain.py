"""The trail hangs together: whatever is changed, removed or slipped in is seen, and many writers make one chain."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from fraudguard.serve.store import Store
from fraudguard.serve.store.trail import TrailRow
from fraudguard.serve.trail_chain import FIRST, Link, check_chain, digest_of
from tests.fakes import START
from tests.serve.test_holds import extend, services
from tests.serve.test_lists import entry

WORDS = st.text(max_size=8)


def chain(lines: list[tuple[int, str, str]]) -> list[Link]:
    """Return lines as links."""
    made: list[Link] = []
    for number, (at_ms, officer, detail) in enumerate(lines, start=1):
        said = (number, at_ms, officer, "act", "subject", detail)
        digest = digest_of(made[-1].digest if made else FIRST, said)
        made.append(Link(trail_id=number, at_ms=at_ms, officer=officer, act="act", subject="subject", detail=detail, digest=digest))  # fmt: skip
    return made


@given(
    lines=st.lists(st.tuples(st.integers(0, 9), WORDS, WORDS), min_size=1, max_size=12),
    place=st.integers(0, 11),
    how=st.sampled_from(["change", "remove", "repeat", "swap"]),
)
def test_whatever_is_done_to_a_line_is_seen(lines: list[tuple[int, str, str]], place: int, how: str) -> None:
    """At that line or right behind it, and not before."""
    whole = chain(lines)
    place %= len(whole)
    head = (len(whole), whole[-1].digest)
    spoilt = list(whole)
    if how == "change":
        spoilt[place] = msgspec.structs.replace(spoilt[place], detail=spoilt[place].detail + "x")
    elif how == "remove":
        del spoilt[place]
    elif how == "repeat":
        spoilt.insert(place, spoilt[place])
    else:
        other = (place + 1) % len(spoilt)
        spoilt[place], spoilt[other] = spoilt[other], spoilt[place]

    assert check_chain(whole, head=head).checked == len(whole)
    report = check_chain(spoilt, head=head)
    assert (report.broken_at is not None) == (spoilt != whole)
    if report.broken_at is not None:
        assert report.checked < report.broken_at
        assert all(spoilt[number] == whole[number] for number in range(report.checked))


def test_many_writers_make_one_chain(store: Store) -> None:
    """Whoever comes second waits for the first; no line is lost and the chain never forks."""

    def write(number: int) -> None:
        for count in range(5):
            store.trail.add(TrailRow(at_ms=count, officer=f"o{number}", act="signed_in"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    report = check_chain(store.trail.links(), head=store.trail.head())

    assert (report.checked, report.broken_at) == (30, None)


def test_what_people_do_stands_in_the_trail(store: Store) -> None:
    """In the transaction of the act itself: an act that fails leaves no line."""
    holds, _, _ = services(store)
    store.lists.add(entry("E1"))
    extend(holds, 100)
    with pytest.raises(Exception, match=r"may last|extended"):
        extend(holds, 10_000)
    told = [(row.act, row.subject, row.officer) for row in store.trail.newest(limit=9)]

    assert told == [("hold_extended", "asm_T1", "o"), ("listed", "E1", "liaison")]
    assert check_chain(store.trail.links(), head=store.trail.head()).checked == 2


def test_a_trail_cut_short_in_the_database_is_seen(store: Store) -> None:
    """Even by somebody who can switch the triggers off."""
    for number in range(3):
        store.trail.add(TrailRow(at_ms=int(START.timestamp()), officer="o", act="signed_in", detail=str(number)))
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            connection.execute(text("drop trigger trail_is_final on trail"))
        else:
            connection.execute(text("drop trigger trail_refuses_delete"))
        connection.execute(text("delete from trail where trail_id = 3"))
    report = check_chain(store.trail.links(), head=store.trail.head())

    assert (report.checked, report.broken_at, report.because_en) == (2, 3, "lines at the end were removed")
