"""How good scores are at an alert budget, beside two trivial rules.

What the policy would have recommended is asked of `fraudguard.decision.decide`,
the function the service calls.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from fraudguard.decision import Intervention, Policy, Score, decide
from fraudguard.errors import DataError
from fraudguard.labels import Label
from fraudguard.model.baselines import BASELINES
from fraudguard.model.bootstrap import Intervals, budget_intervals
from fraudguard.model.cases import case_measures
from fraudguard.model.evaluation import BudgetRow, Evaluation, InterventionRow
from fraudguard.model.metric import (
    AtBudget,
    alert_weights,
    at_budget,
    calibration_error,
    n_alerts,
    reliability,
)
from fraudguard.model.slices import friction_rows, slice_rows
from fraudguard.progress import Progress, silent
from fraudguard.transfer import Transfer

__all__ = ["evaluate"]

_DAY_S: Final = 86_400.0


def evaluate(
    graded: pd.DataFrame,
    *,
    policy: Policy,
    budgets: Sequence[float] = (10.0,),
    seed: int = 0,
    progress: Progress = silent,
) -> Evaluation:
    """Return how good the scores of a window are at alert budgets.

    Parameters
    ----------
    graded : DataFrame, one row a transfer of the window
        Columns ``score`` (calibrated probability), ``label``, ``amount_fen``, ``payer_account_id``,
        ``payee_account_id``, ``event_time``, and a column of scores for each baseline.
        Rows with an unknown label are counted and left out.
    policy : Policy
        For the table of interventions.
    budgets : sequence of float
        Alerts per 10,000 transfers.
    seed : int
        Of the bootstrap.
    progress : Progress
        Called after each scorer.

    Returns
    -------
    Evaluation
        Independent of the order of rows.

    Raises
    ------
    DataError
        If no row has a known label.
    """
    known = graded[(graded["label"] != Label.UNKNOWN).to_numpy()]
    if known.empty:
        raise DataError(
            f"none of the {len(graded)} transfers has a known label; choose a window whose labels are mature, or add findings",
            f"{len(graded)} 笔转账都没有已知标签；请选择标签已成熟的时段，或补充结论",
        )
    fraud = (known["label"] == Label.FRAUD).to_numpy()
    score = known["score"].to_numpy(dtype=np.float64)
    scorers = {"score": "model"} | {b.code: b.code for b in BASELINES if b.code in known}
    rows: list[BudgetRow] = []
    for done, (column, scorer) in enumerate(scorers.items(), start=1):
        rows += _budget_rows(known, column, scorer, budgets=budgets, seed=seed)
        progress(done, len(scorers))
    weight = alert_weights(score, n_alerts(len(known), budgets[0]))
    return Evaluation(
        n_transfers=len(known),
        n_unknown=len(graded) - len(known),
        n_fraud=int(fraud.sum()),
        fraud_fen=int(known["amount_fen"].to_numpy()[fraud].sum()),
        average_precision=float(average_precision_score(fraud, score)) if fraud.any() else float("nan"),
        auc=float(roc_auc_score(fraud, score)) if fraud.any() and not fraud.all() else float("nan"),
        calibration_error=calibration_error(score, fraud),
        rows=tuple(rows),
        interventions=_interventions(known, fraud, policy),
        cases=case_measures(known, weight >= 1.0),
        slices=slice_rows(known, weight, seed=seed),
        friction=friction_rows(known, weight, seed=seed),
        reliability=reliability(score, fraud),
    )


def _budget_rows(
    known: pd.DataFrame, column: str, scorer: str, *, budgets: Sequence[float], seed: int
) -> list[BudgetRow]:
    score = known[column].to_numpy(dtype=np.float64)
    fraud = (known["label"] == Label.FRAUD).to_numpy()
    amount_fen = known["amount_fen"].to_numpy(dtype=np.int64)
    alerts = [n_alerts(len(known), budget) for budget in budgets]
    intervals = budget_intervals(known, score, alerts=alerts, seed=seed)
    rows: list[BudgetRow] = []
    for budget, count, at in zip(budgets, alerts, intervals, strict=True):
        found = at_budget(score, fraud, amount_fen, alerts=count)
        rows.append(_budget_row(known, found, alert_weights(score, count), scorer=scorer, budget=budget, intervals=at))
    return rows


def _budget_row(
    known: pd.DataFrame,
    found: AtBudget,
    weight: NDArray[np.float64],
    *,
    scorer: str,
    budget: float,
    intervals: Intervals,
) -> BudgetRow:
    return BudgetRow(
        scorer=scorer,
        per_10_000=budget,
        per_day=found.alerts / _days(known),
        genuine_per_fraud=found.genuine_per_fraud if found.caught else None,
        genuine_customers_per_fraud=_customers_per_fraud(known, weight),
        recall_low=intervals.recall[0],
        recall_high=intervals.recall[1],
        precision_low=intervals.precision[0],
        precision_high=intervals.precision[1],
        value_low=intervals.value_recall[0],
        value_high=intervals.value_recall[1],
        first_recall=_first_recall(known, weight),
        **asdict(found),
    )


def _days(known: pd.DataFrame) -> float:
    """Return how many days a window spans, at least one."""
    times = known["event_time"]
    return max(float((times.max() - times.min()).total_seconds()) / _DAY_S, 1.0)


def _customers_per_fraud(known: pd.DataFrame, weight: NDArray[np.float64]) -> float | None:
    """Return genuine customers for each likely victim among those alerted for certain; a victim is no genuine customer."""
    alerted = known[weight >= 1.0]
    victims = set(alerted.loc[alerted["label"] == Label.FRAUD, "payer_account_id"])
    genuine = set(alerted["payer_account_id"]) - victims
    return len(genuine) / len(victims) if victims else None


def _first_recall(known: pd.DataFrame, weight: NDArray[np.float64]) -> float:
    fraud = known.assign(_weight=weight)[known["label"] == Label.FRAUD]
    if fraud.empty:
        return float("nan")
    ordered = fraud.rename_axis("transfer_id").reset_index().sort_values(["event_time", "transfer_id"])
    return float(ordered.drop_duplicates("payer_account_id")["_weight"].mean())


def _interventions(known: pd.DataFrame, fraud: NDArray[np.bool_], policy: Policy) -> tuple[InterventionRow, ...]:
    """Ask `decide` where each intervention begins: severity never falls as the score rises."""
    order = np.argsort(known["score"].to_numpy(), kind="stable")
    ascending = known["score"].to_numpy(dtype=np.float64)[order].tolist()
    severity = _severity(known, policy)
    begins = [bisect_left(ascending, step.severity, key=severity) for step in Intervention]
    ends = [*begins[1:], len(ascending)]
    fraud_fen = np.where(fraud, known["amount_fen"].to_numpy(dtype=np.int64), 0)
    return tuple(
        InterventionRow(
            intervention=str(intervention),
            transfers=end - begin,
            frauds=int(fraud[order[begin:end]].sum()),
            fraud_fen=int(fraud_fen[order[begin:end]].sum()),
        )
        for intervention, begin, end in zip(Intervention, begins, ends, strict=True)
    )


def _severity(known: pd.DataFrame, policy: Policy) -> Callable[[float], int]:
    """Return the severity of what `decide` recommends at a score; only the score matters to it."""
    first = known.iloc[0]
    moment: datetime = pd.Timestamp(first["event_time"]).to_pydatetime()
    transfer = Transfer(
        transfer_id=str(known.index[0]),
        event_time=moment,
        payer_account_id=str(first["payer_account_id"]),
        payee_account_id=str(first["payee_account_id"]),
        amount_fen=int(first["amount_fen"]),
    )

    def severity(value: float) -> int:
        score = Score(value=value, model_version="evaluated", features_fingerprint="evaluated")
        return decide(transfer, score, policy, at=moment).intervention.severity

    return severity
