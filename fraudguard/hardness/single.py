"""What a single column gives away: features, fields, the calendar, and columns that should say nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.hardness.auc import encoded, separation
from fraudguard.hardness.sample import TRUTH_COLUMNS, Sample

__all__ = ["SingleAuc", "calendar_areas", "feature_areas", "field_areas", "silent_areas"]

Floats = NDArray[np.float64]

_ZONE: Final = "Asia/Shanghai"
_TEXT_IDS: Final = ("transfer_id", "payer_account_id", "payee_account_id")


@dataclass(frozen=True, slots=True)
class SingleAuc:
    """One column and how well it separates victims by itself."""

    name: str
    auc: float


def _ranked(columns: Iterator[tuple[str, Floats]], sample: Sample) -> list[SingleAuc]:
    found = [SingleAuc(name, separation(values, sample.victim)) for name, values in columns]
    return sorted(found, key=lambda one: (-one.auc, one.name))


def feature_areas(sample: Sample) -> list[SingleAuc]:
    """Return the area of every feature of the catalog, largest first."""
    names = sample.features.columns
    return _ranked(((name, sample.features[name].to_numpy(dtype=np.float64)) for name in names), sample)


def field_areas(sample: Sample) -> list[SingleAuc]:
    """Return the area of every field of a transfer, largest first; words count by their rate in other cases."""
    hidden = {*TRUTH_COLUMNS, *_TEXT_IDS, "place", "event_time", "device_id"}
    names = [name for name in sample.rows.columns if name not in hidden]
    return _ranked(((name, _numbers(sample, name)) for name in names), sample)


def _numbers(sample: Sample, name: str) -> Floats:
    column = sample.rows[name]
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return np.asarray(column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), np.float64)
    return encoded(column.astype("str"), sample.victim, sample.group)


def calendar_areas(sample: Sample) -> list[SingleAuc]:
    """Return the area of hour, weekday and day of the month, each by its rate in other cases."""
    local = sample.rows["event_time"].dt.tz_convert(_ZONE)
    parts = {"hour": local.dt.hour, "weekday": local.dt.day_of_week, "day_of_month": local.dt.day}
    columns = ((name, encoded(part.astype("str"), sample.victim, sample.group)) for name, part in parts.items())
    return _ranked(columns, sample)


def silent_areas(sample: Sample) -> list[SingleAuc]:
    """Return the area of what must say nothing: ids, order, fractions of a second, and gaps within one channel."""
    rows = sample.rows
    found = _ranked(_order(rows), sample) + [one for name in _TEXT_IDS for one in _id_areas(rows, name, sample.victim)]
    commonest = rows["channel"][sample.victim].mode().iloc[0]
    in_channel = (rows["channel"] == commonest).to_numpy()
    victim, seen = sample.victim[in_channel], rows[in_channel]
    gaps = {name: seen[name].isna().to_numpy(dtype=np.float64) for name in seen if name not in TRUTH_COLUMNS}
    told = {f"{name} unknown": gap for name, gap in gaps.items() if 0 < gap.mean() < 1}
    counted: Floats = np.zeros(len(victim), np.float64)
    for gap in told.values():
        counted += gap
    found += [SingleAuc(name, separation(gap, victim)) for name, gap in {**told, "unknown fields": counted}.items()]
    return sorted(found, key=lambda one: (-one.auc, one.name))


def _order(rows: pd.DataFrame) -> Iterator[tuple[str, Floats]]:
    moment = rows["event_time"].astype("int64").to_numpy()
    yield "millisecond", (moment % 1000).astype(np.float64)
    yield "second", (moment // 1000 % 60).astype(np.float64)
    place = rows["place"].to_numpy(dtype=np.int64)
    yield "row parity", (place % 2).astype(np.float64)
    yield "row within a thousand", (place % 1000).astype(np.float64)


def _id_areas(rows: pd.DataFrame, name: str, victim: NDArray[np.bool_]) -> list[SingleAuc]:
    """Look at each id once: a few busy shops would otherwise decide what an honest id looks like."""
    once = pd.DataFrame({"id": rows[name].astype("str"), "victim": victim}).groupby("id", sort=True)["victim"].any()
    ids, marked = once.index.to_list(), once.to_numpy(dtype=bool)
    looks = {
        "length": [len(word) for word in ids], "last character": [ord(word[-1]) for word in ids],
        "second character": [ord(word[1:2] or "0") for word in ids],
    }  # fmt: skip
    return [
        SingleAuc(f"{name} {look}", separation(np.array(codes, np.float64), marked)) for look, codes in looks.items()
    ]
