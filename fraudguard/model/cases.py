"""Measures of whole cases: how early the first alert of a case comes, and how much could still be saved."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["CaseMeasures", "case_measures", "case_table"]

_S_PER_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMeasures:
    """How cases of a window fared at an alert budget.

    Parameters
    ----------
    n_cases : int
        Cases: fraud transfers of one case, or of one payer where no case is named.
    alerted : float
        Share of the cases with any alert.
    stopped_before_10, stopped_before_25, stopped_before_50 : float
        Share of the cases whose first alert came before that part of the loss, in %, was gone.
    savable_fen : int
        Money of the first alerted transfer of each case and of all after it.
    savable_share : float
        Its share of all fraud money.
    minutes_p50, minutes_p90 : float or None
        From a case's first fraud transfer to its first alert, of the alerted cases; None without one.
    """

    n_cases: int
    alerted: float
    stopped_before_10: float
    stopped_before_25: float
    stopped_before_50: float
    savable_fen: int
    savable_share: float
    minutes_p50: float | None
    minutes_p90: float | None


def case_measures(graded: pd.DataFrame, alerted: NDArray[np.bool_]) -> CaseMeasures:
    """Return how cases fared.

    Parameters
    ----------
    graded : DataFrame
        With ``label``, ``amount_fen``, ``event_time``, ``payer_account_id``, and ``case_id`` where cases are known.
    alerted : ndarray of bool, shape (n_transfers,)
        Which transfers are alerted.

    Returns
    -------
    CaseMeasures
        Shares are NaN without a case.
    """
    cases = case_table(graded, alerted)
    lost = cases["lost_share"].to_numpy(dtype=np.float64)
    loss_fen = int(cases["loss_fen"].sum())
    savable_fen = int(cases["savable_fen"].sum())
    minutes = cases["minutes_to_alert"].dropna().to_numpy(dtype=np.float64)
    median, late = (float(np.quantile(minutes, share)) if len(minutes) else None for share in (0.5, 0.9))
    return CaseMeasures(
        n_cases=len(cases),
        alerted=_mean(cases["minutes_to_alert"].notna().to_numpy()),
        stopped_before_10=_mean(lost < 0.10),
        stopped_before_25=_mean(lost < 0.25),
        stopped_before_50=_mean(lost < 0.50),
        savable_fen=savable_fen,
        savable_share=savable_fen / loss_fen if loss_fen else float("nan"),
        minutes_p50=median,
        minutes_p90=late,
    )


def case_table(graded: pd.DataFrame, alerted: NDArray[np.bool_]) -> pd.DataFrame:
    """Return one row a case: its loss, and what was gone when the first alert came.

    Parameters
    ----------
    graded : DataFrame
        As `case_measures` takes it.
    alerted : ndarray of bool, shape (n_transfers,)
        Which transfers are alerted.

    Returns
    -------
    DataFrame
        Indexed by case: ``n_transfers``, ``loss_fen``, ``savable_fen``, ``lost_share`` (1 without an alert) and
        ``minutes_to_alert`` (missing without one). A transfer that is alerted is itself still savable.
    """
    fraud = graded.assign(_alerted=alerted)[(graded["label"] == "fraud").to_numpy()]
    ordered = fraud.rename_axis("transfer_id").reset_index().sort_values(["event_time", "transfer_id"])
    case = ordered["payer_account_id"].astype("str")
    if "case_id" in ordered:
        case = ordered["case_id"].astype("str").where(ordered["case_id"].notna(), case)
    by_case = ordered.groupby(case.rename("case"), sort=True)
    reached = by_case["_alerted"].cummax().astype(bool)
    began, loss_fen = by_case["event_time"].min(), by_case["amount_fen"].sum()
    savable_fen = ordered["amount_fen"].where(reached, 0).groupby(case.rename("case"), sort=True).sum()
    first = ordered["event_time"].where(ordered["_alerted"]).groupby(case.rename("case"), sort=True).min()
    return pd.DataFrame({
        "n_transfers": by_case.size(),
        "loss_fen": loss_fen,
        "savable_fen": savable_fen,
        "lost_share": np.where(loss_fen > 0, (loss_fen - savable_fen) / loss_fen.clip(lower=1), first.isna()),
        "minutes_to_alert": (first - began).dt.total_seconds() / _S_PER_MINUTE,
    })


def _mean(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")
