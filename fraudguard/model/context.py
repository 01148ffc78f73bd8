"""What a graded transfer is told apart by: its scam type, whether its payee was known, and whose account paid."""

from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.finding import FindingValue
from fraudguard.model.labelling import label_provenance
from fraudguard.tables import Dataset

__all__ = ["GROUPS", "with_context"]

GROUPS: Final = {
    "age_band": "holder_age_band",
    "region": "branch_region",
    "occupation": "occupation_code",
    "holder_type": "holder_type",
    "account_class": "account_class",
}
"""Groups that friction is compared over, and the account field each is read from."""

_ADVERSE: Final = (FindingValue.VICTIM_TRANSFER, FindingValue.MULE_MOVEMENT)
_YOUNG: Final = pd.Timedelta(days=90)


def with_context(graded: pd.DataFrame, dataset: Dataset, *, as_of: datetime, known_until: datetime) -> pd.DataFrame:
    """Return graded transfers with what slices and friction need.

    Parameters
    ----------
    graded : DataFrame
        From `fraudguard.model.study.grade`.
    dataset : Dataset
        Its transfers, findings and account rows.
    as_of : datetime
        When the model was built: a payee with an adverse finding by then was known to it.
    known_until : datetime
        Until when findings are looked at for the scam type.

    Returns
    -------
    DataFrame
        With ``scam_type`` (of the standing finding), ``payee_was_known``, ``payee_is_young`` (opened within 90 days) and
        a column for each of `GROUPS` (of the payer's account as known when the transfer was made); missing where nothing says.
    """
    found = label_provenance(dataset.transfers, dataset.findings, as_of=known_until)
    payer = _account_rows(dataset, graded, "payer_account_id")
    payee = _account_rows(dataset, graded, "payee_account_id")
    columns = {name: payer[field].to_numpy() for name, field in GROUPS.items() if field in payer}
    opened = payee["opened_at"] if "opened_at" in payee else pd.Series(pd.NaT, index=graded.index)
    age = graded["event_time"].dt.tz_localize(None) - pd.to_datetime(opened)
    return graded.assign(
        scam_type=found["scam_type"].reindex(graded.index) if "scam_type" in found else None,
        payee_was_known=graded["payee_account_id"].isin(_known_payees(dataset, as_of)).to_numpy(),
        payee_is_young=np.where(age.isna(), np.nan, (age < _YOUNG).astype(float)),
        **columns,
    )


def _known_payees(dataset: Dataset, as_of: datetime) -> set[str]:
    known = label_provenance(dataset.transfers, dataset.findings, as_of=as_of)
    adverse = known.index[known["finding"].isin([str(value) for value in _ADVERSE])]
    payees = dataset.transfers.set_index("transfer_id").loc[adverse]
    return {*payees["payee_account_id"], *_named_accounts(dataset.findings, as_of)}


def _named_accounts(findings: pd.DataFrame, as_of: datetime) -> set[str]:
    """Return the accounts that a finding names themselves."""
    if "account_id" not in findings:
        return set()
    said = findings["finding"] == str(FindingValue.MULE_MOVEMENT)
    return set(findings.loc[said & (findings["received_at"] <= pd.Timestamp(as_of)), "account_id"].dropna())


def _account_rows(dataset: Dataset, graded: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the account row that was known when each transfer was made; earlier fields where later rows leave them open."""
    accounts = dataset.accounts
    if accounts.empty:
        return pd.DataFrame(index=graded.index)
    wanted = [name for name in ("opened_at", *GROUPS.values()) if name in accounts]
    rows = accounts.sort_values("received_at", kind="stable")[["account_id", "received_at", *wanted]]
    rows[wanted] = rows.groupby("account_id", sort=False)[wanted].ffill()
    rows["received_at"] = rows["received_at"].astype(graded["event_time"].dtype)
    left = graded[["event_time"]].assign(account_id=graded[key]).sort_values("event_time", kind="stable")
    found = pd.merge_asof(
        left.reset_index(), rows, left_on="event_time", right_on="received_at", by="account_id", direction="backward"
    )
    return found.set_index("transfer_id")[wanted].reindex(graded.index)
