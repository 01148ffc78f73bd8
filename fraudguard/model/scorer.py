"""The serving side of a model: a feature vector in, a score and its reasons out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Reason, Score
from fraudguard.features.plan import FeaturePlan
from fraudguard.model.artifact import MODEL, SCAM_TYPES, Artifact, load_artifact
from fraudguard.model.calibrate import Calibration
from fraudguard.model.ensemble import Ensemble
from fraudguard.model.explain import Explainer
from fraudguard.model.parts import ScoreParts, score_parts
from fraudguard.model.scam_types import RankedScam, ScamTypes
from fraudguard.model.signature import TrustedKeys

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
    explainer : Explainer
        From parts of a score to reasons.
    scam_types : ScamTypes or None
        Trees that tell scam types apart; None where too few cases were confirmed.
    """

    artifact: Artifact
    plan: FeaturePlan
    ensemble: Ensemble
    calibration: Calibration
    explainer: Explainer
    scam_types: ScamTypes | None

    @classmethod
    def load(cls, folder: Path, plan: FeaturePlan, *, keys: TrustedKeys | None = None) -> Self:
        """Load a model folder.

        Parameters
        ----------
        folder : Path
            As `fraudguard train` wrote it.
        plan : FeaturePlan
            The plan of the vectors to be scored.
        keys : TrustedKeys or None
            When given, the model must be signed with one of them.

        Returns
        -------
        Scorer
            Every file of the folder has been checked.

        Raises
        ------
        ArtifactError
            If the folder is missing or damaged, or was trained on another plan, or is not signed as asked.
        """
        artifact = load_artifact(folder)
        if keys is not None:
            keys.require_signed(artifact)
        artifact.require_plan(plan)
        calibration = Calibration(**artifact.manifest["calibration"])
        told = artifact.manifest["scam_types"]
        return cls(
            artifact=artifact,
            plan=plan,
            ensemble=Ensemble(artifact.text(MODEL)),
            calibration=calibration,
            explainer=Explainer(plan.columns, artifact.manifest["normals"]),
            scam_types=None if told is None else ScamTypes.of(artifact.text(SCAM_TYPES), told["names"]),
        )

    @property
    def version(self) -> str:
        """Version of the artifact."""
        return self.artifact.version

    def score(self, vector: NDArray[np.float64]) -> Score:
        """Return the calibrated score of a vector, shape (n_features,)."""
        probability = self.calibration.probability_of(float(self.ensemble.margin(vector)[0]))
        return Score(value=probability, model_version=self.version, features_fingerprint=self.plan.fingerprint)

    def score_rows(self, rows: NDArray[np.float64]) -> tuple[Score, ...]:
        """Return the calibrated scores of many vectors, shape (n_rows, n_features): each what `score` gives for it."""
        probabilities = self.calibration.probability(self.ensemble.margins(rows)[:, 0]).tolist()
        version, fingerprint = self.version, self.plan.fingerprint
        return tuple(Score(value=one, model_version=version, features_fingerprint=fingerprint) for one in probabilities)

    def reasons(self, vector: NDArray[np.float64]) -> tuple[Reason, ...]:
        """Return what raised the score of a vector, largest first, at most six."""
        contributions = self.calibration.slope * self.ensemble.contributions(vector)[:-1]
        return self.explainer.reasons(vector, contributions)

    def parts(self, vector: NDArray[np.float64]) -> ScoreParts:
        """Return what payer, payee, pair, session, liquidity and network add to the score of a vector, and two sub-scores."""
        contributions = self.calibration.slope * self.ensemble.contributions(vector)
        base = float(contributions[-1]) + self.calibration.intercept
        return score_parts(contributions[:-1], base=base, columns=self.plan.columns)

    def rank_scam_types(self, vector: NDArray[np.float64]) -> tuple[RankedScam, ...]:
        """Return which scam a vector looks like, likeliest first; empty where the model cannot tell."""
        return () if self.scam_types is None else self.scam_types.rank(vector)
