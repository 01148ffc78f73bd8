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
    payments to a payee before all others, and orders them by the share of the
    payer's balance they take (the idea of Singapore's 50 % rule); where balances
    are not known, by the amount over the mean of the payer's earlier transfers.

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
    unusual = _unusual(transfers, amount)
    scores = {
        "largest_amount": amount,
        "unusual_first_payment": np.where(first, 1.0, 0.0) + unusual / (1.0 + unusual),
    }
    return pd.DataFrame(scores, index=pd.Index(transfers["transfer_id"], name="transfer_id"))


def _unusual(transfers: pd.DataFrame, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    if "payer_balance_before_fen" in transfers and transfers["payer_balance_before_fen"].notna().mean() > 0.5:
        balance = transfers["payer_balance_before_fen"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        return np.nan_to_num(amount / np.maximum(balance, 1.0))
    by_payer = transfers.groupby("payer_account_id", sort=False)["amount_fen"]
    earlier = by_payer.cumcount().to_numpy()
    total = by_payer.cumsum().to_numpy(dtype=np.float64) - amount
    usual = np.where(earlier > 0, total / np.maximum(earlier, 1), np.median(amount) if len(amount) else 1.0)
    return amount / np.maximum(usual, 1.0)
