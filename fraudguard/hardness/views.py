"""What a clearing house, the payer's bank and a bank on both sides could learn from the same transfers."""

from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from fraudguard.hardness.sample import Sample

__all__ = ["VIEWS", "Scored", "columns_of_view", "message_scores", "view_scores"]

Floats = NDArray[np.float64]

VIEWS: Final = ("message_only", "bank_payer_view", "bank_both_sides")
_ROUNDS: Final = 250
_PARAMETERS: Final = {
    "objective": "binary", "learning_rate": 0.05, "num_leaves": 15, "min_data_in_leaf": 40, "lambda_l2": 5.0,
    "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "deterministic": True, "force_col_wise": True,
    "num_threads": 1, "verbosity": -1,
}  # fmt: skip
_OF_MESSAGES: Final = ("payer_out_", "payer_in_", "payee_in_", "payee_out_", "pair_", "amount_", "is_first_", "below_")
_ALSO_OF_MESSAGES: Final = frozenset({"hour_of_day", "is_night", "is_round_100_yuan", "is_round_1000_yuan"})
_NEEDS_A_BANK: Final = frozenset({"amount_to_payer_income", "amount_to_payer_daily_limit"})
_OF_THE_PAYEE: Final = (
    "payee_",
    "between_",
    "returned_",
    "returning_",
    "chain_",
    "amount_to_payee_",
    "is_first_of_payee",
)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of the test rows under one view, and the columns it used."""

    view: str
    score: Floats
    columns: tuple[str, ...]


def columns_of_view(view: str, names: list[str]) -> tuple[str, ...]:
    """Return the features a view can have.

    Parameters
    ----------
    view : {"message_only", "bank_payer_view", "bank_both_sides"}
        Whose eyes: a clearing house sees messages and their history; the
        payer's bank sees its customer, balance, phone and signals but not
        the payee's account; a bank on both sides sees all.
    names : list of str
        Columns of the catalog.

    Returns
    -------
    tuple of str
        In their order.
    """
    if view == "message_only":
        return tuple(name for name in names if _in_messages(name))
    if view == "bank_payer_view":
        return tuple(name for name in names if not name.startswith(_OF_THE_PAYEE) or name == "payee_type")
    return tuple(names)


def _in_messages(name: str) -> bool:
    return (name.startswith(_OF_MESSAGES) or name in _ALSO_OF_MESSAGES) and name not in _NEEDS_A_BANK


def view_scores(sample: Sample, view: str, *, seed: int = 7) -> Scored:
    """Train on the early rows, score the late ones.

    Parameters
    ----------
    sample : Sample
        Rows and features.
    view : str
        One of `VIEWS`.
    seed : int
        Of the trees.

    Returns
    -------
    Scored
        Trees of fixed number and shape; nothing is tuned.
    """
    columns = columns_of_view(view, list(sample.features.columns))
    matrix = sample.features[list(columns)].to_numpy(dtype=np.float32)
    data = lgb.Dataset(matrix[sample.train], label=sample.victim[sample.train], weight=sample.weight[sample.train])
    trees = lgb.train({**_PARAMETERS, "seed": seed}, data, num_boost_round=_ROUNDS)
    return Scored(view, np.asarray(trees.predict(matrix[sample.test], raw_score=True, num_threads=1)), columns)


def message_scores(sample: Sample) -> Scored:
    """Fit a logistic regression on what one message carries, without any history.

    Parameters
    ----------
    sample : Sample
        Rows.

    Returns
    -------
    Scored
        Of amount, roundness, hour, weekday, banks and kind of payee.
    """
    fields = _message_fields(sample.rows)
    matrix = StandardScaler().fit(fields[sample.train]).transform(fields)
    fitted = LogisticRegression(max_iter=1_000, C=0.1, class_weight="balanced")
    fitted.fit(matrix[sample.train], sample.victim[sample.train])
    return Scored("message_fields", fitted.decision_function(matrix[sample.test]), tuple(fields.columns))


def _message_fields(rows: pd.DataFrame) -> pd.DataFrame:
    amount = rows["amount_fen"].to_numpy(dtype=np.float64)
    local = rows["event_time"].dt.tz_convert("Asia/Shanghai")
    turn = 2 * np.pi * (local.dt.hour + local.dt.minute / 60) / 24
    logs = np.log10(np.maximum(amount, 1))
    fields = {
        "log_amount": logs, "log_amount_squared": (logs - 4) ** 2, "whole_hundreds": amount % 10_000 == 0,
        "whole_yuan": amount % 100 == 0, "hour_sine": np.sin(turn), "hour_cosine": np.cos(turn),
        "weekend": local.dt.day_of_week >= 5, "same_bank": rows["payer_bank_code"] == rows["payee_bank_code"],
        "to_organisation": rows["payee_type"] == "organisation", "to_merchant": rows["payee_type"] == "merchant",
    }  # fmt: skip
    return pd.DataFrame(fields).astype(np.float64)
