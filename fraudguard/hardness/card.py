"""The card: checks with their bands, and the tables behind them."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from fraudguard.wording import Bilingual

__all__ = ["Card", "Check", "Recall", "judge"]

FEW_CASES: Final = 20
"""With fewer cases any figure is mostly luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One figure beside its band.

    Parameters
    ----------
    code : str
        Stable name.
    title : Bilingual
        What is checked.
    value : float
        What was found.
    low, high : float
        The band; both ends are inside.
    verdict : {"inside", "outside", "too few"}
        Too few cases are no verdict.
    detail : str
        Which column, how many cases, what is needed.
    """

    code: str
    title: Bilingual
    value: float
    low: float
    high: float
    verdict: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What a scorer catches: of whom, how many there are, the share caught and its 95 % interval by case."""

    scorer: str
    among: str
    n: int
    alerts_per_10_000: float
    recall: float
    low: float
    high: float
    precision: float
    value_recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that `fraudguard hardness` found.

    Parameters
    ----------
    checks : list of Check
        In order of importance.
    recalls : list of Recall
        Rivals, types, new gangs.
    areas : dict of str to list
        Single columns, largest first, of each kind.
    alerts_of : dict of str to float
        Alerts per honest episode of each scenario.
    curves : dict of str to list
        Points of pictures.
    facts : dict
        Counts and figures without a band.
    """

    checks: list[Check]
    recalls: list[Recall]
    areas: dict[str, list[Any]]
    alerts_of: dict[str, float]
    curves: dict[str, list[Any]] = field(repr=False)
    facts: dict[str, Any]

    @property
    def outside(self) -> list[Check]:
        """The checks that failed."""
        return [check for check in self.checks if check.verdict == "outside"]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, without the points of pictures."""
        told = asdict(self)
        del told["curves"]
        return told


def judge(  # noqa: PLR0913  # one argument a field
    code: str,
    title: Bilingual,
    value: float,
    *,
    low: float,
    high: float,
    cases: int | None = None,
    error: float = 0.0,
    detail: str = "",
) -> Check:
    """Put a figure beside its band.

    Parameters
    ----------
    code, title, value, low, high, detail
        As in `Check`.
    error : float
        Standard error of the figure; a figure within one of them of its band is inside.
    cases : int or None
        Independent cases behind the figure; None when it needs none.

    Returns
    -------
    Check
        "too few" below twenty cases, whatever the value.
    """
    inside = low - error <= value <= high + error
    verdict = "inside" if inside else "outside"
    if cases is not None and cases < FEW_CASES:
        verdict, detail = "too few", f"{detail} {cases}/{FEW_CASES} cases".strip()
    return Check(code=code, title=title, value=value, low=low, high=high, verdict=verdict, detail=detail)
