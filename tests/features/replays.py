"""The ways to the same features: a table at once, part by part, or one event at a time."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Event, columns_of
from fraudguard.features import Catalog, FeaturePlan, OnlineFeatures, replay
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.tables import Dataset
from fraudguard.tables.events import events_in_log_order
from fraudguard.tables.schema import arrow_type, to_frame
from fraudguard.transfer import Transfer
from tests.tables.samples import META

__all__ = ["batch", "bits", "dataset_of", "log_of", "online", "online_rows", "streamed"]

Rows = NDArray[np.float64]
EventT = TypeVar("EventT", bound=Event)


def dataset_of(events: Iterable[Event]) -> Dataset:
    """Return events as the tables an analyst has; transfers keep their order."""
    given = list(events)
    return Dataset(
        path=None,
        meta=META,
        transfers=_frame(given, Transfer),
        accounts=_frame(given, Account),
        signals=_frame(given, Signal),
        findings=_frame(given, Finding),
    )


def _frame(events: Sequence[Event], kind: type[EventT]) -> pd.DataFrame:
    mine = [event for event in events if isinstance(event, kind)]
    cells: dict[str, tuple[list[Any], Any]] = {
        column.name: ([getattr(one, column.name) for one in mine], arrow_type(column)) for column in columns_of(kind)
    }
    table = {name: pa.array(values, of) for name, (values, of) in cells.items() if any(v is not None for v in values)}
    required = {column.name: pa.array([], arrow_type(column)) for column in columns_of(kind) if column.required}
    return to_frame(pa.table({**required, **table}), kind)


def log_of(dataset: Dataset) -> list[Event]:
    """Return the events of a dataset in log order."""
    return list(events_in_log_order(dataset))


def batch(dataset: Dataset, catalog: Catalog, threads: int = 1) -> Rows:
    """Return the features of a replay by groups."""
    return replay(dataset, catalog=catalog, threads=threads).to_numpy()


def streamed(dataset: Dataset, catalog: Catalog) -> Rows:
    """Return the features of a replay in log order, read back from its parts."""
    with TemporaryDirectory() as folder:
        empty = replay(dataset, catalog=catalog, out=Path(folder) / "out")
        parts = sorted((Path(folder) / "out").glob("*.parquet"))
        return pd.concat([empty, *(pd.read_parquet(part) for part in parts)]).to_numpy(dtype=np.float64)


def online(log: Iterable[Event], plan: FeaturePlan, features: OnlineFeatures | None = None) -> Rows:
    """Return the rows a running service would compute."""
    return online_rows(log, features or OnlineFeatures(plan))


def online_rows(log: Iterable[Event], features: OnlineFeatures) -> Rows:
    """Return the rows that a service goes on to compute."""
    rows = []
    for event in log:
        if isinstance(event, Transfer):
            rows.append(features.query(event))
        features.push(event)
    return np.array(rows, dtype=np.float64).reshape(-1, len(features.plan.columns))


def bits(rows: Rows) -> bytes:
    """Return what must be equal: every bit, NaN too."""
    return np.where(np.isnan(rows), np.nan, rows).tobytes()
