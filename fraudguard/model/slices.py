"""Recall and friction of parts of a window, at one alert budget, with intervals clustered by case or customer."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.model.bootstrap import clusters_of, interval, replicate
from fraudguard.model.context import GROUPS

__all__ = ["GroupRow", "SliceRow", "friction_rows", "slice_rows"]

_FAIR: Final = (0.8, 1.25)
_ENOUGH: Final = 5.0
"""With fewer alerts expected in a group, none at all is nothing unusual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceRow:
    """Recall of one kind of fraud.

    Parameters
    ----------
    kind : str
        ``scam_type``, ``payee``, ``payee_account``, ``order`` or ``gang``.
    name : str
        Which slice.
    n_fraud : int
        Fraud transfers in it.
    recall, low, high : float
        Share alerted, with its 95 % interval.
    value_recall : float
        Share of the money alerted.
    """

    kind: str
    name: str
    n_fraud: int
    recall: float
    low: float
    high: float
    value_recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """How often genuine transfers of a group are alerted, against all genuine transfers.

    Parameters
    ----------
    kind, group : str
        What is compared, such as ``age_band``, and which.
    n_genuine : int
        Genuine transfers of the group.
    alerts, expected : float
        How many of them are alerted, and how many would be were the group like all.
    rate_per_10_000 : float
        Alerts per 10,000 of them.
    ratio, low, high : float
        Against the rate of all genuine transfers, with its 95 % interval.
    """

    kind: str
    group: str
    n_genuine: int
    alerts: float
    expected: float
    rate_per_10_000: float
    ratio: float
    low: float
    high: float

    @property
    def is_fair(self) -> bool | None:
        """Whether the ratio lies within 0.8 to 1.25: None where too few alerts are expected, or the interval leaves it open."""
        if not np.isfinite(self.ratio) or self.expected < _ENOUGH:
            return None
        if self.low > _FAIR[1] or self.high < _FAIR[0]:
            return False
        return True if _FAIR[0] <= self.ratio <= _FAIR[1] else None


def slice_rows(known: pd.DataFrame, weight: NDArray[np.float64], *, seed: int) -> tuple[SliceRow, ...]:
    """Return the recall of each kind of fraud.

    Parameters
    ----------
    known : DataFrame
        Labelled transfers, with the columns of `fraudguard.model.context.with_context`; ``gang_is_new`` where it is known.
    weight : ndarray of float64, shape (n_transfers,)
        How much of each transfer is alerted.
    seed : int
        Of the bootstrap.

    Returns
    -------
    tuple of SliceRow
        Scam types, then novelty, then order; slices without a fraud are left out.
    """
    is_fraud = (known["label"] == "fraud").to_numpy()
    fraud = known[is_fraud].assign(_weight=weight[is_fraud])
    return tuple(
        _slice_row(fraud[chosen.to_numpy(dtype=bool)], kind, name, seed=seed)
        for kind, names in _slices(fraud).items()
        for name, chosen in names.items()
        if chosen.any()
    )


def _slices(fraud: pd.DataFrame) -> dict[str, dict[str, "pd.Series[bool]"]]:
    ordered = fraud.rename_axis("transfer_id").reset_index().sort_values(["event_time", "transfer_id"])
    first = ordered.groupby(clusters_of(ordered)).cumcount().eq(0)
    is_first = pd.Series(first.to_numpy(), index=ordered["transfer_id"]).reindex(fraud.index)
    slices: dict[str, dict[str, pd.Series[bool]]] = {}
    if "scam_type" in fraud:
        kinds = fraud["scam_type"].fillna("unknown").astype("str")
        slices["scam_type"] = {name: kinds == name for name in sorted(kinds.unique())}
    for column, kind, names in (
        ("payee_was_known", "payee", ("new", "known")),
        ("payee_is_young", "payee_account", ("older", "young")),
        ("gang_is_new", "gang", ("known", "new")),
    ):
        if column in fraud:
            slices[kind] = {name: fraud[column].eq(value) for value, name in enumerate(names)}
    slices["order"] = {"first": is_first, "later": ~is_first}
    return slices


def _slice_row(rows: pd.DataFrame, kind: str, name: str, *, seed: int) -> SliceRow:
    weight, cluster = rows["_weight"].to_numpy(dtype=np.float64), clusters_of(rows)
    caught = np.bincount(cluster, weights=weight)
    size = np.bincount(cluster).astype(np.float64)
    drawn = replicate(lambda times: [_ratio(float(times @ caught), float(times @ size))], len(size), seed=seed)
    low, high = interval(drawn[:, 0])
    amount = rows["amount_fen"].to_numpy(dtype=np.float64)
    return SliceRow(
        kind=kind,
        name=name,
        n_fraud=len(rows),
        recall=float(weight.mean()),
        low=low,
        high=high,
        value_recall=_ratio(float(weight @ amount), float(amount.sum())),
    )


def friction_rows(known: pd.DataFrame, weight: NDArray[np.float64], *, seed: int) -> tuple[GroupRow, ...]:
    """Return how often genuine transfers of each group are alerted.

    Parameters
    ----------
    known : DataFrame
        Labelled transfers, with those columns of `fraudguard.model.context.GROUPS` that are known.
    weight : ndarray of float64, shape (n_transfers,)
        How much of each transfer is alerted.
    seed : int
        Of the bootstrap, which draws customers.

    Returns
    -------
    tuple of GroupRow
        By kind, then group; a group without transfers is left out.
    """
    is_genuine = (known["label"] == "genuine").to_numpy()
    genuine = known[is_genuine].assign(_weight=weight[is_genuine])
    cluster = clusters_of(genuine)
    return tuple(row for kind in GROUPS if kind in genuine for row in _group_rows(genuine, kind, cluster, seed=seed))


def _group_rows(genuine: pd.DataFrame, kind: str, cluster: NDArray[np.int64], *, seed: int) -> list[GroupRow]:
    group = pd.Categorical(genuine[kind])
    chosen = group.codes >= 0
    n_groups, n_clusters = len(group.categories), int(cluster.max(initial=-1)) + 1
    if not chosen.any():
        return []
    cell = cluster[chosen] * n_groups + group.codes[chosen]
    shape = (n_clusters, n_groups)
    size = np.bincount(cell, minlength=n_clusters * n_groups).reshape(shape).astype(np.float64)
    alerts = np.bincount(cell, weights=genuine["_weight"].to_numpy()[chosen], minlength=n_clusters * n_groups).reshape(
        shape
    )
    drawn = replicate(lambda times: _ratios(times @ alerts, times @ size), n_clusters, seed=seed)
    ratios, total = _ratios(alerts.sum(axis=0), size.sum(axis=0)), size.sum(axis=0)
    overall = _ratio(float(alerts.sum()), float(total.sum()))
    return [
        GroupRow(
            kind=kind,
            group=str(name),
            n_genuine=int(total[place]),
            alerts=float(alerts[:, place].sum()),
            expected=overall * float(total[place]),
            rate_per_10_000=10_000 * float(alerts[:, place].sum()) / float(total[place]),
            ratio=ratios[place],
            low=interval(drawn[:, place])[0],
            high=interval(drawn[:, place])[1],
        )
        for place, name in enumerate(group.categories)
        if total[place]
    ]


def _ratios(alerts: NDArray[np.float64], size: NDArray[np.float64]) -> list[float]:
    overall = _ratio(float(alerts.sum()), float(size.sum()))
    return [_ratio(_ratio(float(a), float(n)), overall) for a, n in zip(alerts, size, strict=True)]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole and np.isfinite(whole) else float("nan")
