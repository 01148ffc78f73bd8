"""What a drift report holds: a row for each feature, and for each week of scores, volume, findings and signals."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudguard.wording import Bilingual

__all__ = [
    "LEAST_EXPECTED",
    "LEAST_GAIN",
    "LEAST_ROWS",
    "PSI_TO_ACT",
    "PSI_TO_WATCH",
    "SURE",
    "AlertWeek",
    "FeatureDrift",
    "FindingWeek",
    "ScoreWeek",
    "SignalWeek",
    "VolumeWeek",
]

LEAST_ROWS: Final = 100
"""A week of fewer transfers is shown and not judged: ten bins of a handful of rows each say nothing."""

PSI_TO_WATCH: Final = 0.10
PSI_TO_ACT: Final = 0.25
"""The custom of credit scoring: from 0.10 on something has shifted, from 0.25 on a model is made again."""

LEAST_EXPECTED: Final = 10.0
"""Fewer rows than this, and that none came may be luck."""

LEAST_GAIN: Final = 0.001
"""A feature that adds less than this share to the trees cannot move a score far, wherever it goes."""

SURE: Final = 4.0
"""Standard deviations from which a count has changed; a report has hundreds of them, and none should cry by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureDrift:
    """How far a feature moved, week by week.

    Parameters
    ----------
    name : str
        Of the feature.
    title : Bilingual
        What it says.
    gain : float
        Its share of what the trees gained, in [0, 1].
    usual : float
        Largest index of a week in the later half of the reference; NaN without a whole week.
    n : tuple of int
        Transfers of each week.
    psi : tuple of float
        Population stability index of each week against the reference.
    expected : tuple of float
        The index that chance alone gives a week of as many transfers.
    missing_before : float
        Share of the reference's transfers in which it is missing.
    missing : tuple of float
        The same share in each week.
    died : {"", "missing", "constant"}
        Whether in the last week it is always missing, or always the same, where it was not.
    """

    name: str
    title: Bilingual
    gain: float
    usual: float
    n: tuple[int, ...]
    psi: tuple[float, ...]
    expected: tuple[float, ...]
    missing_before: float
    missing: tuple[float, ...]
    died: str

    @property
    def is_used(self) -> bool:
        """Whether the trees gain enough by it for its place to matter."""
        return self.gain >= LEAST_GAIN

    @property
    def excess(self) -> tuple[float, ...]:
        """The index of each week less what chance gives; NaN for a week of too few transfers."""
        return tuple(
            found - chance if n >= LEAST_ROWS else math.nan
            for n, found, chance in zip(self.n, self.psi, self.expected, strict=True)
        )

    @property
    def worst(self) -> int:
        """The week in which it moved furthest; 0 when no week can be judged."""
        excess = self.excess
        return 0 if np.isnan(excess).all() else int(np.nanargmax(excess))

    @property
    def largest(self) -> float:
        """The index of its worst week less what chance gives; NaN when no week can be judged."""
        return self.excess[self.worst] if self.n else math.nan

    @property
    def weight(self) -> float:
        """How far it moved, times its share of the gain."""
        return self.gain * max(self.largest, 0.0) if self.largest == self.largest else 0.0  # NaN

    @property
    def moves_as_usual(self) -> bool:
        """Whether it moved as far while the model was made, as what grows with the log does."""
        return bool(self.n) and self.psi[self.worst] <= self.usual

    def has_moved(self, limit: float) -> bool:
        """Tell whether it moved beyond a limit, beyond chance, and further than while the model was made."""
        return self.largest > limit and not self.moves_as_usual


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWeek:
    """How the scores of a week are spread.

    Parameters
    ----------
    week : int
        Its place in the report.
    n : int
        Transfers.
    psi, expected : float
        Index against the validation window; what chance alone gives.
    mean, mean_before : float
        Mean score: the share of fraud that the model expects.
    """

    week: int
    n: int
    psi: float
    expected: float
    mean: float
    mean_before: float

    def has_moved(self, limit: float) -> bool:
        """Tell whether the scores moved beyond a limit and beyond chance."""
        return self.n >= LEAST_ROWS and self.psi - self.expected > limit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """A count of a week beside what the reference lets expect.

    Parameters
    ----------
    week : int
        Its place in the report.
    count : int
        What was counted.
    expected : float
        As many as in the reference, at this week's size.
    z : float
        Standard deviations between the two.
    """

    week: int
    count: int
    expected: float
    z: float

    @property
    def ratio(self) -> float:
        """Count over expected; infinite where none was expected, NaN where none came either."""
        if not self.expected:
            return math.inf if self.count else math.nan
        return self.count / self.expected

    def differs_by(self, factor: float) -> bool:
        """Tell whether the count is surely so many times more or fewer."""
        return abs(self.z) > SURE and (self.ratio > factor or self.ratio < 1 / factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWeek(_Counted):
    """How many transfers of a week reach a step of the policy.

    Parameters
    ----------
    intervention : str
        Of the step.
    score_from : float
        Where it begins.
    n : int
        Transfers of the week.
    """

    intervention: str
    score_from: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeWeek(_Counted):
    """How many transfers a week has, beside as many days of the same weekdays.

    Parameters
    ----------
    empty_days : int
        Days without a transfer where some were expected.
    """

    empty_days: int

    def has_moved(self, limit: float) -> bool:
        """Tell whether the week surely differs by more than a share, or has a day without a transfer."""
        return self.empty_days > 0 or (abs(self.z) > SURE and abs(self.ratio - 1) > limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWeek(_Counted):
    """How many findings of a kind a source sent in a week.

    Parameters
    ----------
    source : str
        A word of `fraudguard.finding.FindingSource`.
    kind : str
        A word of `fraudguard.model.arrivals.FINDING_KINDS`.
    """

    source: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWeek:
    """On which share of a week's days a source of signals had been heard within seven days.

    Parameters
    ----------
    week : int
        Its place in the report.
    source : str
        A word of `fraudguard.signal.SignalSource`.
    covered, covered_before : float
        In this week; in the reference.
    """

    week: int
    source: str
    covered: float
    covered_before: float

    def has_fallen(self, limit: float) -> bool:
        """Tell whether the share fell by more than a limit."""
        return self.covered_before - self.covered > limit
