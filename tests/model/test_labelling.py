"""Labels of whole tables."""

from datetime import timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.finding import Finding, FindingSource, FindingValue
from fraudguard.labels import LabelRule, label_at
from fraudguard.model.labelling import derive_labels
from fraudguard.tables import Dataset
from tests.fakes import START

DAY = timedelta(days=1)
IDS = ["T0", "T1", "T2"]
OFFSETS = st.sampled_from([0, 1, 2, 6, 7, 8, 30])


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Draw a few findings with ties, chains of superseding, and some on accounts."""
    drawn = []
    for number in range(draw(st.integers(0, 6))):
        on_account = draw(st.integers(0, 5)) == 0
        received_at = START + draw(OFFSETS) * DAY
        finding = Finding(
            finding_id=f"f{number}",
            finding=draw(st.sampled_from(FindingValue)),
            event_time=received_at,
            received_at=received_at,
            transfer_id=None if on_account else draw(st.sampled_from(IDS)),
            account_id="a1" if on_account else None,
            source=draw(st.sampled_from([None, *FindingSource])),
            supersedes=draw(st.sampled_from([None, "f0", "f1", "f2", "f9"])),
        )
        drawn.append(finding)
    return drawn


def table(drawn: list[Finding]) -> pd.DataFrame:
    """Return findings as a table."""
    columns = ("finding_id", "transfer_id", "finding", "source", "received_at", "supersedes")
    frame = pd.DataFrame([[getattr(finding, name) for name in columns] for finding in drawn], columns=list(columns))
    text = dict.fromkeys(("finding_id", "transfer_id", "finding", "source", "supersedes"), "str")
    return frame.astype({**text, "received_at": "datetime64[ms, UTC]"})


TRANSFERS = pd.DataFrame({
    "transfer_id": IDS,
    "event_time": pd.to_datetime([START, START + DAY, START + 10 * DAY]).astype("datetime64[ms, UTC]"),
})


@given(drawn=findings(), as_of=OFFSETS, maturity=OFFSETS, unreported=st.sampled_from(["genuine", "unknown"]))
def test_table_follows_the_scalar_rule(drawn: list[Finding], as_of: int, maturity: int, unreported: str) -> None:
    """Every row gets what the rule says of it alone."""
    target = (FindingValue.VICTIM_TRANSFER, FindingValue.MULE_MOVEMENT)
    rule = LabelRule(maturity=maturity * DAY, unreported=unreported, target=target)  # type: ignore[arg-type]
    moment = START + as_of * DAY
    expected = [
        label_at(name, drawn, event_time=time.to_pydatetime(), as_of=moment, rule=rule)
        for name, time in zip(IDS, TRANSFERS["event_time"], strict=True)
    ]

    labels = derive_labels(
        TRANSFERS,
        table(drawn),
        as_of=moment,
        maturity=rule.maturity,
        unreported=rule.unreported,
        target=rule.target,
    )

    assert labels.tolist() == expected
    assert labels.index.tolist() == IDS


def test_no_findings_at_all(dataset: Dataset) -> None:
    """An empty table of findings labels by silence alone."""
    labels = derive_labels(
        dataset.transfers, dataset.findings.iloc[:0], as_of=dataset.meta.period_until, maturity=7 * DAY
    )

    assert set(labels) == {"genuine", "unknown"}
