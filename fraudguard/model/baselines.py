"""Two trivial rules that any model must beat at the same number of alerts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.wording import Bilingual

__all__ = ["BASELINES", "Baseline", "baseline_scores"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A rule with a name.

    Parameters
    ----------
    code : str
        Stable name.
    title : Bilingual
        What people read.
    """

    code: str
    title: Bilingual


BASELINES = (
    Baseline("largest_amount", Bilingual(zh="金额最大", en="Largest amount")),
    Baseline("unusual_first_payment", Bilingual(zh="首次收款人且金额异常", en="Unusual first payment")),
)


def baseline_scores(transfers: pd.DataFrame) -> pd.DataFrame:
    """Return what the trivial rules say of every transfer, from earlier rows only.

    ``largest_amount`` is the amount. ``unusual_first_payment`` puts first
    payments to a payee before all others, and orders them by the amount over the
    mean of the payer's earlier transfers, or over everybody's earlier median where
    the payer has none.

    Parameters
    ----------
    transfers : DataFrame
        All transfers in log order, not only those to be graded.

    Returns
    -------
    DataFrame of float64, shape (n_transfers, 2)
        Indexed by ``transfer_id``; higher is more suspicious.
    """
    amount = transfers["amount_fen"].to_numpy(dtype=np.float64)
    first = ~transfers.duplicated(["payer_account_id", "payee_account_id"]).to_numpy()
    unusual = amount / np.maximum(_usual(transfers, amount), 1.0)
    scores = {
        "largest_amount": amount,
        "unusual_first_payment": np.where(first, 1.0 + unusual, unusual / (1.0 + unusual)),
    }
    return pd.DataFrame(scores, index=pd.Index(transfers["transfer_id"], name="transfer_id"))


def _usual(transfers: pd.DataFrame, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the payer's earlier transfers; without any, the median of everybody's earlier ones."""
    by_payer = transfers.groupby("payer_account_id", sort=False)["amount_fen"]
    earlier = by_payer.cumcount().to_numpy()
    total = by_payer.cumsum().to_numpy(dtype=np.float64) - amount
    median = pd.Series(amount).expanding().median().shift(1, fill_value=1.0).to_numpy()
    return np.where(earlier > 0, total / np.maximum(earlier, 1), median)
