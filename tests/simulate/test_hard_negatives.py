"""Honest episodes that look like fraud."""

import numpy as np
import pytest

from fraudguard.simulate.hard_negatives import HARD_NEGATIVES, SCENARIOS, HardNegative, enough_of, hard_negatives
from fraudguard.simulate.orders import Role
from fraudguard.simulate.world import Scene
from tests.simulate.conftest import Simulated


def test_there_are_five_times_as_many_as_cases(simulated: Simulated) -> None:
    """Honest episodes that left a transfer outnumber fraud cases five to one."""
    cases = simulated.truth.loc[simulated.truth["is_victim_transfer"], "case_id"].nunique()

    assert simulated.truth["episode"].nunique() >= 5 * cases


def test_scenarios_happen(simulated: Simulated) -> None:
    """All scenarios but perhaps the rarest leave transfers, none of them fraud."""
    honest = simulated.truth[simulated.truth["scenario"].notna()]

    assert set(SCENARIOS) - set(honest["scenario"]) <= {"parcel_station", "false_96110_alert"}
    assert not (honest["is_victim_transfer"] | honest["is_mule_movement"]).any()


@pytest.mark.parametrize("scenario", HARD_NEGATIVES, ids=lambda scenario: scenario.name)
def test_scenario_makes_its_episodes(scene: Scene, scenario: HardNegative) -> None:
    """A scenario asked for two episodes makes orders of two, and of none when asked for none."""
    made = scenario.make(scene, np.random.default_rng(1), 2)
    asked = {0, 1} if scenario.name != "new_phone_week" else set(range(len(set(made["episode"]))))

    assert set(made["episode"]) == asked
    assert (made["role"] == Role.ORDINARY).all()
    assert len(scenario.make(scene, np.random.default_rng(1), 0)) == 0


def test_episodes_are_numbered_apart_and_never_before_their_block(scene: Scene) -> None:
    """No two scenarios share an episode number, and nothing is ordered for a day that has passed."""
    made = hard_negatives(scene, scale=30)
    pairs = {(int(row["scenario"]), int(row["episode"])) for row in made}

    assert len(pairs) == len({episode for _, episode in pairs})
    assert len(pairs) >= 50
    assert made["time_ms"].min() >= scene.start_ms


def test_stated_rates_hold_unless_fraud_is_dense() -> None:
    """Rates are raised only as far as needed to outnumber the cases."""
    assert enough_of(cases=10, accounts=20_000, days=60) == 1
    assert enough_of(cases=10_000, accounts=20_000, days=60) > 50


def test_tuition_has_its_season(simulated: Simulated) -> None:
    """Schools are paid before the autumn term and at no other time of the summer."""
    rows = simulated.transfers[simulated.transfers["scenario"] == "tuition"]
    local = rows["event_time"].dt.tz_convert("Asia/Shanghai").dt.strftime("%m-%d")

    assert len(rows) > 50
    assert local.min() >= "08-20"
    assert local.max() <= "09-10"


def test_a_crew_is_paid_from_one_large_sum(simulated: Simulated) -> None:
    """A foreman gets one sum and pays ten wages or more within two hours."""
    rows = simulated.transfers[simulated.transfers["scenario"] == "foreman"]
    for _, episode in rows.groupby("episode"):
        out = episode.iloc[1:]
        assert len(out) >= 8
        assert (out["event_time"].max() - episode["event_time"].min()).total_seconds() < 7_200
        assert episode["payee_account_id"].iloc[0] == out["payer_account_id"].unique().item()
