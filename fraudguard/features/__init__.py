"""Features: declared once in the catalog, computed by one kernel, equal in training and serving."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fraudguard.features.aggregate import count, maximum, mean, since_last, total
    from fraudguard.features.batch import replay
    from fraudguard.features.catalog import CATALOG, Catalog
    from fraudguard.features.expression import Expression, field
    from fraudguard.features.online import OnlineFeatures
    from fraudguard.features.plan import FeatureColumn, FeaturePlan, compile_plan
    from fraudguard.features.term import constant
    from fraudguard.features.view import Entity, FeatureView, Side
    from fraudguard.features.window import days, hours, minutes, windows

__all__ = [
    "CATALOG",
    "Catalog",
    "Entity",
    "Expression",
    "FeatureColumn",
    "FeaturePlan",
    "FeatureView",
    "OnlineFeatures",
    "Side",
    "compile_plan",
    "constant",
    "count",
    "days",
    "field",
    "hours",
    "maximum",
    "mean",
    "minutes",
    "replay",
    "since_last",
    "total",
    "windows",
]

_ROOMS: Final = {
    "aggregate": ("count", "maximum", "mean", "since_last", "total"),
    "batch": ("replay",),
    "catalog": ("CATALOG", "Catalog"),
    "expression": ("Expression", "field"),
    "online": ("OnlineFeatures",),
    "plan": ("FeatureColumn", "FeaturePlan", "compile_plan"),
    "term": ("constant",),
    "view": ("Entity", "FeatureView", "Side"),
    "window": ("days", "hours", "minutes", "windows"),
}
_ROOM_OF: Final = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    # Lazy (PEP 562): a service that imports OnlineFeatures must not load batch, and with it pandas.
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
