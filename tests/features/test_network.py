"""What is known of the neighbourhood: the watch list, findings, nearness and who paid, each at its edges."""

import math
from datetime import date
from typing import Final

import pytest

from fraudguard.account import KnownInvolved
from fraudguard.column import Event
from fraudguard.features import feature, network
from fraudguard.features.known import NETWORK
from fraudguard.finding import FindingValue
from tests.features.samples import NOON, finding, last, paid, row

HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
ALL: Final = tuple(feature(name, network(name), why="A test.") for name in NETWORK)
MULE: Final = FindingValue.MULE_MOVEMENT
LISTED: Final = KnownInvolved.LAYER_2


def numbers(*log: Event) -> dict[str, float]:
    """Return every network number at the last transfer of a log."""
    return last(log, *ALL)


def hops(*log: Event) -> tuple[float, float]:
    """Return how far payer and payee of the last transfer are from a known account; -1 for nowhere near."""
    got = numbers(*log)
    steps = (got["payer_hops_to_known"], got["payee_hops_to_known"])
    return -1 if math.isnan(steps[0]) else steps[0], -1 if math.isnan(steps[1]) else steps[1]


def test_nothing_is_known_of_accounts_never_seen() -> None:
    """Between two strangers every count is 0, a chain begins, and what needs a past is missing."""
    got = numbers(paid(0))

    missing = {name for name, value in got.items() if math.isnan(value) and not name.endswith("adverse_finding_s")}
    assert missing == {
        "payee_hops_to_known", "payer_hops_to_known", "payee_since_victim_s", "payee_young_payers_share",
        "payee_dwell_s", "payer_since_liquidated_s",
    }  # fmt: skip
    assert {name for name, value in got.items() if value > 0} == {"chain_length"}


@pytest.mark.parametrize(
    ("involved", "is_known"),
    [("none", 0), ("suspect", 0), ("L1", 1), ("L2", 1), ("L3", 1), ("confirmed", 1)],
)
def test_watch_list_is_layers_and_confirmed(involved: str, is_known: int) -> None:
    """A suspect is not yet on the list."""
    got = numbers(row("b", known_involved=KnownInvolved(involved)), paid(0))

    assert got["payee_is_known"] == is_known


def test_account_is_taken_off_the_list() -> None:
    """A later row that says none takes the account off; one that says nothing does not."""
    on, off = row("b", known_involved=LISTED), row("b", known_involved=KnownInvolved.NONE)

    assert numbers(on, row("b"), paid(0))["payee_is_known"] == 1
    assert numbers(on, off, paid(0))["payee_is_known"] == 0


@pytest.mark.parametrize(
    ("what", "about", "known"),
    [
        (FindingValue.VICTIM_TRANSFER, {"transfer_id": "t0"}, "y"),
        (FindingValue.MULE_MOVEMENT, {"transfer_id": "t0"}, "x"),
        (FindingValue.MULE_MOVEMENT, {"account_id": "z"}, "z"),
        (FindingValue.VICTIM_TRANSFER, {"account_id": "z"}, None),
        (FindingValue.GENUINE, {"transfer_id": "t0"}, None),
        (FindingValue.CIVIL_DISPUTE, {"transfer_id": "t0"}, None),
        (FindingValue.UNDETERMINED, {"account_id": "z"}, None),
        (FindingValue.VICTIM_TRANSFER, {"transfer_id": "never"}, None),
    ],
)
def test_finding_makes_an_account_known(what: FindingValue, about: dict[str, str], known: str | None) -> None:
    """A victim's transfer makes its payee known, a mule's its payer, and nothing else makes anybody."""
    log = [paid(0, payer="x", payee="y"), finding(1, what, at_s=0, **about)]

    got = {payee: numbers(*log, paid(1, payer="w", payee=payee))["payee_is_known"] for payee in "xyz"}

    assert {payee for payee, is_known in got.items() if is_known} == ({known} if known else set())


def test_finding_counts_from_its_place_on() -> None:
    """The same transfer scored before the finding and after it differs, and what it says of both accounts."""
    victim = [paid(0, payer="v", payee="b"), finding(1, at_s=60, transfer_id="t0")]
    before = numbers(*victim[:1], paid(1, payer="v", at_s=90))
    after = numbers(*victim, paid(1, payer="v", at_s=90))

    names = (
        "payee_is_known",
        "payee_victim_transfers",
        "payer_victim_transfers",
        "payee_harmed_payers",
        "payee_victim_transfers_1d",
    )
    assert [before[name] for name in names] == [0] * 5
    assert [after[name] for name in names] == [1] * 5
    assert after["payee_since_victim_s"] == 30


def test_finding_before_its_transfer_never_counts() -> None:
    """A finding on a transfer that is not there yet says nothing, even when the transfer comes."""
    got = numbers(finding(1, transfer_id="t0"), paid(0), paid(1))

    assert (got["payee_is_known"], got["payee_victim_transfers"]) == (0, 0)


