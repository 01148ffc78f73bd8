"""The serving side of a model: a feature vector in, a score and its reasons out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Reason, Score
from fraudguard.features.plan import FeaturePlan
from fraudguard.model.artifact import MODEL, Artifact, load_artifact
from fraudguard.model.calibrate import Calibration
from fraudguard.model.explain import reasons_of
from fraudguard.model.library import Ensemble

__all__ = ["Scorer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """A checked artifact, ready to score the vectors of one plan.

    Parameters
    ----------
    artifact : Artifact
        What it was loaded from.
    plan : FeaturePlan
        The plan of the vectors.
    ensemble : Ensemble
        The trees.
    calibration : Calibration
        From margin to probability.
    """

    artifact: Artifact
    plan: FeaturePlan
    ensemble: Ensemble
    calibration: Calibration

    @classmethod
    def load(cls, folder: Path, plan: FeaturePlan) -> Self:
        """Load a model folder.

        Parameters
        ----------
        folder : Path
            As `fraudguard train` wrote it.
        plan : FeaturePlan
            The plan of the vectors to be scored.

        Returns
        -------
        Scorer
            Every file of the folder has been checked.

        Raises
        ------
        ArtifactError
            If the folder is missing or damaged, or was trained on another plan.
        """
        artifact = load_artifact(folder)
        artifact.require_plan(plan)
        calibration = Calibration(**artifact.manifest["calibration"])
        return cls(artifact=artifact, plan=plan, ensemble=Ensemble(artifact.text(MODEL)), calibration=calibration)

    @property
    def version(self) -> str:
        """Version of the artifact."""
        return self.artifact.version

    def score(self, vector: NDArray[np.float64]) -> Score:
        """Return the calibrated score of a vector, shape (n_features,)."""
        probability = self.calibration.probability(self.ensemble.margin(vector))
        return Score(
            value=float(probability[0]), model_version=self.version, features_fingerprint=self.plan.fingerprint
        )

    def reasons(self, vector: NDArray[np.float64]) -> tuple[Reason, ...]:
        """Return what raised the score of a vector, largest first, at most six."""
        contributions = self.calibration.slope * self.ensemble.contributions(vector)
        return reasons_of(vector, contributions, columns=self.plan.columns, medians=self.artifact.manifest["medians"])
