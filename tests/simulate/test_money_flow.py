"""Money of victims moves on within minutes, in parts, and out of the banks."""

import numpy as np
import pytest

from fraudguard.simulate.money_flow import pass_on
from fraudguard.simulate.orders import NONE, Orders, Role, numbered, orders
from fraudguard.simulate.plan import FraudPlan
from fraudguard.simulate.rhythm import DAY_MS
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated

AMOUNT_FEN = 3_000_000


def arrivals(world: World, plan: FraudPlan, size: int) -> Orders:
    """Return payments into one first-layer account."""
    account = plan.gangs[0].layer_1[0][0]
    moment = np.full(size, world.period.start_ms + DAY_MS)
    return numbered(
        orders(moment, np.zeros(size), np.full(size, account), amount_fen=AMOUNT_FEN, role=Role.VICTIM), 100
    )


@pytest.fixture(scope="module")
def moved(world: World, plan: FraudPlan) -> Orders:
    """Give what follows on three hundred payments."""
    return pass_on(world, np.random.default_rng(2), arrivals(world, plan, 300), gang=plan.gangs[0], drift=plan.drift)


def test_every_part_has_a_parent(moved: Orders) -> None:
    """Serials are unique, and each part names a payment that came before it."""
    when = {100 + number: 0 for number in range(300)} | dict(
        zip(moved["serial"].tolist(), moved["time_ms"].tolist(), strict=True)
    )

    assert len(set(moved["serial"].tolist())) == len(moved)
    assert (moved["parent"] != NONE).all()
    assert all(when[int(row["parent"])] < row["time_ms"] for row in moved)


def test_parts_add_up(moved: Orders) -> None:
    """The parts of a payment are a little less than the whole: one to three in a hundred stay behind."""
    for parent in np.unique(moved["parent"]):
        assert 0.96 < moved["share"][moved["parent"] == parent].sum() < 1.0


def test_layers_are_reached_as_stated(moved: Orders) -> None:
    """About nine in ten payments reach a second layer, seven a third, a third of them a fourth."""
    source = dict(zip(moved["serial"].tolist(), moved["parent"].tolist(), strict=True))
    deepest = dict.fromkeys(range(100, 400), 1)
    for row in moved[np.argsort(moved["hop"])]:
        root = int(row["parent"])
        while root in source:
            root = source[root]
        deepest[root] = max(deepest[root], int(row["hop"]))
    depths = np.array(list(deepest.values()))

    assert 0.8 < (depths >= 2).mean() < 0.97
    assert 0.58 < (depths >= 3).mean() < 0.82
    assert 0.2 < (depths >= 4).mean() < 0.5


def test_rests_are_of_minutes(world: World, moved: Orders) -> None:
    """The first layer keeps money one to ten minutes, and a little longer for later parts."""
    first = moved[moved["hop"] == 1]
    waited_s = (first["time_ms"] - world.period.start_ms - DAY_MS) / 1000

    assert waited_s.min() >= 60
    assert np.median(waited_s) < 600


def test_nothing_follows_on_cash(world: World, plan: FraudPlan) -> None:
    """Cash that a victim hands to a courier never enters the accounts."""
    paid = arrivals(world, plan, 3)
    paid["event_type"] = 1

    assert len(pass_on(world, np.random.default_rng(0), paid, gang=plan.gangs[0], drift=plan.drift)) == 0


def test_money_is_traced_through_the_world(simulated: Simulated) -> None:
    """Hops go from one to four, and some of the victims' money leaves as cash and coins."""
    mule = simulated.transfers[simulated.transfers["is_mule_movement"]]

    assert set(mule["hop"].dropna()) == {1, 2, 3, 4}
    assert {"cash_withdrawal", "crypto_otc", "card_payment"} <= set(mule["event_type"])
