"""Gangs take accounts with a past, and pass money on within minutes."""

import numpy as np

from fraudguard.simulate.mules import build_batches, pass_on, trial_payments
from fraudguard.simulate.orders import Role, orders
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated


def test_batches_share_no_account(world: World) -> None:
    """Each account serves one batch, and mules stay a small part of the world."""
    batches = build_batches(world, np.random.default_rng(1), cases=500)
    accounts = np.concatenate([batch.accounts for batch in batches])

    assert len(set(accounts.tolist())) == len(accounts)
    assert len(accounts) < world.population.size / 2
    assert not set(accounts.tolist()) & set(world.places.deep.tolist())


def test_money_moves_on_within_minutes(world: World) -> None:
    """The first layer passes on one to thirty minutes after the arrival, to the second layer."""
    rng = np.random.default_rng(2)
    batch = build_batches(world, rng, cases=3)[0]
    arrivals = np.full(200, world.period.start_ms + DAY_MS)
    paid = orders(arrivals, np.zeros(200), np.repeat(batch.layer_1[:1], 200), amount_fen=500_000, case=7)
    moved = pass_on(world, rng, paid, batch=batch)
    first = moved[moved["hop"] == 1]
    waited_s = (first["time_ms"] - arrivals[0]) / 1000

    assert set(first["payer"]) == {batch.layer_1[0]}
    assert set(first["payee"]) <= set(batch.layer_2.tolist())
    assert waited_s.min() >= 60
    assert np.median(waited_s) < 600
    assert set(moved["hop"]) == {1, 2}
    assert (moved["case"] == 7).all()


def test_trial_payments_are_tiny(world: World) -> None:
    """Accounts are tried out with at most ten yuan, before the batch opens."""
    rng = np.random.default_rng(4)
    trials = [trial_payments(world, rng, batch) for batch in build_batches(world, rng, cases=60)]
    rows = np.concatenate(trials)

    assert len(rows) > 0
    assert rows["amount_fen"].max() <= 1000
    assert (rows["role"] == Role.MULE).all()


def test_mules_lived_before(simulated: Simulated) -> None:
    """Most accounts that receive victims' money have ordinary transfers too."""
    rows = simulated.transfers
    mules = set(rows.loc[rows["is_victim_transfer"], "payee_account_id"])
    ordinary = rows[~(rows["is_victim_transfer"] | rows["is_mule_movement"])]
    known = set(ordinary["payer_account_id"]) | set(ordinary["payee_account_id"])

    assert len(mules & known) > 0.6 * len(mules)


def test_most_new_accounts_are_honest(simulated: Simulated) -> None:
    """Of the young accounts that are paid, mules are a small part."""
    accounts = simulated.dataset.accounts.drop_duplicates("account_id").set_index("account_id")
    rows = simulated.transfers
    young = rows[rows["payee_account_id"].map(accounts["opened_at"]) > "2025-07-01"]

    assert len(young) > 200
    assert young["is_victim_transfer"].mean() < 0.05
