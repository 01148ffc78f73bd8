"""Findings come late, name existing transfers, and leave some fraud unknown."""

from tests.simulate.conftest import Simulated


def test_findings_name_existing_transfers(simulated: Simulated) -> None:
    """Every finding is about a transfer of the log and comes after it."""
    found = simulated.dataset.findings.merge(
        simulated.transfers[["transfer_id", "event_time"]], on="transfer_id", how="left", suffixes=("", "_of_transfer")
    )

    assert found["event_time_of_transfer"].notna().all()
    assert (found["event_time"] > found["event_time_of_transfer"]).all()
    assert (found["received_at"] >= found["event_time"]).all()


def test_findings_stand_in_order_of_arrival(simulated: Simulated) -> None:
    """Findings are in the order in which they were received, under unique ids."""
    findings = simulated.dataset.findings

    assert findings["received_at"].is_monotonic_increasing
    assert findings["finding_id"].is_unique
    assert findings["finding_id"].is_monotonic_increasing


def test_findings_are_right_but_incomplete(simulated: Simulated) -> None:
    """A finding never contradicts the truth, and some victims never report."""
    found = simulated.dataset.findings.merge(
        simulated.transfers[["transfer_id", "is_victim_transfer", "is_mule_movement", "amount_fen"]], on="transfer_id"
    )
    reported = found[found["finding"] == "victim_transfer"]
    traced = found[found["finding"] == "mule_movement"]
    cleared = found[found["finding"].isin(["genuine", "civil_dispute"])]

    assert reported["is_victim_transfer"].all()
    assert (reported["loss_fen"] == reported["amount_fen"]).all()
    assert traced["is_mule_movement"].all()
    assert not (cleared["is_victim_transfer"] | cleared["is_mule_movement"]).any()
    assert 0 < len(reported) < simulated.truth["is_victim_transfer"].sum()
    assert min(len(traced), len(cleared)) > 0


def test_a_case_is_reported_whole(simulated: Simulated) -> None:
    """A victim who reports names all payments of the case at one moment."""
    findings = simulated.dataset.findings
    reported = set(findings.loc[findings["finding"] == "victim_transfer", "transfer_id"])
    rows = simulated.transfers
    victims = rows[rows["is_victim_transfer"]]
    known = victims["transfer_id"].isin(reported).groupby(victims["case_id"]).mean()

    assert known.isin([0.0, 1.0]).all()
