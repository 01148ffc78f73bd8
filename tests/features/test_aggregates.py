"""Each aggregate at its edges."""

import math
from datetime import timedelta
from typing import Final

import pytest

from fraudguard.features import (
    distinct,
    ever,
    feature_view,
    maximum,
    mean,
    minimum,
    previous,
    share,
    since_first,
    since_last,
    std,
    total,
)
from fraudguard.features.aggregate import Aggregate, Flag
from fraudguard.features.view import FeatureView
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.features.samples import last, paid

DAY_S: Final = 86_400
NIGHTFALL_S: Final = 12 * 3_600
"""Midnight in China, seconds after noon."""
MORNING_S: Final = 18 * 3_600


def view(*aggregates: Aggregate, spans: str = "10m 1d", entity: str = "payer", side: str | None = "out") -> FeatureView:
    return feature_view(entity, side, spans, *aggregates, why="A test.")


def amounts(*fens: int) -> list[Transfer]:
    """Return transfers a second apart, and the one that looks back."""
    return [paid(number, at_s=number, fen=fen) for number, fen in enumerate([*fens, 1])]


@pytest.mark.parametrize("fen", [0, 1, 3, 100, 123_456_789, AMOUNT_MAX_FEN])
@pytest.mark.parametrize("n", [1, 2, 7, 300])
def test_equal_amounts_do_not_spread(fen: int, n: int) -> None:
    """However many equal amounts there are, their spread is exactly 0."""
    got = last(amounts(*[fen] * n), view(std()))

    assert got["payer_out_amount_log10_std_1d"] == 0


def test_spread_is_that_of_the_logarithms() -> None:
    """One yuan and a hundred spread by 1, and an amount of nothing counts as one fen."""
    got = [last(amounts(*fens), view(std()))["payer_out_amount_log10_std_1d"] for fens in ((100, 10_000), (0, 100))]

    assert got == [1, 1]


def test_spread_forgets_what_left_the_window() -> None:
    """The spread of a shorter window is that of the transfers in it."""
    log = [paid(0, fen=1), paid(1, at_s=3_600, fen=100), paid(2, at_s=3_601, fen=100), paid(3, at_s=3_602)]

    got = last(log, view(std()))

    assert got["payer_out_amount_log10_std_10m"] == 0 < got["payer_out_amount_log10_std_1d"]


def test_counterparty_leaves_with_its_only_transfer() -> None:
    """When the only transfer to a payee leaves the window, the payee does; one paid again since stays."""
    log = [
        paid(0, payee="x"),
        paid(1, at_s=1, payee="y"),
        paid(2, at_s=500, payee="y"),
        paid(3, at_s=601, payee="z"),
        paid(4, at_s=601.001),
    ]

    got = last(log, view(distinct()))

    assert (got["payer_out_payees_distinct_10m"], got["payer_out_payees_distinct_1d"]) == (2, 3)


def test_question_far_ahead_sees_nobody() -> None:
    """A transfer after a long silence sees no counterparty in the window, and all of them again in a longer one."""
    log = [*(paid(number, payee=f"p{number}") for number in range(9)), paid(9, at_s=DAY_S)]

    got = last(log, view(distinct()))

    assert (got["payer_out_payees_distinct_10m"], got["payer_out_payees_distinct_1d"]) == (0, 9)


@pytest.mark.parametrize(
    ("entity", "side", "name"),
    [("payer", "in", "payer_in_payers"), ("payee", "in", "payee_in_payers"), ("device", None, "device_payers")],
)
def test_counterparties_of_money_in_are_payers(entity: str, side: str | None, name: str) -> None:
    """On money in, and on a device, those counted are the ones who paid."""
    log = [paid(number, payer=f"p{number % 3}", payee="a", device_id="d") for number in range(7)]
    present = paid(9, payer="a", payee="a", device_id="d")

    got = last([*log, present], view(distinct(), entity=entity, side=side))

    assert got[f"{name}_distinct_1d"] == 3


@pytest.mark.parametrize(
    ("at_s", "is_night"),
    [
        (NIGHTFALL_S - 0.001, 0),
        (NIGHTFALL_S, 1),
        (MORNING_S - 0.001, 1),
        (MORNING_S, 0),
        (0, 0),
        (NIGHTFALL_S - 20_000 * DAY_S, 1),
        (MORNING_S - 20_000 * DAY_S, 0),
    ],
)
def test_night_is_from_midnight_to_six_in_china(at_s: float, is_night: int) -> None:
    """0:00 is night and 6:00 is not, long ago too."""
    one = paid(0, at_s=at_s)
    log = [one, paid(1, at_s=at_s + 1)]

    got = last(log, view(share("night")))

    assert got["payer_out_night_share_1d"] == is_night


