"""What the service needs of a model."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Reason, Score

__all__ = ["Scorer"]


class Scorer(Protocol):
    """What `fraudguard.model.scorer.Scorer` does."""

    @property
    def version(self) -> str:
        """Version of the model."""
        ...

    def score(self, vector: NDArray[np.float64], /) -> Score:
        """Return the score of a feature vector."""
        ...

    def score_rows(self, rows: NDArray[np.float64], /) -> tuple[Score, ...]:
        """Return the scores of many feature vectors: each what `score` gives for it."""
        ...

    def reasons(self, vector: NDArray[np.float64], /) -> tuple[Reason, ...]:
        """Return what raised the score, largest first."""
        ...
