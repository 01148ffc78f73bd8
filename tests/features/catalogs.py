"""Catalogs to test with: one that asks for everything, and strategies for parts of it."""

from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from fraudguard.features import (
    Catalog,
    Entity,
    Expression,
    FeatureView,
    Side,
    account,
    constant,
    count,
    coverage,
    distinct,
    ever,
    feature,
    feature_view,
    field,
    maximum,
    mean,
    minimum,
    network,
    previous,
    share,
    signal,
    since_first,
    since_last,
    since_signal,
    std,
    total,
    windows,
)
from fraudguard.features.aggregate import Aggregate, Flag
from fraudguard.features.known import NETWORK
from fraudguard.features.plan import VIEWS
from fraudguard.features.term import Operation, Operator, Term
from fraudguard.signal import SignalSource
from fraudguard.wording import Bilingual
from tests.strategies import SIGNAL_TYPES

__all__ = ["AGGREGATES", "DENSE", "SPANS", "catalogs", "parts_of_dense", "views_of"]

SPANS: Final = windows("10m 1h 1d 7d 90d")
AGGREGATES: Final = (
    count(),
    total(),
    mean(),
    maximum(),
    minimum(),
    std(),
    distinct(),
    *(share(flag) for flag in Flag),
    since_last(),
    since_first(),
    previous(),
    ever(),
)
_WHY: Final = "A test."
_ACCOUNT_FIELDS: Final = ("opened_at", "account_class", "payroll_account", "daily_limit_fen", "known_involved")
_FIELDS: Final = ("amount_fen", "event_time", "event_type", "channel", "active_call", "payer_balance_before_fen")


def views_of(aggregates: Sequence[Aggregate], spans: str = "10m 1h 1d 7d 90d") -> tuple[FeatureView, ...]:
    """Return a view of every entity and side with these aggregates, as far as each can have them."""
    views = [_view(entity, side, spans, aggregates) for entity, side in VIEWS]
    return tuple(view for view in views if view is not None)


def _view(entity: Entity, side: Side | None, spans: str, aggregates: Sequence[Aggregate]) -> FeatureView | None:
    those = [one for one in aggregates if entity is not Entity.PAIR or one != distinct()]
    return feature_view(entity, side, spans, *those, why=_WHY) if those else None


def _observations() -> dict[str, Term]:
    terms: dict[str, Term] = {name: network(name) for name in NETWORK}
    for of in ("payer", "payee"):
        terms |= {f"{of}_{kind}": signal(of, kind) for kind in SIGNAL_TYPES}
        terms |= {f"{of}_since_{kind}": since_signal(of, kind) for kind in SIGNAL_TYPES}
        terms |= {f"{of}_{name}": account(of, name) for name in _ACCOUNT_FIELDS}
    return terms | {f"hears_{source}": coverage(source) for source in SignalSource}


_VIEWS: Final = views_of(AGGREGATES)
_OUT, _PAIR, _DEVICE = _VIEWS[0], _VIEWS[4], _VIEWS[5]
_TERMS: Final[dict[str, Term]] = {
    **_observations(),
    **{name: field(name) for name in _FIELDS},
    "amount_to_mean": field("amount_fen") / _OUT["amount_fen_mean_1d"],
    "hour": (field("event_time") + 28_800_000) % 86_400_000 // 3_600_000,
    "is_first_to_payee": _PAIR["since_last_s"].is_missing(),
    "usual": _OUT["amount_fen_max_7d"].or_else(field("amount_fen")),
    "is_above_usual": (field("amount_fen") > _OUT["amount_fen_max_7d"]).or_else(-1),
    "on_the_phone": field("active_call").equals(1) * signal("payer", SIGNAL_TYPES[0]).or_else(0.5),
    "device_again": _DEVICE["transfers_ever"],
    "nothing": constant(0.25),
}
DENSE: Final = Catalog((*_VIEWS, *(feature(name, term, why=_WHY) for name, term in _TERMS.items())))
"""Every aggregate of every entity over five windows, every network number, some of the rest."""


@st.composite
def _some_views(draw: st.DrawFn, most: int = 4) -> list[FeatureView]:
    chosen = draw(st.lists(st.sampled_from(_VIEWS), max_size=most, unique_by=id))
    views = []
    for view in chosen:
        aggregates = draw(st.lists(st.sampled_from(view.aggregates), min_size=1, max_size=5, unique=True))
        spans = draw(st.lists(st.sampled_from(view.windows), min_size=1, max_size=3, unique=True))
        views.append(
            FeatureView(
                entity=view.entity,
                side=view.side,
                windows=tuple(sorted(spans)),
                aggregates=tuple(aggregates),
                why=Bilingual(_WHY, _WHY),
            )
        )
    return views


@st.composite
def parts_of_dense(draw: st.DrawFn) -> Catalog:
    """Draw a catalog whose columns are all columns of `DENSE`, under the same names."""
    names = draw(st.lists(st.sampled_from(sorted(_TERMS)), max_size=6, unique=True))
    views = draw(_some_views())
    return Catalog((*views, *(feature(name, _TERMS[name], why=_WHY) for name in names or ["nothing"])))


_LEAVES: Final = st.one_of(
    st.sampled_from([field(name) for name in _FIELDS]),
    st.sampled_from([reading for view in _VIEWS for reading in view.readings()]),
    st.sampled_from(list(_observations().values())),
    st.sampled_from([constant(value) for value in (0, 1, -1, 0.1, -2.5, 1e-3, 10_000, 3_600_000)]),
)


@st.composite
def _operations(draw: st.DrawFn, most_deep: int = 3) -> Term:
    operator = draw(st.sampled_from(list(Operator)))
    left = draw(_operations(most_deep - 1)) if most_deep and draw(st.booleans()) else draw(_LEAVES)
    if operator in {Operator.IS_MISSING, Operator.LOG10}:
        return Operation(operator, left, left)
    return Operation(operator, left, draw(_LEAVES))


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Draw a catalog: some views, some observations, and arithmetic over anything, the same term twice too."""
    views = draw(_some_views(3))
    names = draw(st.lists(st.sampled_from(sorted(NETWORK)), max_size=4, unique=True))
    terms = [*map(network, names), *draw(st.lists(st.one_of(_operations(), _LEAVES), min_size=1, max_size=5))]
    terms.append(draw(st.sampled_from(terms)))
    expressions: list[Expression] = [feature(f"e{i}", term, why=_WHY) for i, term in enumerate(terms)]
    return Catalog((*views, *expressions))
