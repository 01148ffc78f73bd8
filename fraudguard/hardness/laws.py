"""What a world may not do: break an account's legal limit, go below zero, be out of order."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.tables import Dataset

__all__ = ["Laws", "check_laws"]

_DAILY_FEN: Final = {"II": 1_000_000, "III": 200_000}
"""Most that may leave an account of a class on a local day (银发〔2016〕302号)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """How often each law is broken, and what is said of the world as a whole."""

    over_limit: int
    below_zero: int
    out_of_order: int
    base_rate: float
    episodes_per_case: float
    never_reported: float
    delay_days_median: float


def check_laws(dataset: Dataset, truth: pd.DataFrame) -> Laws:
    """Count the breaches in a dataset.

    Parameters
    ----------
    dataset : Dataset
        Simulated.
    truth : DataFrame
        Of its transfers.

    Returns
    -------
    Laws
        Zero breaches in an honest world.
    """
    transfers = dataset.transfers
    victim = truth["is_victim_transfer"].to_numpy(dtype=bool)
    balance = transfers["payer_balance_before_fen"].astype("Float64")
    cases = truth.loc[victim, "case_id"].nunique()
    reported, delay = _reports(dataset, truth)
    return Laws(
        over_limit=_over_limit(dataset),
        below_zero=int((balance < transfers["amount_fen"]).sum()),
        out_of_order=int((np.diff(transfers["event_time"].astype("int64")) < 0).sum()),
        base_rate=float(victim.mean()),
        episodes_per_case=float(truth["episode"].nunique() / max(cases, 1)),
        never_reported=1 - reported / max(cases, 1),
        delay_days_median=delay,
    )


def _over_limit(dataset: Dataset) -> int:
    classes = dataset.accounts.groupby("account_id")["account_class"].first()
    of_class = dataset.transfers["payer_account_id"].map(classes)
    limited = dataset.transfers[of_class.isin(list(_DAILY_FEN))]
    day = limited["event_time"].dt.tz_convert("Asia/Shanghai").dt.date
    spent = limited.groupby([limited["payer_account_id"], day])["amount_fen"].sum()
    most = classes.reindex(spent.index.get_level_values(0)).map(_DAILY_FEN)
    return int((spent.to_numpy() > most.to_numpy()).sum())


def _reports(dataset: Dataset, truth: pd.DataFrame) -> tuple[int, float]:
    """Return how many cases were ever reported, and the median days from payment to report."""
    found = dataset.findings[dataset.findings["finding"] == "victim_transfer"]
    moments = dataset.transfers[["transfer_id", "event_time"]].rename(columns={"event_time": "paid_at"})
    joined = found.merge(moments, on="transfer_id").merge(truth[["transfer_id", "case_id"]], on="transfer_id")
    delay = (joined["received_at"] - joined["paid_at"]).dt.total_seconds() / 86_400
    return int(joined["case_id"].nunique()), float(delay.median())