def test_superseded_finding_is_taken_back() -> None:
    """A finding that supersedes another takes back all that it said, and puts its own in place."""
    log = [paid(0, payer="v"), finding(1, transfer_id="t0"), finding(2, MULE, transfer_id="t0", supersedes="f1")]

    got = numbers(*log, paid(1, payer="v"))

    assert [got[name] for name in ("payee_is_known", "payee_victim_transfers", "payer_victim_transfers")] == [0, 0, 0]
    assert (got["payer_is_known"], got["payee_known_payers"]) == (1, 1)
    assert math.isnan(got["payee_since_victim_s"])


def test_superseded_finding_counts_nowhere_if_it_comes_later() -> None:
    """Whichever of the two comes first, the superseded one says nothing, and nor does what it superseded."""
    first = finding(1, transfer_id="t0")
    middle, end = (
        finding(2, transfer_id="t0", supersedes="f1"),
        finding(3, FindingValue.GENUINE, transfer_id="t0", supersedes="f2"),
    )

    got = [
        numbers(paid(0), *order, paid(1))["payee_is_known"] for order in ((first, middle, end), (first, end, middle))
    ]

    assert got == [0, 0]


def test_finding_that_comes_twice_counts_once() -> None:
    """The same finding once more changes nothing; another on the same transfer stands beside it."""
    log = [paid(0), finding(1, transfer_id="t0"), finding(1, transfer_id="t0")]

    assert numbers(*log, paid(1))["payee_victim_transfers"] == 1
    assert numbers(*log, finding(2, transfer_id="t0"), paid(1))["payee_victim_transfers"] == 2


@pytest.mark.parametrize(("after_s", "seen"), [(DAY_S, 1), (DAY_S + 0.001, 0)])
def test_recent_victims_are_those_learned_of_in_a_day(after_s: float, seen: int) -> None:
    """A day counts from when the finding was received, whenever the transfer was."""
    log = [paid(0, at_s=-30 * DAY_S), finding(1, transfer_id="t0"), paid(1, at_s=after_s)]

    got = numbers(*log)

    assert (got["payee_victim_transfers_1d"], got["payee_victim_transfers"]) == (seen, 1)


def test_recent_victims_are_among_the_last_32_findings() -> None:
    """Of more victim transfers all are counted, and the last 32 are known by their moments."""
    log = [paid(number, payer=f"v{number}", at_s=number) for number in range(40)]
    found = [finding(number, transfer_id=f"t{number}", at_s=60 + number) for number in range(40)]
    back = [finding(50, FindingValue.GENUINE, at_s=110, transfer_id="t39", supersedes="f39")]

    got = numbers(*log, *found, paid(50, at_s=120))
    less = numbers(*log, *found, *back, paid(50, at_s=120))

    names = ("payee_victim_transfers", "payee_victim_transfers_1d", "payee_since_victim_s")
    assert [got[name] for name in names] == [40, 32, 21]
    assert [less[name] for name in names] == [39, 30, 22]


def test_findings_count_on_both_sides_of_a_transfer() -> None:
    """A finding on a transfer counts for its payer's money out and its payee's money in, genuine or adverse."""
    log = [paid(0, at_s=0), paid(1, at_s=1), paid(2, at_s=2)]
    found = [
        finding(0, transfer_id="t0", at_s=10),
        finding(1, MULE, transfer_id="t1", at_s=11),
        finding(2, FindingValue.GENUINE, transfer_id="t2", at_s=12),
    ]

    got = numbers(*log, *found, paid(3, at_s=20))

    for side in ("payer_out", "payee_in"):
        counts = [
            got[f"{side}_{what}findings{span}"] for what in ("", "adverse_") for span in ("_1d", "_7d", "_30d", "")
        ]
        assert counts == [3, 3, 3, 3, 2, 2, 2, 2]
        assert got[f"{side}_since_adverse_finding_s"] == 9
    assert got["payer_in_findings"] == got["payee_out_findings"] == 0


@pytest.mark.parametrize("value", [FindingValue.CIVIL_DISPUTE, FindingValue.UNDETERMINED])
def test_findings_that_say_neither_do_not_count(value: FindingValue) -> None:
    """A dispute or an open question is neither genuine nor adverse."""
    got = numbers(paid(0), finding(0, value, transfer_id="t0", at_s=10), paid(1, at_s=20))

    assert got["payee_in_findings"] == 0


def test_findings_leave_their_window_just_after_its_length() -> None:
    """A finding received exactly a day ago is inside the day; a millisecond more and it is not."""
    log = [paid(0), finding(0, transfer_id="t0", at_s=10)]

    inside = numbers(*log, paid(1, at_s=10 + DAY_S))
    outside = numbers(*log, paid(1, at_s=10.001 + DAY_S))

    assert (inside["payee_in_adverse_findings_1d"], inside["payee_in_adverse_findings_7d"]) == (1, 1)
    assert (outside["payee_in_adverse_findings_1d"], outside["payee_in_adverse_findings_7d"]) == (0, 1)


