"""An evaluation: what scores of a window catch, whom they disturb, and how far to trust it."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fraudguard.model.cases import CaseMeasures
from fraudguard.model.evaluation_card import evaluation_card, evaluation_markdown
from fraudguard.model.metric import ReliabilityBin, precision_at_rate
from fraudguard.model.slices import GroupRow, SliceRow
from fraudguard.tables.folder import whole_file
from fraudguard.wording.markup import page

__all__ = ["BudgetRow", "Evaluation", "InterventionRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """One scorer at one budget.

    Parameters
    ----------
    scorer : str
        ``model`` or the code of a baseline.
    per_10_000 : float
        Alerts per 10,000 transfers.
    alerts, caught, recall, precision, caught_fen, value_recall
        As in `AtBudget`.
    per_day : float
        Alerts a day.
    genuine_per_fraud : float or None
        Genuine alerts for each fraud alerted; None when none is caught.
    genuine_customers_per_fraud : float or None
        Genuine customers alerted for each likely victim alerted; None when no victim is.
    recall_low, recall_high, precision_low, precision_high, value_low, value_high : float
        95 % bootstrap intervals of recall, precision and value recall, clustered by case.
    first_recall : float
        Share of likely victims whose first fraud transfer of the window is alerted.
    """

    scorer: str
    per_10_000: float
    per_day: float
    alerts: int
    caught: float
    recall: float
    recall_low: float
    recall_high: float
    precision: float
    precision_low: float
    precision_high: float
    genuine_per_fraud: float | None
    genuine_customers_per_fraud: float | None
    caught_fen: float
    value_recall: float
    value_low: float
    value_high: float
    first_recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionRow:
    """What the policy recommends over the window.

    Parameters
    ----------
    intervention : str
        One of the six words.
    transfers : int
        How many transfers would get it.
    frauds : int
        How many of them are fraud.
    fraud_fen : int
        Their money.
    """

    intervention: str
    transfers: int
    frauds: int
    fraud_fen: int


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evaluation:
    """How good the scores of a window are.

    Parameters
    ----------
    n_transfers : int
        Labelled transfers of the window.
    n_unknown : int
        Transfers left out because their label is not known.
    n_fraud : int
        Frauds among the labelled.
    fraud_fen : int
        Their money.
    average_precision, auc, calibration_error : float
        Of the model; NaN when they are not defined.
    rows : tuple of BudgetRow
        Model and baselines at each budget.
    interventions : tuple of InterventionRow
        What the policy recommends, mildest first.
    cases : CaseMeasures
        How early cases are caught by the model at the first budget.
    slices : tuple of SliceRow
        Recall by scam type, novelty and order, by the model at the first budget.
    friction : tuple of GroupRow
        How often genuine transfers of each group are alerted by the model at the first budget.
    reliability : tuple of ReliabilityBin
        Predicted against observed, in bins of equally many transfers.
    """

    n_transfers: int
    n_unknown: int
    n_fraud: int
    fraud_fen: int
    average_precision: float
    auc: float
    calibration_error: float
    rows: tuple[BudgetRow, ...]
    interventions: tuple[InterventionRow, ...]
    cases: CaseMeasures
    slices: tuple[SliceRow, ...]
    friction: tuple[GroupRow, ...]
    reliability: tuple[ReliabilityBin, ...]

    def __repr__(self) -> str:
        best = next(iter(self.rows))
        return (
            f"Evaluation({self.n_transfers:,} transfers, {self.n_fraud:,} fraud, AP {self.average_precision:.3f}, "
            f"AUC {self.auc:.3f}, recall {best.recall:.3f} at {best.per_10_000:g} alerts per 10,000)"
        )

    def _repr_html_(self) -> str:
        return evaluation_card(self, lang="zh")

    def markdown(self, lang: str = "zh") -> str:
        """Return the tables as Markdown, in Chinese or English."""
        return evaluation_markdown(self, lang=lang)

    def write_html(self, path: Path, lang: str = "zh") -> None:
        """Write the tables as a page that stands alone, whole or not at all."""
        body = evaluation_card(self, lang=lang)
        with whole_file(path) as unfinished:
            unfinished.write_text(page("fraudguard", body, lang=lang), encoding="utf-8")

    def row(self, scorer: str = "model") -> BudgetRow:
        """Return a scorer's row at the first budget."""
        return next(row for row in self.rows if row.scorer == scorer)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; what is not defined is None."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    def to_frame(self) -> pd.DataFrame:
        """Return the rows at each budget as a table."""
        return pd.DataFrame([asdict(row) for row in self.rows])

    def slice_frame(self) -> pd.DataFrame:
        """Return the recall of each slice as a table."""
        return pd.DataFrame([asdict(row) for row in self.slices], columns=_names(SliceRow))

    def friction_frame(self) -> pd.DataFrame:
        """Return the friction of each group as a table."""
        return pd.DataFrame(
            [asdict(row) | {"is_fair": row.is_fair} for row in self.friction], columns=[*_names(GroupRow), "is_fair"]
        )

    def at_fraud_rate(self, base_rate: float) -> pd.DataFrame:
        """Return precision as it would be where fraud is rarer or more frequent.

        Recall and the rate of false alerts stay what they are; only the mixture changes.

        Parameters
        ----------
        base_rate : float
            Share of fraud among transfers, in (0, 1).

        Returns
        -------
        DataFrame
            One row a scorer and budget: ``recall``, ``false_alert_rate``, ``precision``, ``genuine_per_fraud``.

        Raises
        ------
        DefinitionError
            If the rate is not in (0, 1).
        """
        rows = [_at_rate(row, base_rate, n_genuine=self.n_transfers - self.n_fraud) for row in self.rows]
        return pd.DataFrame(rows)


def _at_rate(row: BudgetRow, base_rate: float, *, n_genuine: int) -> dict[str, Any]:
    false_rate = (row.alerts - row.caught) / n_genuine if n_genuine else float("nan")
    precision = precision_at_rate(row.recall, false_rate, base_rate)
    return {
        "scorer": row.scorer,
        "per_10_000": row.per_10_000,
        "base_rate": base_rate,
        "recall": row.recall,
        "false_alert_rate": false_rate,
        "precision": precision,
        "genuine_per_fraud": (1 - precision) / precision if precision else float("inf"),
    }


def _names(row_type: type) -> list[str]:
    return [entry.name for entry in fields(row_type)]


def _plain(value: Any) -> Any:  # noqa: ANN401  # nested plain values
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
