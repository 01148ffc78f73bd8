"""The ledger's promises hold for any orders."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudguard.simulate.ledger import Ledger, Settled
from fraudguard.simulate.orders import NONE, Orders, numbered, orders
from fraudguard.simulate.population import (
    CLASS_II_DAILY_FEN,
    CLASS_III_BALANCE_FEN,
    CLASS_III_DAILY_FEN,
    CLASSES,
    Segment,
)
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated, empty_world, unblocked


def random_orders(world: World, seed: int, size: int) -> Orders:
    """Return orders between a few accounts: fixed amounts, shares, and children of earlier ones mixed."""
    rng = np.random.default_rng(seed)
    few = rng.choice(world.population.size, 12)
    serial = np.arange(size)
    return orders(
        world.period.start_ms + rng.integers(0, world.period.days * DAY_MS, size),
        rng.choice(few, size),
        rng.choice(few, size),
        amount_fen=rng.integers(0, 3_000_000, size),
        share=np.where(rng.random(size) < 0.4, rng.random(size), 0.0),
        unit_fen=rng.choice([1, 100, 10_000], size),
        serial=serial,
        parent=np.where(rng.random(size) < 0.3, rng.integers(0, size + 1, size), NONE),
    )


def settle(world: World, wanted: Orders) -> Settled:
    """Settle in one block with nobody stopped."""
    return Ledger(world).settle(wanted, blocked_ms=unblocked(world))


def replayed(world: World, settled: Settled) -> list[int]:
    """Return the payer's balance before each transfer, counted again in the plainest way."""
    balance = world.places.start_balances(world.population).tolist()
    before = []
    for row in settled.orders:
        before.append(balance[row["payer"]])
        balance[row["payer"]] -= int(row["amount_fen"])
        balance[row["payee"]] += int(row["amount_fen"])
    return before


def one_of(world: World, account_class: str) -> int:
    """Return an account of a class that is open all the time."""
    limited = world.population.account_class == CLASSES.index(account_class)
    return int(np.flatnonzero(limited & (world.population.opened_day < 0))[0])


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), size=st.integers(0, 200))
def test_no_balance_below_zero(world: World, seed: int, size: int) -> None:
    """Whatever is ordered, balances stay at or above zero and are told rightly."""
    settled = settle(world, random_orders(world, seed, size))

    assert settled.payer_before_fen.tolist() == replayed(world, settled)
    assert (settled.payer_before_fen >= settled.orders["amount_fen"]).all()
    assert (settled.orders["amount_fen"] > 0).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_transfers_are_between_open_accounts(world: World, seed: int) -> None:
    """Nothing is paid to oneself, out of order, or before an account is open."""
    rows = settle(world, random_orders(world, seed, 150)).orders
    opened_ms = world.period.start_ms + (world.population.opened_day + 1) * DAY_MS

    assert (rows["payer"] != rows["payee"]).all()
    assert (rows["time_ms"] >= opened_ms[rows["payee"]]).all()
    assert (np.diff(rows["time_ms"]) >= 0).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_no_child_without_its_parent(world: World, seed: int) -> None:
    """An order that names a parent is paid after it, by the account the parent paid, or not at all."""
    rows = settle(world, random_orders(world, seed, 200)).orders
    paid = {int(row["serial"]): place for place, row in enumerate(rows)}
    for place, row in enumerate(rows):
        if row["parent"] != NONE:
            assert paid[int(row["parent"])] < place
            assert rows["payee"][paid[int(row["parent"])]] == row["payer"]


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), cut=st.integers(1, 20))
def test_settling_in_blocks_is_settling_at_once(world: World, seed: int, cut: int) -> None:
    """Blocks of days give what one block gives, with what is forgotten in between."""
    wanted = random_orders(world, seed, 200)
    whole = settle(world, wanted)
    ledger, border = Ledger(world), world.period.start_ms + cut * DAY_MS
    early, late = wanted[wanted["time_ms"] < border], wanted[wanted["time_ms"] >= border]
    first = ledger.settle(early, blocked_ms=unblocked(world))
    ledger.forget(before_ms=border, parents=late["parent"])
    second = ledger.settle(late, blocked_ms=unblocked(world))

    assert np.concatenate([first.orders, second.orders]).tobytes() == whole.orders.tobytes()


