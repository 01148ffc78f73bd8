"""Gangs take accounts with a past, try them, work them, and leave stopped ones."""

import numpy as np

from fraudguard.simulate.account_cards import layers_of
from fraudguard.simulate.gangs import Gang, first_movements
from fraudguard.simulate.orders import Role, orders
from fraudguard.simulate.plan import FraudPlan, plan_fraud
from fraudguard.simulate.rerouting import reroute
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated, empty_world, unblocked


def test_gangs_share_no_account() -> None:
    """Each account serves one gang, and mules stay a small part of the world."""
    world = empty_world(accounts=4_000)
    gangs = plan_fraud(world, victim_transfers=400).gangs
    accounts = np.concatenate([gang.accounts for gang in gangs])

    assert len(gangs) >= 3
    assert len(set(accounts.tolist())) == len(accounts)
    assert len(accounts) < 0.05 * world.population.size
    assert not set(accounts.tolist()) & set(world.places.deep.tolist())


def test_batches_follow_each_other(plan: FraudPlan) -> None:
    """Every batch has its days within the gang's life, and the day of a batch leads back to it."""
    gang = max(plan.gangs, key=lambda one: len(one.layer_1))
    for batch, day in zip(gang.layer_1, gang.opening_days, strict=True):
        assert gang.in_use(gang.layer_1, day + 1e-6).tolist() == batch.tolist()
        assert gang.batch_day(day + 1e-6) == day
    assert gang.in_use(gang.layer_1, -1_000).tolist() == gang.layer_1[0].tolist()
    assert gang.in_use(gang.layer_1, 1_000).tolist() == gang.layer_1[-1].tolist()


def probing_gang(world: World) -> Gang:
    """Return a gang that has found out that 5 000 yuan pass."""
    people = world.places.people.tolist()
    return Gang(
        number=0, first_day=10, life_days=30, kinds=frozenset({0}), layer_1=(np.array(people[:20]),),
        layer_2=(np.array(people[20:24]),), layer_3=(np.array(people[24:28]),), slow=False, cap_fen=500_000,
    )  # fmt: skip


def test_accounts_are_tried_before_use(world: World) -> None:
    """Test payments are of at most ten yuan, probes rise to what passes, and both come before the first victim."""
    gang = probing_gang(world)
    rows = first_movements(world, gang, block_days=range(9, 10))
    opening_ms = world.period.start_ms + 10 * DAY_MS
    mule = rows[rows["role"] == Role.MULE]
    probes = mule[mule["payer"] == gang.layer_3[0][0]]
    tests = mule[mule["payer"] != gang.layer_3[0][0]]

    assert tests["amount_fen"].max() <= 1000
    assert len(tests) > 5
    assert probes["amount_fen"].tolist() == [1_000, 10_000, 100_000, 500_000]
    assert (np.diff(probes["time_ms"]) > 0).all()
    assert mule["time_ms"].max() < opening_ms + 9 * 3_600_000
    assert len(first_movements(world, gang, block_days=range(10, 20))) == 0


def test_some_accounts_look_lived_in(world: World) -> None:
    """Groceries and bills are paid from some accounts, to shops and billers."""
    rows = first_movements(world, probing_gang(world), block_days=range(9, 10))
    bought = rows[rows["role"] == Role.ORDINARY]

    assert len(bought) > 0
    assert set(bought["payee"].tolist()) <= set(world.places.shops.tolist()) | set(world.places.billers.tolist())


def test_money_avoids_stopped_accounts(world: World, plan: FraudPlan) -> None:
    """A payment into a stopped account goes to a live one of the same layer, if there is one."""
    gang = max(plan.gangs, key=lambda one: len(one.accounts))
    layers, blocked = layers_of(plan.gangs, accounts=world.population.size), unblocked(world)
    stopped = int(gang.layer_1[0][0])
    blocked[stopped] = 5
    rows = orders([4, 6], [0, 0], [stopped, stopped], amount_fen=100, role=Role.VICTIM)
    reroute(rows, plan, layers=layers, blocked_ms=blocked)

    assert rows["payee"][0] == stopped
    assert rows["payee"][1] != stopped
    assert layers[rows["payee"][1]] == 1

    blocked[gang.accounts] = 5
    rows = orders([6], [0], [stopped], amount_fen=100, role=Role.VICTIM)
    reroute(rows, plan, layers=layers, blocked_ms=blocked)
    assert rows["payee"][0] == stopped


def test_mules_lived_before(simulated: Simulated) -> None:
    """Most accounts that receive victims' money have ordinary transfers too."""
    rows = simulated.transfers
    victims = rows[rows["is_victim_transfer"] & (rows["event_type"] == "transfer")]
    mules = set(victims["payee_account_id"])
    ordinary = rows[~(rows["is_victim_transfer"] | rows["is_mule_movement"])]
    known = set(ordinary["payer_account_id"]) | set(ordinary["payee_account_id"])

    assert len(mules & known) > 0.6 * len(mules)


def test_most_young_accounts_are_honest(simulated: Simulated) -> None:
    """Of the young accounts that are paid, mules are a small part."""
    accounts = simulated.dataset.accounts.drop_duplicates("account_id").set_index("account_id")
    rows = simulated.transfers
    young = rows[rows["payee_account_id"].map(accounts["opened_at"]) > "2026-02-01"]

    assert len(young) > 200
    assert young["is_victim_transfer"].mean() < 0.05
