"""Signals: of victims, of honest people, and only where somebody listens."""

import numpy as np
import pandas as pd
import pytest

from fraudguard.signal import SignalType
from fraudguard.simulate.codes import SIGNAL_TYPES
from fraudguard.simulate.hard_negatives import SCENARIOS
from fraudguard.simulate.orders import orders
from fraudguard.simulate.outbox import Outbox
from fraudguard.simulate.signals import SIGNAL, episode_signals, everyday_signals
from fraudguard.simulate.world import Scene
from tests.simulate.conftest import Simulated


def test_signals_stand_in_order_of_arrival(simulated: Simulated) -> None:
    """Signals are in the order in which they were received, after they happened, under unique ids."""
    signals = simulated.dataset.signals

    assert signals["received_at"].is_monotonic_increasing
    assert (signals["received_at"] >= signals["event_time"]).all()
    assert signals["signal_id"].is_unique
    assert len(signals) > 1_000


def test_only_some_customers_are_heard(scene: Scene) -> None:
    """Telecom signals come from customers whose operator tells, at no more than their share."""
    noticed = everyday_signals(scene)
    calls = noticed[noticed["kind"] == SIGNAL_TYPES.index(SignalType.FLAGGED_CALL_RECEIVED)]

    assert len(calls) > 0
    assert scene.population.heard[calls["account"]].all()


def test_banks_say_of_loans_and_deposits(simulated: Simulated) -> None:
    """Nine in ten loans, broken deposits and sold funds are signals too, honest or not."""
    transfers, signals = simulated.dataset.transfers, simulated.dataset.signals
    for event_type, kind in (
        ("loan_disbursement", "loan_application"),
        ("fund_redemption", "fund_redemption"),
        ("term_deposit_break", "term_deposit_break"),
    ):
        told = (signals["signal_type"] == kind).sum() / (transfers["event_type"] == event_type).sum()
        assert 0.8 < told < 1


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("false_96110_alert", "warning_96110_issued"), ("new_phone_week", "limit_raised")],
)
def test_honest_episodes_cause_signals(scene: Scene, scenario: str, kind: str) -> None:
    """A false alert and a raised limit come before the first payment of their episode."""
    moment = scene.start_ms + np.array([86_400_000, 90_000_000] * 20)
    number = np.repeat(np.arange(20), 2)
    rows = orders(moment, scene.places.people[number], scene.places.people[number + 40], amount_fen=100, episode=number)
    rows["scenario"] = SCENARIOS.index(scenario)
    noticed = episode_signals(scene, rows)
    mine = noticed[noticed["kind"] == SIGNAL_TYPES.index(SignalType(kind))]

    assert len(mine) > 5
    assert (mine["time_ms"] < moment[0]).all()


def test_an_outbox_hands_out_what_is_due_in_order() -> None:
    """Rows come out once, in the order they were received; what came too early is dropped."""
    rows = np.zeros(4, SIGNAL)
    rows["received_ms"] = [30, 5, 20, 40]
    outbox = Outbox(SIGNAL)
    outbox.add(rows)

    assert outbox.due(from_ms=10, until_ms=35)["received_ms"].tolist() == [20, 30]
    assert outbox.due(from_ms=35, until_ms=50)["received_ms"].tolist() == [40]
    assert len(outbox.due(from_ms=50, until_ms=60)) == 0


def test_payees_are_named_by_the_police(simulated: Simulated) -> None:
    """Accounts that are stopped after a report are named in signals, and the stop is received as an account row."""
    signals, accounts = simulated.dataset.signals, simulated.dataset.accounts
    requested = set(signals.loc[signals["signal_type"] == "payee_stop_request", "account_id"])
    stopped = set(accounts.loc[accounts["account_status"] == "stop_payment", "account_id"])

    assert len(requested) > 10
    assert requested <= stopped
    assert isinstance(signals, pd.DataFrame)