def test_a_share_of_a_parent_is_of_what_it_paid(world: World) -> None:
    """Half of a payment is passed on when the payment itself was cut to the balance."""
    source, first, second = world.places.people[:3].tolist()
    balance = int(world.population.balance_fen[source])
    moment = world.period.start_ms + 20 * DAY_MS
    paid = numbered(orders([moment], [source], [first], amount_fen=10**9, share=1.0), 5)
    onward = orders([moment + 1], [source], [second], share=0.5, parent=5)
    rows = settle(world, np.concatenate([paid, onward])).orders

    assert rows["amount_fen"].tolist() == [balance, balance // 2]
    assert rows["payer"].tolist() == [source, first]


def test_class_ii_limit_binds(world: World) -> None:
    """A class II account with much money pays 10 000 yuan on a day and no fen more."""
    payer, payee, source = (
        one_of(world, "II"),
        int(world.population.members(Segment.COMPANY)[0]),
        int(world.places.deep[0]),
    )
    day = world.period.start_ms + DAY_MS
    wanted = orders(
        [day, day + 1, day + 2, day + 3, day + DAY_MS],
        [source, payer, payer, payer, payer],
        [payer, payee, payee, payee, payee],
        amount_fen=[10 * CLASS_II_DAILY_FEN, 600_000, 400_000, 1, 1_000_000],
    )

    assert settle(world, wanted).orders["amount_fen"].tolist() == [10 * CLASS_II_DAILY_FEN, 600_000, 400_000, 1_000_000]


def test_class_iii_holds_and_pays_two_thousand_yuan(world: World) -> None:
    """A class III account is not filled above 2 000 yuan and pays no more than that on a day."""
    account, payee = one_of(world, "III"), int(world.population.members(Segment.COMPANY)[0])
    source, day = int(world.places.deep[0]), world.period.start_ms + DAY_MS
    room = CLASS_III_BALANCE_FEN - int(world.population.balance_fen[account])
    wanted = orders(
        [day, day + 1, day + 2, day + 3, day + 4],
        [source, source, account, source, account],
        [account, account, payee, account, payee],
        amount_fen=[room + 1, room, CLASS_III_DAILY_FEN, 100, 100],
    )

    assert settle(world, wanted).orders["amount_fen"].tolist() == [room, CLASS_III_DAILY_FEN, 100]


def test_a_year_has_a_limit_too() -> None:
    """What a class II account pays out in 365 days stays below 200 000 yuan."""
    world = empty_world(days=60)
    payer, source = one_of(world, "II"), int(world.places.deep[0])
    days = world.period.start_ms + np.arange(40) * DAY_MS
    filled = orders(days[:1], [source], [payer], amount_fen=100 * CLASS_II_DAILY_FEN)
    daily = orders(days + 1, np.full(40, payer), np.full(40, source), amount_fen=CLASS_II_DAILY_FEN)

    assert len(settle(world, np.concatenate([filled, daily])).orders) == 1 + 20


def test_blocked_account_receives_only(world: World) -> None:
    """A stopped account takes money in and pays none out."""
    account = int(world.population.members(Segment.SALARIED)[0])
    source = int(world.places.deep[0])
    blocked = unblocked(world)
    blocked[account] = world.period.start_ms + 5
    moment = world.period.start_ms + DAY_MS * 20
    wanted = orders([moment, moment + 1], [source, account], [account, source], amount_fen=[10_000, 100])
    paid = Ledger(world).settle(wanted, blocked_ms=blocked).orders

    assert paid["payee"].tolist() == [account]


def test_legal_limits_hold_in_the_world(simulated: Simulated) -> None:
    """No class II or III account of a whole world pays out more than its limit on a local day."""
    classes = simulated.dataset.accounts.groupby("account_id")["account_class"].first()
    rows: Any = simulated.dataset.transfers
    day = rows["event_time"].dt.tz_convert("Asia/Shanghai").dt.date
    spent = rows.groupby([rows["payer_account_id"], day])["amount_fen"].sum()
    of_class = classes.reindex(spent.index.get_level_values(0)).to_numpy()

    for name, limit_fen in (("II", CLASS_II_DAILY_FEN), ("III", CLASS_III_DAILY_FEN)):
        assert (of_class == name).sum() > 20
        assert spent[of_class == name].max() <= limit_fen
    held = rows.loc[rows["payer_account_id"].map(classes) == "III", "payer_balance_before_fen"]
    assert held.max() <= CLASS_III_BALANCE_FEN


def test_settling_is_the_same_in_any_order(world: World) -> None:
    """The order in which orders are handed in does not matter."""
    wanted = random_orders(world, 1, 300)
    shuffled = wanted[np.random.default_rng(2).permutation(len(wanted))]

    assert settle(world, wanted).orders.tobytes() == settle(world, shuffled).orders.tobytes()
