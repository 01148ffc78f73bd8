"""From findings to labels."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DefinitionError
from fraudguard.finding import Finding, FindingSource, FindingValue
from fraudguard.labels import SOURCE_PRECEDENCE, Label, LabelRule, label_at, standing
from tests.fakes import START

DAY = timedelta(days=1)
RULE = LabelRule(maturity=7 * DAY)


def found(
    finding_id: str = "f1", *, finding: str = "victim_transfer", after_days: float = 1, **fields: object
) -> Finding:
    """Return a finding on transfer T1, learned some days after it."""
    at = START + after_days * DAY
    plain = {"transfer_id": "T1", "source": FindingSource.OFFICER, "event_time": at, "received_at": at} | fields
    return Finding(finding_id=finding_id, finding=FindingValue(finding), **plain)  # type: ignore[arg-type]


def label(findings: Sequence[Finding], *, after_days: float = 30, rule: LabelRule = RULE) -> Label:
    """Return the label of transfer T1 some days after it."""
    return label_at("T1", findings, event_time=START, as_of=START + after_days * DAY, rule=rule)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        ("victim_transfer", Label.FRAUD),
        ("genuine", Label.GENUINE),
        ("mule_movement", Label.UNKNOWN),
        ("civil_dispute", Label.UNKNOWN),
        ("undetermined", Label.UNKNOWN),
    ],
)
def test_finding_becomes_label(finding: str, expected: Label) -> None:
    """Only a target finding is fraud and only a genuine one is genuine."""
    assert label([found(finding=finding)]) is expected


@pytest.mark.parametrize(("after_days", "expected"), [(6.999, Label.UNKNOWN), (7, Label.GENUINE), (8, Label.GENUINE)])
def test_unreported_is_genuine_only_when_mature(after_days: float, expected: Label) -> None:
    """Not yet reported is not genuine; exactly one maturity later it is."""
    assert label([], after_days=after_days) is expected


def test_unreported_may_stay_unknown() -> None:
    """Where only findings label, silence never becomes genuine."""
    assert label([], rule=replace(RULE, unreported="unknown")) is Label.UNKNOWN


@pytest.mark.parametrize(("after_days", "expected"), [(0.99, Label.UNKNOWN), (1, Label.FRAUD)])
def test_finding_counts_from_when_it_was_received(after_days: float, expected: Label) -> None:
    """A finding that has not come in yet is not known."""
    assert label([found()], after_days=after_days) is expected


def test_latest_received_stands() -> None:
    """Of two findings the later one stands, whatever their order."""
    findings = [found("f2", finding="genuine", after_days=2), found("f1", after_days=1)]

    assert label(findings) is label(findings[::-1]) is Label.GENUINE


def test_source_breaks_a_tie() -> None:
    """Of two findings received together, that of the stronger source stands."""
    police = found("f1", source=FindingSource.POLICE_CASE)
    victim = found("f2", finding="genuine", source=FindingSource.VICTIM_REPORT)

    assert standing("T1", [victim, police], as_of=START + 2 * DAY) is police


def test_superseded_does_not_stand() -> None:
    """A superseded finding stays out, even when received late and its successor is superseded too."""
    first = found("f1", after_days=5)
    second = found("f2", finding="genuine", after_days=2, supersedes="f1")
    third = found("f3", finding="undetermined", after_days=1, supersedes="f2")

    assert label([first, second, third]) is Label.UNKNOWN


def test_other_transfers_do_not_label() -> None:
    """A finding on another transfer or on an account says nothing of this one."""
    elsewhere = [found("f1", transfer_id="T2"), found("f2", transfer_id=None, account_id="a1")]

    assert label(elsewhere) is Label.GENUINE


def test_every_source_has_a_precedence() -> None:
    """No source is missing from the order."""
    assert set(SOURCE_PRECEDENCE) == {None, *FindingSource}


@pytest.mark.parametrize("fields", [{"maturity": -DAY}, {"target": ()}, {"target": (FindingValue.GENUINE,)}])
def test_contradictory_rule_is_refused(fields: dict[str, object]) -> None:
    """A rule that cannot be meant is refused where it is made."""
    with pytest.raises(DefinitionError):
        replace(RULE, **fields)  # type: ignore[arg-type]


MOMENTS = st.sampled_from([0.0, 1.0, 6.0, 7.0, 8.0, 20.0])


@given(
    later=MOMENTS, earlier=MOMENTS, kinds=st.lists(st.tuples(st.sampled_from(list(FindingValue)), MOMENTS), max_size=4)
)
def test_mature_label_never_changes_without_new_findings(
    later: float, earlier: float, kinds: list[tuple[FindingValue, float]]
) -> None:
    """Once mature, a label changes only when a finding comes in."""
    findings = [found(f"f{i}", finding=kind, after_days=at) for i, (kind, at) in enumerate(kinds)]
    known = max([7.0, earlier, *(at for _, at in kinds)])

    assert label(findings, after_days=known) is label(findings, after_days=known + later)
