"""All that decides a model beside data and catalog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from fraudguard.errors import DefinitionError
from fraudguard.finding import FindingValue
from fraudguard.model.split import TimeSplit
from fraudguard.model.threshold import AlertBudget

__all__ = ["TrainSpec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSpec:
    """All that decides a model beside data and catalog.

    Parameters
    ----------
    split : TimeSplit
        The windows, and the moment at which labels are taken.
    seed : int
        Same data, catalog, spec and seed: the same model, bit for bit.
    target : tuple of FindingValue
        The findings that make a fraud row.
    alerts_per_10_000 : float or None
        What officers can work; None for 10, or the fraud rate of the training
        window where that is higher.
    genuine_share : float or None
        Share of genuine training rows kept, in (0, 1], as `fraudguard.model.estimator.FraudModel` takes it.
    drawn_share : float
        Share of the genuine training rows that was drawn before, in (0, 1]; 1 where all are there.
    immature : {"drop", "weight", "unlabelled"}
        What to do with transfers between validation and `split.as_of`, of which reports may still come in: leave them out;
        learn from them, those without a report as genuine with the weight of the share of reports that is known at
        their age; or count each of those in part as fraud, by what a first model says of it
        (positive-unlabelled learning).
    lesser_share : float
        Weight of training rows repeated with something hidden (`fraudguard.model.sights`), against that of all; 0 for none.
    shape : str
        Shape of the trees, as `fraudguard.model.estimator.FraudModel` takes it.
    rounds : int
        Most trees.
    parameters : Mapping
        LightGBM parameters that replace those of the shape.

    Raises
    ------
    DefinitionError
        If a number is out of its interval.
    """

    split: TimeSplit
    seed: int = 7
    target: tuple[FindingValue, ...] = (FindingValue.VICTIM_TRANSFER,)
    alerts_per_10_000: float | None = None
    genuine_share: float | None = None
    drawn_share: float = 1.0
    immature: Literal["drop", "weight", "unlabelled"] = "weight"
    lesser_share: float = 0.3
    shape: str = "auto"
    rounds: int = 800
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        share = 1.0 if self.genuine_share is None else self.genuine_share
        if not 0 < share <= 1 or not 0 < self.drawn_share <= 1 or self.rounds < 1:
            raise DefinitionError(
                f"genuine_share {self.genuine_share} and drawn_share {self.drawn_share} must be within (0, 1] and rounds {self.rounds} at least 1",
                f"genuine_share {self.genuine_share}、drawn_share {self.drawn_share} 须在 (0, 1] 内，rounds {self.rounds} 至少为 1",
            )
        if not 0 <= self.lesser_share <= 1:
            raise DefinitionError(
                f"lesser_share {self.lesser_share} must be within [0, 1]",
                f"lesser_share {self.lesser_share} 须在 [0, 1] 内",
            )
        if self.alerts_per_10_000 is not None:
            AlertBudget(alerts=self.alerts_per_10_000)  # refuses what is no budget, before hours of training

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {
            "seed": self.seed,
            "split": self.split.to_dict(),
            "target": [str(finding) for finding in self.target],
            "genuine_share": self.genuine_share,
            "drawn_share": self.drawn_share,
            "immature": self.immature,
            "lesser_share": self.lesser_share,
            "shape": self.shape,
            "rounds": self.rounds,
            "parameters": dict(self.parameters),
        }
