"""A model with its policy: from a feature vector to a decision, live or in shadow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Decision, Policy, decide
from fraudguard.serve.journal import log
from fraudguard.serve.scorer import Scorer
from fraudguard.serve.store.rows import ShadowRow
from fraudguard.transfer import Transfer

__all__ = ["Judge", "shadow_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A model with its policy.

    Parameters
    ----------
    scorer : Scorer
        The model.
    policy : Policy
        From its score to an intervention.
    """

    scorer: Scorer
    policy: Policy

    def decide(self, transfer: Transfer, vector: NDArray[np.float64], *, at: datetime) -> Decision:
        """Return the decision on a transfer with this vector, without reasons."""
        return decide(transfer, self.scorer.score(vector), self.policy, at=at)

    def decide_rows(
        self, transfers: Sequence[Transfer], rows: NDArray[np.float64], *, at: datetime
    ) -> tuple[Decision, ...]:
        """Return the decisions on many transfers, each what `decide` gives for its vector."""
        scores = self.scorer.score_rows(rows)
        return tuple(
            decide(transfer, score, self.policy, at=at) for transfer, score in zip(transfers, scores, strict=True)
        )


def shadow_row(judge: Judge, live: Decision, vector: NDArray[np.float64]) -> ShadowRow | None:
    """Return what a model in shadow would have recommended.

    Parameters
    ----------
    judge : Judge
        The model in shadow; it acts on nothing.
    live : Decision
        What was decided.
    vector : ndarray of float64, shape (n_features,)
        What it was decided on.

    Returns
    -------
    ShadowRow or None
        None when the model fails, which must cost nobody an answer.
    """
    try:
        decision = judge.decide(live.transfer, vector, at=live.decided_at)
    except Exception as error:  # noqa: BLE001  # whatever it is, the live model's answer goes out
        log.error("the model in shadow failed", kind=type(error).__name__, model=judge.scorer.version)
        return None
    return ShadowRow(
        model_version=decision.versions.model,
        policy_version=decision.versions.policy,
        intervention=decision.intervention.value,
        tier=None if decision.tier is None else decision.tier.value,
        score=decision.score,
    )
