"""The window rule at each of its edges, and windows as values."""

import math
from typing import Final

import pytest

from fraudguard.errors import DefinitionError
from fraudguard.features import (
    Catalog,
    OnlineFeatures,
    compile_plan,
    count,
    days,
    ever,
    feature_view,
    hours,
    maximum,
    minutes,
    previous,
    since_first,
    since_last,
    total,
    windows,
)
from fraudguard.features.window import Window
from tests.features.catalogs import AGGREGATES, views_of
from tests.features.samples import last, paid, row

DAY_S: Final = 86_400
H, K = "holder h", "holder k"
OUT: Final = feature_view("payer", "out", "10m 1h 1d", count(), total(), since_last(), ever(), why="A test.")
PAYER_IN: Final = feature_view("payer", "in", "1h", count(), since_last(), why="A test.")
PAYEE_IN: Final = feature_view("payee", "in", "1h", count(), since_first(), why="A test.")
HOLDER_OUT: Final = feature_view("holder", "out", "1h", count(), ever(), why="A test.")
DEVICE: Final = feature_view("device", None, "1h", count(), previous(), why="A test.")


@pytest.mark.parametrize(("gap_s", "seen"), [(599.999, 1), (600, 1), (600.001, 0)])
def test_lower_edge_is_inside(gap_s: float, seen: int) -> None:
    """A transfer exactly one window ago counts; one a millisecond older does not."""
    got = last([paid(0), paid(1, at_s=gap_s)], OUT)

    assert got["payer_out_transfers_count_10m"] == seen


def test_equal_times_are_told_apart_by_the_log() -> None:
    """A transfer sees those before it in the log at the same millisecond, and not itself."""
    got = last([paid(0), paid(1), paid(2)], OUT)

    assert got["payer_out_transfers_count_10m"] == 2


def test_late_transfer_counts_at_the_watermark() -> None:
    """A transfer that comes late is seen by the next one, however old it says it is."""
    got = last([paid(0, at_s=DAY_S), paid(1, at_s=0), paid(2, at_s=DAY_S + 1)], OUT)

    assert got["payer_out_transfers_count_10m"] == 2


def test_late_transfer_looks_from_the_watermark() -> None:
    """A transfer that comes late has the windows of the latest moment its account has seen."""
    got = last([paid(0), paid(1, at_s=DAY_S), paid(2, at_s=0)], OUT)

    assert (got["payer_out_transfers_count_10m"], got["payer_out_since_last_s"]) == (1, 0)


def test_each_way_has_a_watermark_of_its_own() -> None:
    """Money out of an account does not make late what comes in."""
    log = [paid(0, payer="b", payee="a"), paid(1, at_s=DAY_S), paid(2, at_s=1_000)]

    got = last(log, OUT, PAYER_IN)

    assert got["payer_in_transfers_count_1h"] == 1
    assert (got["payer_in_since_last_s"], got["payer_out_since_last_s"]) == (1_000, 0)


def test_self_transfer_sees_neither_of_its_sides() -> None:
    """Both views of a transfer to oneself are read before either is remembered."""
    got = last([paid(0, payee="a"), paid(1, payee="a")], OUT, PAYER_IN, PAYEE_IN)

    assert got["payer_out_transfers_count_1h"] == 1
    assert got["payer_in_transfers_count_1h"] == got["payee_in_transfers_count_1h"] == 1


def test_repeated_id_is_not_remembered_again() -> None:
    """A transfer whose id came before is scored and leaves no trace, whatever else it says."""
    log = [paid(0), paid(0, at_s=60, payer="c", fen=900), paid(1, at_s=120)]

    got = last(log, OUT, PAYEE_IN)

    assert (got["payer_out_transfers_ever"], got["payee_in_transfers_count_1h"]) == (1, 1)


@pytest.mark.parametrize(("after_s", "seen"), [(90 * DAY_S, 0), (90 * DAY_S + 0.001, 1)])
def test_id_is_forgotten_after_ninety_days(after_s: float, seen: int) -> None:
    """An id may come again once a newer transfer is dated more than 90 days after it."""
    log = [paid(0, payer="c"), paid(1, at_s=after_s, payer="d"), paid(0, at_s=after_s), paid(2, at_s=after_s)]

    got = last(log, OUT)

    assert got["payer_out_transfers_ever"] == seen


