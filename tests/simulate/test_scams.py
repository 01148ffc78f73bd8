"""Fraud cases follow their scam type."""

import numpy as np
import pytest

from fraudguard.finding import ScamType
from fraudguard.simulate.campaigns import CAMPAIGNS
from fraudguard.simulate.orders import Role
from fraudguard.simulate.scams import Fraud, commit_fraud, draw_campaigns
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated


@pytest.fixture(scope="module")
def fraud(world: World) -> Fraud:
    """Give twelve cases."""
    kinds, steps = draw_campaigns(np.random.default_rng(0), transfers=60)
    return commit_fraud(world, kinds, steps)


@pytest.mark.parametrize("transfers", [0.0, 1.0, 40.0, 400.0])
def test_enough_payments_are_drawn(transfers: float) -> None:
    """The payments of all cases come as near to the number wanted as whole cases can."""
    kinds, steps = draw_campaigns(np.random.default_rng(3), transfers=transfers)

    assert abs(steps.sum() - transfers) <= max(steps.max() / 2, steps[0])
    assert len(kinds) == len(steps) >= 1


def test_all_types_happen(simulated: Simulated) -> None:
    """Each scam type has victims in a world of a few thousand accounts."""
    types = simulated.truth.loc[simulated.truth["is_victim_transfer"], "scam_type"]

    assert set(types) == {campaign.scam_type.value for campaign in CAMPAIGNS}


def test_victims_are_no_mules(fraud: Fraud) -> None:
    """Nobody is deceived by a gang that holds their own account."""
    mules = np.concatenate([batch.accounts for batch in fraud.batches])

    assert not set(mules.tolist()) & {case.victim for case in fraud.cases}
    assert len(set(mules.tolist())) == len(mules)


def test_brushing_rises_and_is_paid_back_first(world: World, fraud: Fraud) -> None:
    """A brushing case pays the first order back with a little more, and its last payment is its largest but for chance."""
    rows = fraud.orders
    brushing = [case.number for case in fraud.cases if CAMPAIGNS[case.campaign].scam_type is ScamType.BRUSHING]
    first_and_last = []
    for number in brushing:
        mine = rows[rows["case"] == number]
        paid = np.sort(mine[mine["role"] == Role.VICTIM], order="time_ms")
        back = mine[(mine["role"] == Role.MULE) & (mine["hop"] == 0)]
        first_and_last.append((paid["amount_fen"][0], paid["amount_fen"][-1], back["payee"][0] == paid["payer"][0]))

    assert len(brushing) >= 3
    assert all(last > first and refunded for first, last, refunded in first_and_last)
    assert world.population.size == len(fraud.blocked_ms)


def test_nobody_is_blocked_before_a_report(fraud: Fraud) -> None:
    """An account is stopped only after the first report of its batch."""
    first = min(case.report_ms for case in fraud.cases if case.report_ms >= 0)

    assert fraud.blocked_ms.min() >= first
