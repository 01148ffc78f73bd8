"""The model in shadow beside the live one."""

from datetime import timedelta

from fraudguard.finding import Finding, FindingValue
from fraudguard.labels import Label
from fraudguard.serve.comparison import compare, findings_by_transfer
from fraudguard.serve.store.shadows import Pair
from tests.fakes import START, make_transfer


def pair(transfer_id: str, live: str | None, shadow: str | None, *, at_ms: int = 1_000) -> Pair:
    """Return what both models said of a transfer; the scores lie 0.25 apart."""
    return Pair(
        seq=1,
        transfer_id=transfer_id,
        decided_at_ms=at_ms,
        live_version="m-live",
        live_tier=live,
        live_score=0.5,
        shadow_tier=shadow,
        shadow_score=0.25,
    )


def found(transfer_id: str, finding: FindingValue, finding_id: str = "F", **fields: object) -> Finding:
    """Return a finding."""
    moments = {"event_time": START, "received_at": START}
    return Finding(finding_id=finding_id, finding=finding, transfer_id=transfer_id, **{**moments, **fields})  # type: ignore[arg-type]


def test_alerts_are_counted_by_what_was_found() -> None:
    """Each transfer counts once, under the label its standing finding gives it."""
    events = [
        make_transfer("T0"),
        found("T1", FindingValue.VICTIM_TRANSFER),
        found("T2", FindingValue.GENUINE),
        found("T3", FindingValue.GENUINE, "F3"),
        found("T3", FindingValue.VICTIM_TRANSFER, "F4", supersedes="F3", received_at=START + timedelta(days=1)),
        found("T4", FindingValue.UNDETERMINED),
    ]
    pairs = [
        pair("T1", "high", None),
        pair("T2", None, "low"),
        pair("T3", "high", "urgent"),
        pair("T4", None, None),
        pair("T5", None, "low", at_ms=5_000),
    ]
    done = compare("m-new", pairs, findings_by_transfer(events))
    fraud, genuine, unknown = (done.outcomes[label] for label in (Label.FRAUD, Label.GENUINE, Label.UNKNOWN))

    assert (fraud.n_transfers, fraud.both, fraud.live_only, fraud.shadow_only) == (2, 1, 1, 0)
    assert (fraud.live, fraud.shadow) == (2, 1)
    assert (genuine.n_transfers, genuine.shadow_only) == (1, 1)
    assert (unknown.n_transfers, unknown.shadow_only) == (2, 1)
    assert (done.live_versions, done.score_difference) == (("m-live",), 0.25)
    assert done.begin is not None
    assert done.end is not None
    assert (done.end - done.begin).total_seconds() == 4


def test_nothing_judged_gives_an_empty_comparison() -> None:
    """No transfer, no moment, no difference."""
    done = compare("m-new", [], {})

    assert (done.begin, done.end, done.score_difference) == (None, None, 0.0)
    assert all(outcome.n_transfers == 0 for outcome in done.outcomes.values())
