"""The rule of `fraudguard.labels`, for whole tables at once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd

from fraudguard.finding import FindingValue
from fraudguard.labels import SOURCE_PRECEDENCE, Label, LabelRule
from fraudguard.tables import Dataset

__all__ = ["derive_labels", "known_until", "label_provenance"]

_PROVENANCE: Final = ("finding", "finding_id", "source", "scam_type", "received_at")
_SOURCE_RANK: Final = {str(source): rank for rank, source in enumerate(SOURCE_PRECEDENCE) if source is not None}


def derive_labels(
    transfers: pd.DataFrame,
    findings: pd.DataFrame,
    *,
    as_of: datetime,
    maturity: timedelta,
    unreported: Literal["genuine", "unknown"] = "genuine",
    target: Sequence[str] = (FindingValue.VICTIM_TRANSFER,),
) -> pd.Series:
    """Return the label of every transfer as it was known at a moment.

    Parameters
    ----------
    transfers : DataFrame
        With ``transfer_id`` and ``event_time``.
    findings : DataFrame
        Findings in any order; empty is fine.
    as_of : datetime
        Findings received later are not looked at.
    maturity : timedelta
        How long after a transfer the absence of a finding means genuine.
    unreported : {"genuine", "unknown"}
        What a mature transfer without a finding is.
    target : sequence of str
        The findings that make a fraud row.

    Returns
    -------
    Series of str, shape (n_transfers,)
        ``fraud``, ``genuine`` or ``unknown``, indexed by ``transfer_id`` in the order of `transfers`.

    Raises
    ------
    DefinitionError
        If the rule contradicts itself.
    """
    rule = LabelRule(maturity=maturity, unreported=unreported, target=tuple(map(FindingValue, target)))
    labels = pd.Series(
        _silent_labels(transfers, as_of, rule), index=pd.Index(transfers["transfer_id"], name="transfer_id")
    )
    found = _standing(findings, as_of)
    words = {str(value): str(rule.label_of(value)) for value in FindingValue}
    reported = labels.index.map(found.map(words).to_dict())
    known = reported.notna()
    labels[known] = reported[known]
    return labels.rename("label")


def _silent_labels(transfers: pd.DataFrame, as_of: datetime, rule: LabelRule) -> np.ndarray:
    mature = (transfers["event_time"] + rule.maturity <= pd.Timestamp(as_of)).to_numpy()
    genuine = mature if rule.unreported == "genuine" else np.zeros(len(transfers), dtype=bool)
    return np.where(genuine, str(Label.GENUINE), str(Label.UNKNOWN)).astype(object)


def known_until(dataset: Dataset) -> datetime:
    """Return the last moment the data know of: its last transfer or its last finding.

    Parameters
    ----------
    dataset : Dataset
        Not empty.

    Returns
    -------
    datetime
        Aware UTC.
    """
    last = dataset.transfers["event_time"].max()
    received = dataset.findings["received_at"].max()
    latest = last if pd.isna(received) else max(last, received)
    return pd.Timestamp(latest).to_pydatetime().astimezone(UTC)


def label_provenance(transfers: pd.DataFrame, findings: pd.DataFrame, *, as_of: datetime) -> pd.DataFrame:
    """Return where the label of each transfer with a finding comes from, as known at a moment.

    Parameters
    ----------
    transfers : DataFrame
        With ``transfer_id`` and ``event_time``.
    findings : DataFrame
        Findings in any order; empty is fine.
    as_of : datetime
        Findings received later are not looked at.

    Returns
    -------
    DataFrame
        One row a transfer that a finding stands on, indexed by ``transfer_id`` in the order of `transfers`:
        ``event_time``; ``finding``, ``finding_id``, ``source``, ``scam_type`` and ``received_at`` of the one that stands;
        ``first_received_at`` of the first that said the same; ``n_findings`` known on the transfer, superseded ones included; ``conflicting``,
        whether those not superseded disagree.
    """
    known = findings[(findings["received_at"] <= pd.Timestamp(as_of)) & findings["transfer_id"].notna()]
    stands = _standing_rows(known)
    first = known.groupby(["transfer_id", "finding"])["received_at"].min().rename("first_received_at")
    kept = known[~known["finding_id"].isin(known["supersedes"].dropna())].groupby("transfer_id")["finding"].nunique()
    table = transfers.set_index("transfer_id")[["event_time"]].join(stands, how="inner")
    table = table.join(first, on=["transfer_id", "finding"])
    return table.assign(
        n_findings=known["transfer_id"].value_counts().reindex(table.index),
        conflicting=kept.reindex(table.index).gt(1),
    )


def _standing(findings: pd.DataFrame, as_of: datetime) -> "pd.Series[str]":
    """Return the finding that stands, indexed by transfer_id."""
    return _standing_rows(findings[findings["received_at"] <= pd.Timestamp(as_of)])["finding"]


def _standing_rows(known: pd.DataFrame) -> pd.DataFrame:
    superseded = known["finding_id"].isin(known["supersedes"].dropna())
    candidates = known[~superseded & known["transfer_id"].notna()]
    ranked = candidates.assign(_rank=candidates["source"].map(_SOURCE_RANK).fillna(0))
    latest = ranked.sort_values(["received_at", "_rank", "finding_id"]).drop_duplicates("transfer_id", keep="last")
    columns = [name for name in _PROVENANCE if name in latest]
    return latest.set_index("transfer_id")[columns]
