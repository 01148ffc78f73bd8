"""Honest episodes that look like fraud."""

import numpy as np
import pytest

from fraudguard.simulate.hard_negatives import HARD_NEGATIVES, HardNegative, hard_negatives
from fraudguard.simulate.orders import Role
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated


def test_there_are_five_times_as_many_as_cases(simulated: Simulated) -> None:
    """Honest episodes that left a transfer outnumber fraud cases five to one."""
    cases = simulated.truth.loc[simulated.truth["is_victim_transfer"], "case_id"].nunique()

    assert simulated.truth["episode"].nunique() >= 5 * cases


def test_all_scenarios_happen(simulated: Simulated) -> None:
    """Each scenario leaves transfers, none of them fraud."""
    honest = simulated.truth[simulated.truth["scenario"].notna()]

    assert set(honest["scenario"]) == {scenario.name for scenario in HARD_NEGATIVES}
    assert not (honest["is_victim_transfer"] | honest["is_mule_movement"]).any()


@pytest.mark.parametrize("scenario", HARD_NEGATIVES, ids=lambda scenario: scenario.name)
def test_scenario_makes_its_episodes(world: World, scenario: HardNegative) -> None:
    """A scenario asked for six episodes makes orders of six, and of none when asked for none."""
    made = scenario.make(world, np.random.default_rng(1), 6)

    assert set(made["episode"]) == set(range(6))
    assert (made["role"] == Role.ORDINARY).all()
    assert len(scenario.make(world, np.random.default_rng(1), 0)) == 0


def test_episodes_are_numbered_apart(world: World) -> None:
    """No two scenarios share an episode number."""
    made = hard_negatives(world, cases=10)
    pairs = {(int(row["scenario"]), int(row["episode"])) for row in made}

    assert len(pairs) == len({episode for _, episode in pairs})
    assert len(pairs) >= 50
