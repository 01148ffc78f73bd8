"""Plots for analysts and committees, in Chinese and English; they need the extra ``notebook``."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fraudguard.report.budget import BudgetCurveDisplay, GainDisplay, ThresholdDisplay
    from fraudguard.report.causes import BeeswarmDisplay, WaterfallDisplay
    from fraudguard.report.desk import PlanDisplay
    from fraudguard.report.quality import PrecisionRecallDisplay, ReliabilityDisplay, ScoreHistogramDisplay
    from fraudguard.report.rows import GroupDisplay, SliceDisplay
    from fraudguard.report.times import CatchTimeDisplay, DailyTopKDisplay, MaturityDisplay
    from fraudguard.report.watch import CoverageDisplay, DriftDisplay

__all__ = [
    "BeeswarmDisplay",
    "BudgetCurveDisplay",
    "CatchTimeDisplay",
    "CoverageDisplay",
    "DailyTopKDisplay",
    "DriftDisplay",
    "GainDisplay",
    "GroupDisplay",
    "MaturityDisplay",
    "PlanDisplay",
    "PrecisionRecallDisplay",
    "ReliabilityDisplay",
    "ScoreHistogramDisplay",
    "SliceDisplay",
    "ThresholdDisplay",
    "WaterfallDisplay",
]

_ROOMS: Final = {
    "budget": ("BudgetCurveDisplay", "GainDisplay", "ThresholdDisplay"),
    "causes": ("BeeswarmDisplay", "WaterfallDisplay"),
    "desk": ("PlanDisplay",),
    "quality": ("PrecisionRecallDisplay", "ReliabilityDisplay", "ScoreHistogramDisplay"),
    "rows": ("GroupDisplay", "SliceDisplay"),
    "times": ("CatchTimeDisplay", "DailyTopKDisplay", "MaturityDisplay"),
    "watch": ("CoverageDisplay", "DriftDisplay"),
}
_ROOM_OF: Final = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
