"""What a model was made among: how its features, scores, transfers, findings and signals were spread before it was built.

Counts only, no row of anybody. The file stands in the model folder beside the manifest and is checked by its hash like the others.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from fraudguard.errors import ArtifactError
from fraudguard.model.artifact import REFERENCE, Artifact

__all__ = [
    "FeatureReference",
    "FindingReference",
    "Reference",
    "ScoreReference",
    "SignalReference",
    "StepReference",
    "VolumeReference",
    "load_reference",
    "reference_text",
]

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureReference:
    """How a feature was spread.

    Parameters
    ----------
    name : str
        Of the feature.
    edges : tuple of float
        Ends of its bins, as `fraudguard.model.psi.bin_counts` takes them: tenths of the rows, or the places of a closed list.
    counts : tuple of int
        Rows in each bin; the missing values are the last.
    usual : float or None
        Largest stability index of a week in the later half of the reference against all of it; None without a whole week.
    is_known, is_varied : bool
        Whether in each week of the reference it was known at all; had more than one value.
    gain : float
        Its share of what the trees gained, in [0, 1].
    """

    name: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    usual: float | None
    is_known: bool
    is_varied: bool
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReference:
    """How many scores reached a step of the policy.

    Parameters
    ----------
    intervention : str
        Of the step.
    score_from : float
        Where it begins.
    n : int
        Validation scores at or above it.
    """

    intervention: str
    score_from: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReference:
    """How the scores of the validation window were spread, which the trees were not grown on.

    Parameters
    ----------
    edges : tuple of float
        Ends of the bins: tenths, and the last 1 % and 0.1 %.
    counts : tuple of int
        Scores in each bin; none is missing, so the last is 0.
    mean : float
        Mean score: the share of fraud that the model expects.
    steps : tuple of StepReference
        Mildest first.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    mean: float
    steps: tuple[StepReference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeReference:
    """How many transfers a day had.

    Parameters
    ----------
    weekdays : tuple of seven float
        Mean of each day of the week, Monday first.
    dispersion : float
        Variance over mean of a day, at least 1.
    n_days : int
        Days counted.
    """

    weekdays: tuple[float, ...]
    dispersion: float
    n_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReference:
    """How many findings of a kind a source sent.

    Parameters
    ----------
    source : str
        A word of `fraudguard.finding.FindingSource`.
    kind : str
        A word of `fraudguard.model.arrivals.FINDING_KINDS`.
    count : int
        Received in all.
    dispersion : float
        Variance over mean of a week, at least 1.
    """

    source: str
    kind: str
    count: int
    dispersion: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalReference:
    """How reliably a source of signals was heard.

    Parameters
    ----------
    source : str
        A word of `fraudguard.signal.SignalSource`.
    covered_share : float
        Days on which it had been heard within seven days.
    """

    source: str
    covered_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a model was made among.

    Parameters
    ----------
    begin, until : datetime
        First and last moment of the transfers, before the model was built.
    time_zone : str
        In which days and weeks were cut.
    is_young : bool
        Whether the log was shorter than the longest window where the reference begins, so that windows were still filling.
    n_rows : int
        Rows that the features were counted on: all, or a draw.
    features : tuple of FeatureReference
        In the order of the plan.
    score : ScoreReference
        Of the validation window.
    volume : VolumeReference or None
        None where there was no whole day.
    finding_transfers : int
        Transfers of the weeks that the findings were counted in.
    findings : tuple of FindingReference
        Sources that sent any.
    signals : tuple of SignalReference
        All sources.
    format : int
        Of this file.
    """

    begin: datetime
    until: datetime
    time_zone: str
    is_young: bool
    n_rows: int
    features: tuple[FeatureReference, ...]
    score: ScoreReference
    volume: VolumeReference | None
    finding_transfers: int
    findings: tuple[FindingReference, ...]
    signals: tuple[SignalReference, ...]
    format: int = _FORMAT

    def __repr__(self) -> str:
        return f"Reference({self.begin:%Y-%m-%d} – {self.until:%Y-%m-%d}, {len(self.features)} features, {self.n_rows:,} rows)"


def reference_text(reference: Reference) -> str:
    """Return the text of a reference's file, one feature a line.

    Parameters
    ----------
    reference : Reference
        Any.

    Returns
    -------
    str
        JSON; the same for the same reference.
    """
    plain = asdict(reference) | {"begin": reference.begin.isoformat(), "until": reference.until.isoformat()}
    features = ",\n".join(_compact(feature) for feature in plain.pop("features"))
    return f'{_compact(plain)[:-1]},"features":[\n{features}\n]}}\n'


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def load_reference(artifact: Artifact) -> Reference:
    """Return the reference of a model.

    Parameters
    ----------
    artifact : Artifact
        Checked.

    Returns
    -------
    Reference
        As it was saved.

    Raises
    ------
    ArtifactError
        If the model was saved without one, or with one of another format.
    """
    path = artifact.folder / REFERENCE
    if REFERENCE not in artifact.manifest["files"]:
        raise ArtifactError(
            f"{artifact.folder} has no {REFERENCE}: the model was trained before drift could be watched; train it again with "
            f"`fraudguard train`",
            f"{artifact.folder} 没有 {REFERENCE}：该模型训练时还不能监测漂移；请用 fraudguard train 重新训练",
        )
    try:
        plain = msgspec.json.decode(artifact.text(REFERENCE))
        if plain["format"] != _FORMAT:
            raise ArtifactError(*_unreadable(path, f"format {plain['format']}, this fraudguard reads {_FORMAT}"))
        return msgspec.convert(plain, Reference)
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError) as error:
        raise ArtifactError(*_unreadable(path, f"{error}")) from error


def _unreadable(path: Path, what: str) -> tuple[str, str]:
    return (
        f"{path} cannot be read ({what}); train the model again with `fraudguard train`",
        f"{path} 无法读取（{what}）；请用 fraudguard train 重新训练",
    )
