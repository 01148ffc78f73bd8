"""Fraud cases follow their scam type."""

from collections.abc import Iterator

import numpy as np
import pytest

from fraudguard.finding import ScamType
from fraudguard.signal import SignalType
from fraudguard.simulate.cases import NEVER, FraudCase, commit
from fraudguard.simulate.codes import CASH_WITHDRAWAL, LOAN_DISBURSEMENT, SIGNAL_TYPES
from fraudguard.simulate.orders import NONE, Role
from fraudguard.simulate.plan import FraudPlan, plan_fraud
from fraudguard.simulate.scam_types import SCAM_PATTERNS
from fraudguard.simulate.world import World
from tests.simulate.conftest import Simulated, empty_world


@pytest.fixture(scope="module")
def big() -> World:
    """Give a stage with room for many cases."""
    return empty_world(accounts=6_000, days=200, seed=3)


@pytest.fixture(scope="module")
def many(big: World) -> FraudPlan:
    """Give a plan of some thousand payments."""
    return plan_fraud(big, victim_transfers=1_500)


@pytest.fixture(scope="module")
def cases(big: World, many: FraudPlan) -> list[FraudCase]:
    """Give all its cases."""
    return [commit(big, many, number) for number in range(many.cases)]


def of_type(many: FraudPlan, cases: list[FraudCase], scam_type: ScamType) -> Iterator[FraudCase]:
    """Return the cases of a type."""
    return (case for case in cases if many.drift.patterns[case.kind].scam_type is scam_type)


@pytest.mark.parametrize("wanted", [0.0, 1.0, 40.0, 400.0])
def test_enough_payments_are_planned(world: World, wanted: float) -> None:
    """The payments planned within the period come near to the number wanted; there is always a case."""
    plan = plan_fraud(world, victim_transfers=wanted)

    assert plan.cases >= 1
    assert plan.payments.sum() >= wanted * 0.9


def test_the_mix_is_the_published_one(many: FraudPlan) -> None:
    """Brushing leads, and shares are within a few points of those stated, drift included."""
    types = [many.drift.patterns[kind].scam_type for kind in many.kind.tolist()]
    for pattern in SCAM_PATTERNS[:4]:
        assert abs(types.count(pattern.scam_type) / len(types) - pattern.share) < 0.08


def test_every_type_happens(many: FraudPlan) -> None:
    """All twelve types have cases, and types nobody knew appear later."""
    assert {many.drift.patterns[kind].scam_type for kind in many.kind.tolist()} == {
        pattern.scam_type for pattern in SCAM_PATTERNS
    }
    assert many.kind.max() >= len(SCAM_PATTERNS)


def test_a_case_is_the_same_whenever_it_is_made(big: World, many: FraudPlan, cases: list[FraudCase]) -> None:
    """Drawn again, alone, a case has the same orders, signals and report."""
    again = commit(big, many, 7)

    assert again.orders.tobytes() == cases[7].orders.tobytes()
    assert again.signals.tobytes() == cases[7].signals.tobytes()
    assert again.report_ms == cases[7].report_ms


def test_victims_are_no_mules(many: FraudPlan) -> None:
    """Nobody is deceived by a gang that holds their own account."""
    assert (many.gang_of[many.victim] == -1).all()


def test_brushing_rises_and_is_paid_back_first(many: FraudPlan, cases: list[FraudCase]) -> None:
    """Most brushing cases pay the first order back with a little more, and end far above where they began."""
    refunded, rises = [], []
    for case in of_type(many, cases, ScamType.BRUSHING):
        paid = case.orders[case.orders["role"] == Role.VICTIM]
        back = case.orders[(case.orders["role"] == Role.MULE) & (case.orders["hop"] == 0)]
        refunded.append(len(back) > 0)
        rises.append(len(paid) > 2 and paid["amount_fen"].max() > 3 * paid["amount_fen"][0])
        assert ((back["share"] >= 1.03) & (back["share"] <= 1.10)).all()

    assert np.mean(refunded) > 0.5
    assert np.mean(rises) > 0.6


