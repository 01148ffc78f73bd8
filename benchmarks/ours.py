"""fraudguard itself: a replay from a table with integer ids."""

from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from log import Log
from work import Call, Matrix, Side, Work

from fraudguard.features import Catalog, Entity, FeatureView, count, distinct, maximum, mean, replay, total, windows
from fraudguard.features import Side as Direction
from fraudguard.wording import Bilingual

__all__ = ["catalog_of", "frame_of", "one_thread", "two_threads"]

_AGGREGATES: Final = {"count": count, "sum": total, "max": maximum, "mean": mean, "distinct": distinct}
_DIRECTIONS: Final = {"payer": Direction.OUT, "payee": Direction.IN}


def frame_of(log: Log) -> pd.DataFrame:
    """Return the log as the table that `replay` takes."""
    moments = pd.Series(log.times_ms.view("datetime64[ms]")).dt.tz_localize("UTC")
    return pd.DataFrame({
        "transfer_id": np.arange(len(log)),
        "event_time": moments,
        "payer_account_id": log.payers,
        "payee_account_id": log.payees,
        "amount_fen": log.amounts_fen,
    })


def catalog_of(work: Work) -> Catalog:
    """Return the catalog whose features are a work's columns."""
    return Catalog(tuple(_view(side, work) for side in work.sides))


def one_thread(log: Log, work: Work) -> Call:
    """Prepare a replay with one thread."""
    return partial(_replayed, frame_of(log), catalog_of(work), threads=1)


def two_threads(log: Log, work: Work) -> Call:
    """Prepare a replay with two threads."""
    return partial(_replayed, frame_of(log), catalog_of(work), threads=2)


def _replayed(frame: pd.DataFrame, catalog: Catalog, *, threads: int) -> Matrix:
    return replay(frame, catalog=catalog, threads=threads).to_numpy()


def _view(side: Side, work: Work) -> FeatureView:
    return FeatureView(
        entity=Entity(side.key),
        side=_DIRECTIONS[side.key],
        windows=windows(" ".join(work.windows)),
        aggregates=tuple(_AGGREGATES[reducer]() for reducer in side.reducers),
        why=Bilingual("测速", "measured"),
    )
