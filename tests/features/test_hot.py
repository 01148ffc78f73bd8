"""Accounts with more transfers than fit in one run: blocks, directories, and what is given back after a silence."""

import math
from collections.abc import Sequence
from random import Random
from typing import Final

import numpy as np
import pandas as pd
import pytest

from fraudguard.column import Event
from fraudguard.features import Catalog, OnlineFeatures, compile_plan, count, feature_view, replay
from fraudguard.features.aggregate import distinct, maximum, mean, minimum, share, std, total
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.features.catalogs import AGGREGATES
from tests.features.replays import Rows, batch, dataset_of
from tests.features.samples import NOON, paid
from tests.oracle import naive_features

DAY_S: Final = 86_400
HOT: Final = Catalog((
    feature_view("payer", "out", "10m 1h 1d", *AGGREGATES, why="A test."),
    feature_view("payee", "in", "1h 1d", *AGGREGATES, why="A test."),
    feature_view("device", None, "1h 1d", *AGGREGATES, why="A test."),
))
PLAN: Final = compile_plan(HOT)


def asked(log: Sequence[Transfer], places: Sequence[int]) -> Rows:
    """Return the rows of some transfers of a log, which are the only ones asked for."""
    features, rows = OnlineFeatures(PLAN), []
    for place, transfer in enumerate(log):
        if place in places:
            rows.append(features.query(transfer))
        features.push(transfer)
    return np.array(rows)


def hot(
    n: int, *, payees: int = 1, fen: int = 1, step_fen: int = 0, start_s: float = 0, gap_s: float = 1
) -> list[Transfer]:
    """Return `n` transfers of one account and device to some payees in turn, amounts going up or down."""
    return [
        paid(
            round(start_s) + number,
            at_s=start_s + number * gap_s,
            payee=f"p{number % payees}",
            fen=fen + step_fen * number,
            device_id="d",
        )
        for number in range(n)
    ]


@pytest.mark.parametrize(
    "log",
    [
        pytest.param(hot(5_200), id="one-payee"),
        pytest.param(hot(5_200, payees=1_700), id="many-payees"),
        pytest.param(hot(5_200, payees=3, step_fen=7), id="ascending"),
        pytest.param(hot(5_200, payees=3, fen=10**6, step_fen=-7), id="descending"),
    ],
)
def test_hot_account_is_counted_in_full(log: list[Transfer]) -> None:
    """An account with thousands of transfers in its windows has the numbers that the definitions give."""
    places = [255, 256, 257, 512, 2_047, 2_048, 2_049, 4_096, 4_097, 5_199]

    got = asked(log, places)

    np.testing.assert_array_equal(got, naive_features(log, HOT, only=places))


def test_silence_empties_a_hot_account_and_it_fills_again() -> None:
    """After a jump in time blocks are given back a few at a time, and what comes then is counted as before."""
    log: list[Transfer] = []
    for start_s, n in ((0, 4_000), (DAY_S + 2_000, 40), (3 * DAY_S, 700), (50 * DAY_S, 5), (51 * DAY_S, 2_600)):
        log += hot(n, payees=37, fen=10**9, step_fen=-1_001 if n < 2_000 else 1_001, start_s=start_s)
    places = [3_999, 4_000, 4_001, 4_010, 4_039, 4_040, 4_400, 4_739, 4_740, 4_744, 4_745, 5_100, 7_344]

    got = asked(log, places)

    np.testing.assert_array_equal(got, naive_features(log, HOT, only=places))


def test_amounts_of_any_order_keep_their_extremes() -> None:
    """Falling, rising and random runs of amounts, at uneven gaps, have the extremes of each window."""
    chance = Random(3)  # noqa: S311  # no secret
    log = hot(1_500, fen=10**9, step_fen=-3, gap_s=0.4) + hot(1_500, fen=10**6, step_fen=3, start_s=700, gap_s=1.7)
    log += [
        paid(9_000 + number, at_s=4_000 + number * 2.5, payee=chance.choice("xyz"), fen=chance.randrange(10**9))
        for number in range(1_200)
    ]
    places = [*range(900, 4_200, 300), 4_199]

    got = asked(log, places)

    np.testing.assert_array_equal(got, naive_features(log, HOT, only=places))


