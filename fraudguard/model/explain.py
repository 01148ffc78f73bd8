"""From the parts of a score to the reasons an officer reads."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Reason
from fraudguard.features.plan import FeatureColumn
from fraudguard.model.normal import median_of, rarity_of
from fraudguard.wording import Bilingual, choice_text, reason_text

__all__ = ["REASONS_MAX", "Explainer"]

REASONS_MAX: Final = 6
"""More than this nobody reads under a clock."""

_LEAST: Final = 0.01
"""Log-odds below which a part is noise and not a reason."""


class Explainer:
    """Says what raised a score; made once for a model, because a flagged transfer waits for its reasons.

    Features that say the same over other windows are told once, by the one that
    counts most, with the contribution of them all.

    Parameters
    ----------
    columns : sequence of FeatureColumn
        In the order of the vectors.
    normals : mapping of str to sequence of float, or None
        Quantiles of genuine transfers by feature name, in the order of `fraudguard.model.normal.QUANTILES`.
    """

    def __init__(self, columns: Sequence[FeatureColumn], normals: Mapping[str, Sequence[float] | None]) -> None:
        self._columns = columns
        self._normals = normals
        self._place = {column.name: place for place, column in enumerate(columns)}
        self._groups: dict[str, list[int]] = {}
        for place, column in enumerate(columns):
            self._groups.setdefault(column.group, []).append(place)
        numbers = {group: number for number, group in enumerate(self._groups)}
        self._number = np.array([numbers[column.group] for column in columns], dtype=np.intp)

    def reasons(self, vector: NDArray[np.float64], contributions: NDArray[np.float64]) -> tuple[Reason, ...]:
        """Return what raised a score, largest first.

        Parameters
        ----------
        vector : ndarray of float64, shape (n_features,)
            What was scored.
        contributions : ndarray of float64, shape (n_features,)
            Each feature's part of the log-odds.

        Returns
        -------
        tuple of Reason
            At most six, all of them raising.
        """
        totals = np.bincount(self._number, weights=contributions).tolist()
        raising = [(-total, group) for group, total in zip(self._groups, totals, strict=True) if total >= _LEAST]
        return tuple(
            self._reason(self._loudest(group, contributions), -negative, vector)
            for negative, group in sorted(raising)[:REASONS_MAX]
        )

    def _loudest(self, group: str, contributions: NDArray[np.float64]) -> FeatureColumn:
        return self._columns[max(self._groups[group], key=contributions.__getitem__)]

    def _reason(self, column: FeatureColumn, contribution: float, vector: NDArray[np.float64]) -> Reason:
        value = _known(float(vector[self._place[column.name]]))
        baseline, baseline_of = self._baseline(column, value, vector)
        rarity = _rarity(column, value, self._normals)
        text = _coded_text(column, value) or reason_text(
            column.title, unit=column.unit, value=value, baseline=baseline, baseline_of=baseline_of, rarity=rarity
        )
        return Reason(
            code=column.name,
            contribution=contribution,
            value=value,
            baseline=baseline,
            baseline_of=baseline_of,
            rarity=rarity,
            text_zh=text.zh,
            text_en=text.en,
        )

    def _baseline(
        self, column: FeatureColumn, value: float | None, vector: NDArray[np.float64]
    ) -> tuple[float | None, str]:
        """Return the payer's own normal where there is one, else that of genuine transfers."""
        if column.own_normal is not None:
            name, factor = column.own_normal
            place = self._place.get(name)
            own = None if place is None else _known(float(vector[place]) * factor)
            # A normal of nothing, or the value itself over a longer window, tells a reader nothing.
            if own and own != value:
                return own, "own"
        return median_of(self._normals.get(column.name)), "population"


def _rarity(column: FeatureColumn, value: float | None, normals: Mapping[str, Sequence[float] | None]) -> float | None:
    """Return how rare a value is; a word of a list or a yes has no tail."""
    if value is None or column.categories or column.unit == "flag":
        return None
    return rarity_of(value, normals.get(column.name))


def _coded_text(column: FeatureColumn, value: float | None) -> Bilingual | None:
    """Return the sentence of a field whose number is a place in a closed list of words."""
    if not column.categories or value is None:
        return None
    return choice_text(column.title, kind=column.kind, code=column.categories[int(value)])


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
