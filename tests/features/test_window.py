"""The window rule at each of its edges, and windows as values."""

from datetime import UTC, datetime, timedelta

import pytest

from fraudguard.errors import DefinitionError
from fraudguard.features import FeaturePlan, OnlineFeatures, days, hours, minutes, windows
from fraudguard.features.window import Window
from fraudguard.transfer import Transfer

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


def transfer(number: int, *, at_s: float = 0, payer: str = "a", payee: str = "b", fen: int = 100) -> Transfer:
    return Transfer(
        transfer_id=f"t{number}",
        event_time=NOON + timedelta(seconds=at_s),
        payer_account_id=payer,
        payee_account_id=payee,
        amount_fen=fen,
    )


def last(plan: FeaturePlan, log: list[Transfer], name: str) -> float:
    """Return a feature of the last transfer of a log."""
    features = OnlineFeatures(plan)
    for earlier in log[:-1]:
        features.push(earlier)
    return float(features.query(log[-1])[plan.names.index(name)])


@pytest.mark.parametrize(("gap_s", "seen"), [(599.999, 1), (600, 1), (600.001, 0)])
def test_lower_edge_is_inside(plan: FeaturePlan, gap_s: float, seen: int) -> None:
    """A transfer exactly one window ago counts; one a millisecond older does not."""
    got = last(plan, [transfer(0), transfer(1, at_s=gap_s)], "payer_out_transfers_count_10m")

    assert got == seen


def test_equal_times_are_told_apart_by_the_log(plan: FeaturePlan) -> None:
    """A transfer sees those before it in the log at the same millisecond, and not itself."""
    got = last(plan, [transfer(0), transfer(1), transfer(2)], "payer_out_transfers_count_10m")

    assert got == 2


def test_late_transfer_counts_at_the_watermark(plan: FeaturePlan) -> None:
    """A transfer that comes late is seen by the next one, however old it says it is."""
    log = [transfer(0, at_s=86_400), transfer(1, at_s=0), transfer(2, at_s=86_401)]

    got = last(plan, log, "payer_out_transfers_count_10m")

    assert got == 2


def test_self_transfer_sees_neither_of_its_sides(plan: FeaturePlan) -> None:
    """Both views of a transfer to oneself are read before either is remembered."""
    log = [transfer(0, payee="a"), transfer(1, payee="a")]
    names = ("payer_out_transfers_count_1h", "payer_in_transfers_count_1h", "payee_in_transfers_count_1h")

    got = [last(plan, log, name) for name in names]

    assert got == [1, 1, 1]


def test_largest_amount_leaves_with_its_transfer(plan: FeaturePlan) -> None:
    """When the largest transfer is out of the window, the next largest inside it stands."""
    log = [transfer(0, fen=900), transfer(1, at_s=300, fen=500), transfer(2, at_s=500, fen=700), transfer(3, at_s=700)]

    got = last(plan, log, "payer_out_amount_fen_max_10m")

    assert got == 700


def test_many_transfers_of_one_account_are_all_counted(plan: FeaturePlan) -> None:
    """A ring that grows many times over loses nothing."""
    log = [transfer(number, at_s=number, fen=number) for number in range(5_000)]

    got = [last(plan, log, f"payer_out_amount_fen_{what}_30d") for what in ("sum", "max")]

    assert got == [sum(range(4_999)), 4_998]


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