def test_night_is_told_by_the_own_time_of_a_late_transfer() -> None:
    """A transfer at night that comes late is one at night, though it stands at the watermark."""
    log = [paid(0, at_s=MORNING_S + 60), paid(1, at_s=MORNING_S - 60), paid(2, at_s=MORNING_S + 61)]

    got = last(log, view(share("night")))

    assert got["payer_out_night_share_10m"] == 0.5


@pytest.mark.parametrize(
    ("flag", "fens", "expected"),
    [
        ("round", (10_000, 9_999, 10_001, 20_000), 1 / 2),
        ("round", (0,), 1),
        ("small", (1_000, 1_001, 0), 2 / 3),
    ],
)
def test_share_counts_what_has_the_flag(flag: str, fens: tuple[int, ...], expected: float) -> None:
    """A share is how many have the flag against how many there are."""
    got = last(amounts(*fens), view(share(flag)))

    assert got[f"payer_out_{flag}_share_1d"] == expected


def test_first_time_is_once_a_pair() -> None:
    """Only the first transfer ever of a payer to a payee is a first one; the way back has its own, and a repeat none."""
    log = [
        paid(0, payer="x", payee="y"),
        paid(1, at_s=DAY_S, payer="y", payee="x"),
        paid(1, at_s=DAY_S, payer="z", payee="x"),
        paid(2, at_s=2 * DAY_S + 1, payer="z", payee="x"),
        paid(3, at_s=2 * DAY_S + 1, payer="y", payee="x"),
        paid(4, at_s=2 * DAY_S + 2, payer="w", payee="x"),
    ]

    got = last(log, view(share(Flag.FIRST_TIME), entity="payee", side="in"))

    assert got["payee_in_first_time_share_1d"] == 0.5


def test_smallest_and_largest_leave_with_their_transfers() -> None:
    """When an extreme is out of the window, the next inside it stands."""
    fens_at = [(0, 900), (1, 1), (300, 500), (400, 100), (500, 700), (601.5, 300)]
    log = [paid(number, at_s=at_s, fen=fen) for number, (at_s, fen) in enumerate(fens_at)]

    got = last([*log, paid(9, at_s=700)], view(maximum(), minimum()))

    assert (got["payer_out_amount_fen_max_10m"], got["payer_out_amount_fen_min_10m"]) == (700, 100)
    assert (got["payer_out_amount_fen_max_1d"], got["payer_out_amount_fen_min_1d"]) == (900, 1)


def test_previous_is_the_last_one_remembered() -> None:
    """The amount before is that of the last in the log, late or not, a window ago or not, and no repeat."""
    log = [paid(0, fen=5), paid(1, at_s=-DAY_S, fen=7), paid(1, fen=9), paid(2, at_s=400 * DAY_S)]

    got = last(log, view(previous(), since_last(), ever()))

    assert (got["payer_out_amount_fen_previous"], got["payer_out_transfers_ever"]) == (7, 2)
    assert got["payer_out_since_last_s"] == 400 * DAY_S


def test_since_first_never_starts_again() -> None:
    """The first transfer stays the first, long after it left every window, and a late one is not before it."""
    log = [paid(0), paid(1, at_s=-DAY_S), *(paid(number, at_s=number * DAY_S) for number in range(2, 40))]

    got = last(log, view(since_first(), since_last(), maximum()))

    assert (got["payer_out_since_first_s"], got["payer_out_since_last_s"]) == (39 * DAY_S, DAY_S)


def test_sums_of_the_largest_amounts_are_exact() -> None:
    """Sums beyond 2**53 are rounded once, at the end."""
    fens = [AMOUNT_MAX_FEN] * 2_100 + [1, 1, 1]

    got = last(amounts(*fens), view(total(), mean()))

    assert got["payer_out_amount_fen_sum_1d"] == float(sum(fens))
    assert got["payer_out_amount_fen_mean_1d"] == float(sum(fens)) / len(fens)


def test_all_time_is_not_a_window() -> None:
    """Without a window a view of numbers over all time needs none, and keeps only what it needs."""
    bare = feature_view("pair", None, "", ever(), previous(), since_last(), why="A test.")
    log = [paid(number, at_s=number * 100 * DAY_S, fen=number) for number in range(20)]

    got = last(log, bare)

    assert list(got.values()) == [19, 18, 100 * DAY_S]


def test_moments_are_milliseconds_rounded_down() -> None:
    """Half a millisecond is none."""
    one = paid(0)
    two = Transfer(
        transfer_id="t1",
        event_time=one.event_time + timedelta(microseconds=1_999),
        payer_account_id="a",
        payee_account_id="b",
        amount_fen=1,
    )

    got = last([one, two], view(since_last()))

    assert got["payer_out_since_last_s"] == 0.001
    assert not math.isnan(got["payer_out_since_last_s"])
