"""What a graded transfer is told apart by."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd

from fraudguard.model.context import with_context
from fraudguard.tables import Dataset
from tests.model.conftest import BEGIN, DAYS, make_findings

END = BEGIN + timedelta(days=DAYS + 10)
AS_OF = BEGIN + timedelta(days=30)


def graded(dataset: Dataset) -> pd.DataFrame:
    """Return the later transfers, as they are graded."""
    columns = ["transfer_id", "payer_account_id", "payee_account_id", "amount_fen", "event_time"]
    later = dataset.transfers[dataset.transfers["event_time"] >= pd.Timestamp(AS_OF)]
    return later[columns].set_index("transfer_id").assign(label="genuine", score=0.0)


def test_payee_is_known_by_findings_before_the_moment(dataset: Dataset) -> None:
    """Only what was received by then makes a payee known to the model."""
    early = dataset.findings[dataset.findings["received_at"] <= pd.Timestamp(AS_OF)]
    known = set(dataset.transfers.set_index("transfer_id").loc[early["transfer_id"], "payee_account_id"])
    window = graded(dataset)

    found = with_context(window, dataset, as_of=AS_OF, known_until=END)

    assert found["payee_was_known"].tolist() == window["payee_account_id"].isin(known).tolist()
    assert found["payee_was_known"].any()


def test_account_named_by_a_finding_is_known(dataset: Dataset) -> None:
    """A finding may name the account itself, before any of its transfers is found."""
    named = make_findings(["x"], "mule_movement", pd.Series(pd.to_datetime([BEGIN]).as_unit("ms")))
    named = named.assign(finding_id="mule", transfer_id=None, account_id="b7")
    findings = pd.concat([dataset.findings.assign(account_id=None).astype({"account_id": "str"}), named])

    found = with_context(graded(dataset), replace(dataset, findings=findings), as_of=AS_OF, known_until=END)

    assert found.loc[found["payee_account_id"] == "b7", "payee_was_known"].all()


def test_group_is_that_of_the_row_known_then(dataset: Dataset) -> None:
    """A later account row changes no earlier transfer, and keeps what it leaves open."""
    accounts = pd.DataFrame({
        "account_id": ["a1", "a1"],
        "received_at": pd.to_datetime([BEGIN, BEGIN + timedelta(days=45)]).as_unit("ms"),
        "account_class": ["I", None],
        "holder_age_band": ["18-24", "25-34"],
        "opened_at": [BEGIN.date(), None],
    })
    window = graded(dataset)

    found = with_context(window, replace(dataset, accounts=accounts), as_of=AS_OF, known_until=END)

    own = found[found["payer_account_id"] == "a1"]
    late = (own["event_time"] >= pd.Timestamp(BEGIN + timedelta(days=45))).tolist()
    assert own["age_band"].tolist() == ["25-34" if is_late else "18-24" for is_late in late]
    assert set(own["account_class"]) == {"I"}
    assert found.loc[found["payer_account_id"] != "a1", "age_band"].isna().all()


def test_young_payee_accounts_are_told(dataset: Dataset) -> None:
    """An account opened within 90 days of the transfer is young, one of unknown age is neither."""
    accounts = pd.DataFrame({
        "account_id": ["b1", "b2"],
        "received_at": pd.to_datetime([BEGIN, BEGIN]).as_unit("ms"),
        "opened_at": [BEGIN.date(), (BEGIN - timedelta(days=400)).date()],
    })

    found = with_context(graded(dataset), replace(dataset, accounts=accounts), as_of=AS_OF, known_until=END)

    young = found.groupby("payee_account_id")["payee_is_young"].mean()
    assert (young["b1"], young["b2"]) == (1, 0)
    assert found.loc[found["payee_account_id"] == "b3", "payee_is_young"].isna().all()