def test_finding_taken_back_leaves_no_count() -> None:
    """Superseded by a genuine one, an adverse finding is gone from counts, windows and time since."""
    log = [paid(0), finding(0, transfer_id="t0", at_s=10)]
    back = finding(1, FindingValue.GENUINE, at_s=20, transfer_id="t0", supersedes="f0")

    got = numbers(*log, back, paid(1, at_s=30))

    assert [got[f"payee_in_{name}"] for name in ("findings", "adverse_findings", "adverse_findings_1d")] == [1, 0, 0]
    assert math.isnan(got["payee_in_since_adverse_finding_s"])


def test_common_counterparties_are_different_accounts() -> None:
    """Whoever paid, an account that both dealt with counts once, and neither of the two counts itself."""
    log = [
        paid(0, payer="a", payee="m", at_s=0),
        paid(1, payer="m", payee="a", at_s=1),
        paid(2, payer="b", payee="m", at_s=2),
        paid(3, payer="n", payee="a", at_s=3),
        paid(4, payer="n", payee="b", at_s=4),
        paid(5, payer="b", payee="a", at_s=5),
        paid(6, payer="a", payee="b", at_s=6),
    ]

    got = numbers(*log, paid(7, payer="a", payee="b", at_s=7))

    assert (got["common_counterparties"], got["returned_transfers"]) == (2, 1)


def test_nearness_goes_two_steps_either_way() -> None:
    """Who paid or was paid by a known account is one step away, who did so with those two, and nobody three."""
    chain = [
        paid(0, payer="p", payee="q"),
        paid(1, payer="q", payee="k"),
        paid(2, payer="k", payee="r"),
        paid(3, payer="r", payee="s"),
    ]
    known = row("k", known_involved=LISTED)
    strangers = paid(4, payer="s", payee="t")

    after = [hops(*chain, known, *more, paid(9, payer=payer, payee=payee)) for more, payer, payee in (
        ((), "q", "r"), ((), "p", "s"), ((strangers,), "t", "k"),
    )]  # fmt: skip
    before = [hops(known, *chain, paid(9, payer=payer, payee=payee)) for payer, payee in (("q", "r"), ("p", "s"))]

    assert after == [(1, 1), (2, 2), (-1, 0)]
    assert before == [(1, 1), (-1, 2)]


def test_nearness_ends_with_its_witness() -> None:
    """When the finding is taken back, its shadow goes with it."""
    log = [paid(0, payer="p", payee="q"), paid(1, payer="q", payee="k"), finding(1, MULE, account_id="k")]
    back = finding(2, FindingValue.GENUINE, account_id="k", supersedes="f1")

    assert hops(*log, paid(9, payer="p", payee="q")) == (2, 1)
    assert hops(*log, back, paid(9, payer="p", payee="q")) == (-1, -1)


def test_account_is_no_witness_of_its_own_nearness() -> None:
    """An account that pays itself stays one step from the known account it paid, when it is no longer known itself."""
    log = [
        row("k", known_involved=LISTED),
        paid(0, payer="p", payee="k"),
        row("p", known_involved=LISTED),
        paid(1, payer="p", payee="p"),
        row("p", known_involved=KnownInvolved.NONE),
    ]

    assert hops(*log, paid(9, payer="p", payee="x")) == (1, -1)


def test_only_the_last_sixteen_are_made_near() -> None:
    """Who paid a known account more than 16 transfers before it became known is not near."""
    log = [paid(number, payer=f"p{number}", payee="k", at_s=number) for number in range(17)]
    known = row("k", known_involved=LISTED)

    got = [hops(*log, known, paid(99, payer=payer, payee="x", at_s=99))[0] for payer in ("p0", "p1", "p16")]

    assert got == [-1, 1, 1]


@pytest.mark.parametrize(
    ("opened", "young"),
    [(date(1960, 5, 1), 0), (date(2025, 12, 1), 0), (date(2025, 12, 2), 1), (date(2026, 7, 1), 1)],
)
def test_young_is_less_than_ninety_days(opened: date, young: int) -> None:
    """Among those whose opening date is known, an account opened before 1970 too, the young are counted."""
    midnight_s = -4 * HOUR_S
    log = [
        row("u", opened_at=opened),
        row("w", opened_at=date(2020, 1, 1)),
        *(paid(number, payer=payer, at_s=midnight_s) for number, payer in enumerate(["u", "w", "nobody said"])),
    ]

    got = numbers(*log, paid(9, at_s=midnight_s))

    assert NOON.date() == date(2026, 3, 1)
    assert got["payee_young_payers_share"] == young / 2


def test_payers_are_the_last_sixteen_transfers() -> None:
    """The seventeenth transfer in pushes the first out; a payer is counted once a transfer."""
    log = [
        row("k", known_involved=LISTED),
        *(paid(number, payer="k", at_s=number) for number in range(10)),
        *(paid(10 + number, payer="p", at_s=10 + number) for number in range(9)),
    ]

    got = numbers(*log, paid(99, at_s=99))

    assert got["payee_known_payers"] == 7