def test_credit_repair_borrows_then_pays(many: FraudPlan, cases: list[FraudCase]) -> None:
    """Three in four credit repair cases take a loan before each payment."""
    borrowed = []
    for case in of_type(many, cases, ScamType.CREDIT_REPAIR):
        loans = (case.orders["event_type"] == LOAN_DISBURSEMENT).sum()
        borrowed.append(loans > 0)
        assert loans in {0, (case.orders["role"] == Role.VICTIM).sum()}

    assert 0.5 < np.mean(borrowed) < 0.95


def test_screen_sharing_is_over_in_minutes_and_investing_is_not(many: FraudPlan, cases: list[FraudCase]) -> None:
    """A drain lasts minutes; an investment lasts days."""

    def median_hours(scam_type: ScamType) -> float:
        times = [case.orders["time_ms"][case.orders["role"] == Role.VICTIM] for case in of_type(many, cases, scam_type)]
        return float(np.median([np.ptp(moments) / 3_600_000 for moments in times if len(moments) > 1]))

    assert median_hours(ScamType.SCREEN_SHARE_CANCEL) < 1
    assert median_hours(ScamType.INVESTMENT) > 72


def test_nobody_is_stopped_before_the_report(cases: list[FraudCase]) -> None:
    """Accounts are stopped after the report only, and unreported cases stop nobody."""
    for case in cases:
        assert (case.blocked_ms > case.report_ms).all()
        if case.report_ms == NEVER:
            assert len(case.blocked) == 0


def test_no_victim_pays_after_reporting(cases: list[FraudCase]) -> None:
    """Once the case is reported, the payments are over."""
    for case in cases:
        paid = case.orders["time_ms"][case.orders["role"] == Role.VICTIM]
        if case.report_ms != NEVER:
            assert (paid < case.report_ms).all()


def test_some_hand_over_cash_and_ever_more(big: World, many: FraudPlan, cases: list[FraudCase]) -> None:
    """A part of the cases ends at the counter, and the share of couriers grows."""
    cash = [(case.orders["event_type"] == CASH_WITHDRAWAL)[case.orders["role"] == Role.VICTIM].any() for case in cases]

    assert 0 < np.mean(cash) < 0.2
    assert many.drift.courier_share(0) == pytest.approx(0.02)
    assert many.drift.courier_share(big.period.days) == pytest.approx(0.20)


def test_loans_and_redemptions_are_nobodys_fraud(cases: list[FraudCase]) -> None:
    """What the bank's desks pay in belongs to no case, so that truth does not call it fraud."""
    for case in cases:
        ordinary = case.orders[case.orders["role"] == Role.ORDINARY]
        assert (ordinary["case"] == NONE).all()


def test_callers_are_flagged_and_only_where_somebody_listens(
    big: World, cases: list[FraudCase], many: FraudPlan
) -> None:
    """A third of the cases led by telephone have a flagged call, if the operator tells; none has one if it does not."""
    flagged = SIGNAL_TYPES.index(SignalType.FLAGGED_CALL_RECEIVED)
    led = [case for case in cases if many.drift.patterns[case.kind].flagged_call >= 0.3 and len(case.orders)]
    seen = np.array([(case.signals["kind"] == flagged).any() for case in led])
    heard = np.array([big.population.heard[case.victim] for case in led])

    assert 0.15 < seen[heard].mean() < 0.55
    assert not seen[~heard].any()


def test_losses_are_of_the_published_size(simulated: Simulated) -> None:
    """The mean loss of a case is between 15 000 and 80 000 yuan, and there are about four payments a case."""
    victims = simulated.transfers[simulated.transfers["is_victim_transfer"]]
    by_case = victims.groupby("case_id")["amount_fen"]

    assert 1_500_000 < by_case.sum().mean() < 8_000_000
    assert 3 < by_case.size().mean() < 5.5