def test_hot_accounts_follow_one_another_in_a_replay() -> None:
    """A replay by groups starts each account afresh, after a hot one too."""
    few = Catalog((
        feature_view("payer", "out", "10m 1h", count(), maximum(), minimum(), std(), distinct(), why="A test."),
    ))
    log: list[Event] = []
    for number in range(900):
        log += [
            paid(10 * number + place, at_s=number, payer=payer, payee=f"p{number % 9}", fen=fen)
            for place, (payer, fen) in enumerate([("a", number), ("b", 1_000 - number), ("c", 5)])
        ]
        log += [paid(10 * number + 7, at_s=number, payer=f"only {number}", payee="p")] if number % 3 == 0 else []
    only = [10, 300, 301, 302, 303, 1_500, 2_000, 2_600, 2_601, 2_602, 2_603, len(log) - 1]

    got = batch(dataset_of(log), few)

    np.testing.assert_array_equal(got[only], naive_features(log, few, only=only))


@pytest.mark.soak
def test_two_million_transfers_of_one_account() -> None:
    """An account with two million of the largest transfers in a window has exact numbers to the last."""
    n, n_payees = 2_000_000, 3_000
    view = feature_view("payer", "out", "10m 90d", count(), total(), mean(), maximum(), minimum(), std(), distinct(), share("small"), why="A test.")  # fmt: skip
    place = np.arange(n)
    transfers = pd.DataFrame({
        "transfer_id": place.astype(str),
        "event_time": pd.Series(pd.Timestamp(NOON) + pd.to_timedelta(place, unit="s")).astype("datetime64[ms, UTC]"),
        "payer_account_id": "a",
        "payee_account_id": np.char.add("p", (place % n_payees).astype(str)),
        "amount_fen": AMOUNT_MAX_FEN - place,
    })

    got = replay(transfers, catalog=Catalog((view,)))

    sums = (np.cumsum(AMOUNT_MAX_FEN - place, dtype=np.uint64) - (AMOUNT_MAX_FEN - place).astype(np.uint64)).astype(
        np.float64
    )
    assert (got["payer_out_transfers_count_90d"] == place).all()
    assert (got["payer_out_amount_fen_sum_90d"] == sums).all()
    assert (got["payer_out_transfers_count_10m"] == np.minimum(place, 600)).all()
    assert (got["payer_out_payees_distinct_90d"] == np.minimum(place, n_payees)).all()
    assert (got["payer_out_amount_fen_min_90d"][1:] == AMOUNT_MAX_FEN - place[:-1]).all()
    assert (got["payer_out_amount_fen_max_90d"][1:] == AMOUNT_MAX_FEN).all()
    assert (got["payer_out_amount_fen_max_10m"][601:] == AMOUNT_MAX_FEN - place[1:-600]).all()


@pytest.mark.soak
@pytest.mark.parametrize(
    ("n", "fens"), [(2**18, (0, AMOUNT_MAX_FEN)), (2**21, (10**3, 10**8)), (2**21, (AMOUNT_MAX_FEN, AMOUNT_MAX_FEN))]
)
def test_spread_is_exact_as_far_as_it_says(n: int, fens: tuple[int, int]) -> None:
    """Over as many transfers as its docstring names, the spread has the bits of the exact sums."""
    view = feature_view("payer", "out", "90d", std(), why="A test.")
    place = np.arange(n + 1)
    transfers = pd.DataFrame({
        "transfer_id": place.astype(str),
        "event_time": pd.Series(pd.Timestamp(NOON) + pd.to_timedelta(place, unit="s")).astype("datetime64[ms, UTC]"),
        "payer_account_id": "a",
        "payee_account_id": "b",
        "amount_fen": np.array(fens)[place % 2],
    })
    one, two = (int(math.log10(max(fen, 1)) * 2**20 + 0.5) for fen in fens)

    got = replay(transfers, catalog=Catalog((view,)))["payer_out_amount_log10_std_90d"]

    expected = math.sqrt(n * (n // 2) * (one**2 + two**2) - ((n // 2) * (one + two)) ** 2) / n / 2**20
    assert got.iloc[-1] == expected