def test_a_transfer_forgets_four_ids_at_most() -> None:
    """Of five ids too old, the oldest four are forgotten by the next transfer and the fifth by the one after it."""
    then_s = 91 * DAY_S
    log = [*(paid(number, payer="c") for number in range(5)), paid(5, at_s=then_s, payer="d")]

    got = [last([*log, paid(again, at_s=then_s), paid(9, at_s=then_s)], OUT) for again in (3, 4)]

    assert [one["payer_out_transfers_ever"] for one in got] == [1, 0]


def test_ids_are_kept_for_the_longest_window() -> None:
    """With a window longer than 90 days, no transfer within it is counted twice."""
    long = feature_view("payer", "out", "120d", count(), why="A test.")
    log = [paid(0), paid(1, at_s=100 * DAY_S, payer="d"), paid(0, at_s=100 * DAY_S), paid(2, at_s=100 * DAY_S)]

    got = last(log, long)

    assert got["payer_out_transfers_count_120d"] == 1


def test_unknown_is_not_zero() -> None:
    """Of a device not named and a holder nobody said, nothing is known; of those never seen, that there was nothing."""
    unnamed = last([paid(0)], DEVICE, HOLDER_OUT)
    unseen = last([row("a", holder_token=H), paid(0, device_id="d")], DEVICE, HOLDER_OUT)

    assert all(math.isnan(value) for value in unnamed.values())
    assert [unseen[name] for name in ("device_transfers_count_1h", "holder_out_transfers_ever")] == [0, 0]
    assert math.isnan(unseen["device_amount_fen_previous"])


def test_never_seen_has_zeros_and_gaps() -> None:
    """Over nothing, counts and sums are 0 and everything else is missing."""
    got = last([paid(0)], *views_of(AGGREGATES[:-4], "1d")[:4])

    is_zero = {name: not math.isnan(value) for name, value in got.items()}
    assert {name for name, zero in is_zero.items() if zero} == {
        name for name in got if any(part in name for part in ("_count_", "_sum_", "_distinct_"))
    }


def test_holder_has_all_accounts() -> None:
    """The past of a holder is that of every account held, each from when a row said so."""
    log = [
        paid(0),
        row("a", holder_token=H),
        row("c", holder_token=H),
        paid(1, at_s=1),
        paid(2, at_s=2, payer="c"),
        paid(3, at_s=3, payer="c"),
    ]

    got = last(log, HOLDER_OUT)

    assert got["holder_out_transfers_ever"] == 2


def test_past_stays_with_who_held_the_account_then() -> None:
    """When an account changes hands, its new holder starts with what the new holder did."""
    log = [
        row("a", holder_token=H),
        paid(0),
        row("a", holder_token=K),
        paid(1, at_s=1),
        paid(2, at_s=2),
    ]

    got = last(log, HOLDER_OUT)

    assert got["holder_out_transfers_ever"] == 1


def test_late_and_repeated_transfers_are_counted() -> None:
    """A service tells how many transfers came late and how many came twice."""
    features = OnlineFeatures(compile_plan(Catalog((OUT, PAYEE_IN))))
    for event in (paid(0, at_s=10), paid(1, at_s=9), paid(1, at_s=9), paid(2, at_s=9, payer="c", payee="d")):
        features.push(event)

    assert (features.n_late, features.n_duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("window", "suffix", "zh"), [(minutes(10), "10m", "近10分钟"), (hours(24), "1d", "近1天"), (days(7), "7d", "近7天")]
)
def test_window_is_named_by_its_largest_unit(window: Window, suffix: str, zh: str) -> None:
    """24 hours and one day are the same window, with the same name."""
    assert (window.suffix, window.title.zh) == (suffix, zh)


@pytest.mark.parametrize("text", ["10", "5s", "-1h", "0m", "1h,2h"])
def test_bad_window_is_refused(text: str) -> None:
    """A window that is no number with a unit is refused with what to write instead."""
    with pytest.raises(DefinitionError):
        windows(text)


def test_largest_amount_is_not_kept_without_a_reason() -> None:
    """Where nobody asks for the largest amount, the rest is as it was."""
    with_it = feature_view("payer", "out", "1h", count(), total(), maximum(), why="A test.")
    without = feature_view("payer", "out", "1h", count(), total(), why="A test.")
    log = [paid(number, at_s=number, fen=number) for number in range(30)]

    assert last(log, without).items() <= last(log, with_it).items()
