"""The trees of a model at work: raw scores and exact contributions, without LightGBM's package or its library.

The package imports pandas, scikit-learn and scipy: seconds of start and hundreds of megabytes that a service has no use for. Our own walk
gives the library's scores to the bit, in less time (`docs/decisions/0026-our-own-walk-through-the-trees.md`).
"""

import threading

import numpy as np
from numpy.typing import NDArray

from fraudguard.errors import ArtifactError
from fraudguard.model.forest import Forest
from fraudguard.model.tree_text import read_trees

__all__ = ["Ensemble"]


class Ensemble:
    """Trees of a LightGBM text model; calls from several threads wait for each other.

    Parameters
    ----------
    text : str
        The model as LightGBM wrote it.
    n_outputs : int
        Raw scores of a row: one for fraud, one a type where trees tell types apart.

    Raises
    ------
    ArtifactError
        If it cannot be read, or has another number of raw scores.
    """

    def __init__(self, text: str, *, n_outputs: int = 1) -> None:
        trees = read_trees(text)
        if trees.n_outputs != n_outputs:
            raise ArtifactError(
                f"the trees give {trees.n_outputs} raw scores where {n_outputs} belong; train the model again, or copy it again",
                f"树模型给出 {trees.n_outputs} 个原始分数，应为 {n_outputs} 个；请重新训练或重新复制",
            )
        self.n_features, self.n_outputs = trees.n_features, n_outputs
        self._forest = Forest(trees)
        self._expected = trees.expected
        self._row = np.empty(trees.n_features)
        self._lock = threading.Lock()

    def margin(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the raw score in log-odds, shape (n_outputs,): bit for bit `booster.predict(raw_score=True)`."""
        margin = np.empty(self.n_outputs)
        with self._lock:
            self._row[:] = vector
            self._forest.margin(self._row, margin)
        return margin

    def margins(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the raw scores of many rows, shape (n_rows, n_outputs): each what `margin` gives for it."""
        margins = np.empty((len(rows), self.n_outputs))
        with self._lock:
            for row, margin in zip(np.ascontiguousarray(rows, dtype=np.float64), margins, strict=True):
                self._forest.margin(row, margin)
        return margins

    def contributions(self, vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact part of each feature in the raw score, and last what a row starts from, shape (n_features + 1,).

        Raises
        ------
        ArtifactError
            If a row has several raw scores.
        """
        if self.n_outputs > 1:
            raise ArtifactError("several raw scores have no one explanation", "多个原始分数没有单一的解释")
        parts = np.empty(self.n_features + 1)
        parts[-1] = self._expected
        with self._lock:
            self._row[:] = vector
            self._forest.contributions(self._row, parts[:-1])
        return parts

    def contributions_of_rows(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the contributions of many rows, shape (n_rows, n_features + 1)."""
        return np.array([self.contributions(row) for row in rows]).reshape(len(rows), self.n_features + 1)
