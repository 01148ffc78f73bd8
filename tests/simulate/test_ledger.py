"""The ledger's promises hold for any orders."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudguard.simulate.ledger import CLASS_II_DAILY_FEN, Ledger, settle
from fraudguard.simulate.orders import Orders, orders
from fraudguard.simulate.population import Segment
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.streams import IntArray
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated

NEVER_BLOCKED = np.iinfo(np.int64).max


def random_orders(world: World, seed: int, size: int) -> Orders:
    """Return orders between a few accounts, fixed amounts and shares mixed."""
    rng = np.random.default_rng(seed)
    few = rng.choice(world.population.size, 12)
    return orders(
        world.period.start_ms + rng.integers(-DAY_MS, (world.period.days + 1) * DAY_MS, size),
        rng.choice(few, size),
        rng.choice(few, size),
        amount_fen=rng.integers(0, 3_000_000, size),
        share=np.where(rng.random(size) < 0.4, rng.random(size), 0.0),
        unit_fen=rng.choice([1, 100, 10_000], size),
    )


def unblocked(world: World) -> IntArray:
    """Return that nobody is blocked."""
    return np.full(world.population.size, NEVER_BLOCKED, np.int64)


def replayed(world: World, ledger: Ledger) -> list[int]:
    """Return the payer's balance before each transfer, counted again in the plainest way."""
    balance = world.places.start_balances(world.population).tolist()
    before = []
    for row in ledger.orders:
        before.append(balance[row["payer"]])
        balance[row["payer"]] -= int(row["amount_fen"])
        balance[row["payee"]] += int(row["amount_fen"])
    return before


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), size=st.integers(0, 200))
def test_no_balance_below_zero(world: World, seed: int, size: int) -> None:
    """Whatever is ordered, balances stay at or above zero and are told rightly."""
    ledger = settle(world, random_orders(world, seed, size), blocked_ms=unblocked(world))

    assert ledger.balance_before_fen.tolist() == replayed(world, ledger)
    assert (ledger.balance_before_fen >= ledger.orders["amount_fen"]).all()
    assert (ledger.orders["amount_fen"] > 0).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_transfers_stay_inside_the_period(world: World, seed: int) -> None:
    """Nothing happens outside the period, to oneself, or before an account is open."""
    rows = settle(world, random_orders(world, seed, 150), blocked_ms=unblocked(world)).orders
    opened_ms = world.period.start_ms + (world.population.opened_day + 1) * DAY_MS

    assert (rows["payer"] != rows["payee"]).all()
    assert ((rows["time_ms"] >= world.period.start_ms) & (rows["time_ms"] < world.period.until_ms)).all()
    assert (rows["time_ms"] >= np.maximum(opened_ms[rows["payer"]], opened_ms[rows["payee"]])).all()
    assert (np.diff(rows["time_ms"]) >= 0).all()


def test_class_ii_limit_binds(world: World) -> None:
    """A class II account with much money pays 10 000 yuan on a day and no fen more."""
    payer = int(np.flatnonzero(world.population.is_class_ii & (world.population.opened_day < 0))[0])
    payee, source = int(world.population.members(Segment.COMPANY)[0]), int(world.places.deep[0])
    day = world.period.start_ms + DAY_MS
    wanted = orders(
        [day, day + 1, day + 2, day + 3, day + DAY_MS],
        [source, payer, payer, payer, payer],
        [payer, payee, payee, payee, payee],
        amount_fen=[10 * CLASS_II_DAILY_FEN, 600_000, 400_000, 1, 1_000_000],
    )
    paid = settle(world, wanted, blocked_ms=unblocked(world)).orders

    assert paid["amount_fen"].tolist() == [10 * CLASS_II_DAILY_FEN, 600_000, 400_000, 1_000_000]


def test_blocked_account_receives_only(world: World) -> None:
    """A stopped account takes money in and pays none out."""
    account = int(world.population.members(Segment.SALARIED)[0])
    source = int(world.places.deep[0])
    blocked = unblocked(world)
    blocked[account] = world.period.start_ms + 5
    moment = world.period.start_ms + DAY_MS * 20
    wanted = orders([moment, moment + 1], [source, account], [account, source], amount_fen=[10_000, 100])
    paid = settle(world, wanted, blocked_ms=blocked).orders

    assert paid["payee"].tolist() == [account]


def test_class_ii_limit_holds_in_the_world(simulated: Simulated) -> None:
    """No class II account of a whole world pays out more than the limit on a local day."""
    accounts = simulated.dataset.accounts
    limited = set(accounts.loc[accounts["account_class"] == "II", "account_id"])
    rows: Any = simulated.dataset.transfers
    rows = rows[rows["payer_account_id"].isin(limited)]
    day = rows["event_time"].dt.tz_convert("Asia/Shanghai").dt.date
    spent = rows.groupby([rows["payer_account_id"], day])["amount_fen"].sum()

    assert len(spent) > 100
    assert spent.max() <= CLASS_II_DAILY_FEN


def test_settling_is_the_same_in_any_order(world: World) -> None:
    """The order in which orders are handed in does not matter."""
    wanted = random_orders(world, 1, 300)
    shuffled = wanted[np.random.default_rng(2).permutation(len(wanted))]
    first = settle(world, wanted, blocked_ms=unblocked(world))
    second = settle(world, shuffled, blocked_ms=unblocked(world))

    assert first.orders.tobytes() == second.orders.tobytes()
