"""Scores of whole tables, equal bit for bit to what the service gives row by row."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan
from fraudguard.model.artifact import MODEL, Artifact
from fraudguard.model.calibrate import Calibration
from fraudguard.model.trees import margins

__all__ = ["BatchScorer", "require_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchScorer:
    """Trees and calibration for tables.

    Parameters
    ----------
    text : str
        The trees as LightGBM wrote them.
    plan : FeaturePlan
        The plan of the matrix.
    calibration : Calibration
        From margin to probability.
    """

    text: str
    plan: FeaturePlan
    calibration: Calibration

    @classmethod
    def of(cls, artifact: Artifact, plan: FeaturePlan) -> "BatchScorer":
        """Return the scorer of a checked artifact.

        Raises
        ------
        ArtifactError
            If it was trained on another plan.
        """
        artifact.require_plan(plan)
        return cls(text=artifact.text(MODEL), plan=plan, calibration=Calibration(**artifact.manifest["calibration"]))

    def score(self, matrix: pd.DataFrame) -> pd.Series:
        """Return the calibrated probability of every row, indexed like the matrix."""
        require_plan(matrix, self.plan)
        return pd.Series(self.calibration.probability(self.margin(matrix)), index=matrix.index, name="score")

    def margin(self, matrix: pd.DataFrame) -> np.ndarray:
        """Return the raw score of every row in log-odds."""
        return margins(self.text, matrix.to_numpy(dtype=np.float64))


def require_plan(matrix: pd.DataFrame, plan: FeaturePlan) -> None:
    """Check that a matrix has the columns of a plan, in its order.

    Parameters
    ----------
    matrix : DataFrame
        From `fraudguard.features.replay`.
    plan : FeaturePlan
        The plan.

    Raises
    ------
    DataError
        If names or order differ.
    """
    if tuple(matrix.columns) != plan.names:
        odd = sorted(set(matrix.columns) ^ set(plan.names)) or "only the order"
        raise DataError(
            f"the feature matrix is not of this plan; different: {odd}; make it with fraudguard.features.replay",
            f"特征矩阵与特征方案不符，不同之处：{odd}；请用 fraudguard.features.replay 生成",
        )
