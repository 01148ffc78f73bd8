"""From the parts of a score to the reasons an officer reads."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudguard.decision import Reason
from fraudguard.features.plan import FeatureColumn
from fraudguard.model.normal import median_of, rarity_of
from fraudguard.wording import Bilingual, choice_text, reason_text

__all__ = ["REASONS_MAX", "reasons_of"]

REASONS_MAX: Final = 6
"""More than this nobody reads under a clock."""

_LEAST: Final = 0.01
"""Log-odds below which a part is noise and not a reason."""


def reasons_of(
    vector: NDArray[np.float64],
    contributions: NDArray[np.float64],
    *,
    columns: Sequence[FeatureColumn],
    normals: Mapping[str, Sequence[float] | None],
) -> tuple[Reason, ...]:
    """Return what raised a score, largest first.

    Features that say the same over other windows are told once, by the one that
    counts most, with the contribution of them all.

    Parameters
    ----------
    vector : ndarray of float64, shape (n_features,)
        What was scored.
    contributions : ndarray of float64, shape (n_features,)
        Each feature's part of the log-odds.
    columns : sequence of FeatureColumn
        In the order of `vector`.
    normals : mapping of str to sequence of float, or None
        Quantiles of genuine transfers by feature name, in the order of `fraudguard.model.normal.QUANTILES`.

    Returns
    -------
    tuple of Reason
        At most six, all of them raising.
    """
    groups: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        groups.setdefault(column.group, []).append(place)
    totals = {group: float(contributions[places].sum()) for group, places in groups.items()}
    raising = sorted((group for group in totals if totals[group] >= _LEAST), key=lambda group: (-totals[group], group))
    values = dict(zip((column.name for column in columns), vector.tolist(), strict=True))
    return tuple(
        _reason(
            columns[max(groups[group], key=lambda place: contributions[place])],
            totals[group],
            values=values,
            normals=normals,
        )
        for group in raising[:REASONS_MAX]
    )


def _reason(
    column: FeatureColumn,
    contribution: float,
    *,
    values: Mapping[str, float],
    normals: Mapping[str, Sequence[float] | None],
) -> Reason:
    value = _known(values[column.name])
    baseline, baseline_of = _baseline(column, values, normals)
    rarity = _rarity(column, value, normals)
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


def _baseline(
    column: FeatureColumn, values: Mapping[str, float], normals: Mapping[str, Sequence[float] | None]
) -> tuple[float | None, str]:
    """Return the payer's own normal where there is one, else that of genuine transfers."""
    if column.own_normal is not None:
        name, factor = column.own_normal
        own = _known(values.get(name, float("nan")) * factor)
        # A normal of nothing, or the value itself over a longer window, tells a reader nothing.
        if own and own != values[column.name]:
            return own, "own"
    return median_of(normals.get(column.name)), "population"


def _known(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
