"""Features: declared once in the catalog, computed by one kernel, equal in training and serving."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fraudguard.features.aggregate import (
        count,
        distinct,
        ever,
        maximum,
        mean,
        minimum,
        previous,
        share,
        since_first,
        since_last,
        std,
        total,
    )
    from fraudguard.features.batch import replay, replay_stretches
    from fraudguard.features.catalog import CATALOG, Catalog
    from fraudguard.features.catalog_file import load_catalog
    from fraudguard.features.compiler import compile_plan
    from fraudguard.features.expression import Expression, feature, field
    from fraudguard.features.known import account, coverage, network, signal, since_signal
    from fraudguard.features.online import OnlineFeatures
    from fraudguard.features.plan import FeatureColumn, FeaturePlan
    from fraudguard.features.term import constant
    from fraudguard.features.view import Entity, FeatureView, Side, feature_view
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
    "account",
    "compile_plan",
    "constant",
    "count",
    "coverage",
    "days",
    "distinct",
    "ever",
    "feature",
    "feature_view",
    "field",
    "hours",
    "load_catalog",
    "maximum",
    "mean",
    "minimum",
    "minutes",
    "network",
    "previous",
    "replay",
    "replay_stretches",
    "share",
    "signal",
    "since_first",
    "since_last",
    "since_signal",
    "std",
    "total",
    "windows",
]

_ROOMS: Final = {
    "aggregate": (
        "count",
        "distinct",
        "ever",
        "maximum",
        "mean",
        "minimum",
        "previous",
        "share",
        "since_first",
        "since_last",
        "std",
        "total",
    ),
    "batch": ("replay", "replay_stretches"),
    "catalog": ("CATALOG", "Catalog"),
    "catalog_file": ("load_catalog",),
    "compiler": ("compile_plan",),
    "expression": ("Expression", "feature", "field"),
    "known": ("account", "coverage", "network", "signal", "since_signal"),
    "online": ("OnlineFeatures",),
    "plan": ("FeatureColumn", "FeaturePlan"),
    "term": ("constant",),
    "view": ("Entity", "FeatureView", "Side", "feature_view"),
    "window": ("days", "hours", "minutes", "windows"),
}
_ROOM_OF: Final = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    # Lazy (PEP 562): a service that imports OnlineFeatures must not load batch, and with it pandas.
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
