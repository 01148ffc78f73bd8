"""A dataset as events in log order: each row of its four tables, at its place in the one log."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of, from_ms, to_ms
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.tables.dataset import Dataset
from fraudguard.transfer import Transfer

__all__ = ["PlacedEvent", "events_in_log_order", "placed_events"]

EventT = TypeVar("EventT", bound=Event)


class PlacedEvent(NamedTuple):
    """An event that is no transfer, and where it stands among the transfers.

    Parameters
    ----------
    place : int
        Row number of the first transfer that it precedes; the number of transfers when it precedes none.
    kind : str
        ``account``, ``finding`` or ``signal``.
    event_id : str
        Its id; of an account row, the account's.
    event : Event
        The event itself.
    """

    place: int
    kind: str
    event_id: str
    event: Event


def events_in_log_order(dataset: Dataset) -> Iterator[Event]:
    """Yield every event of a dataset, each at its place in the log.

    Parameters
    ----------
    dataset : Dataset
        Transfers in log order.

    Yields
    ------
    Event
        A signal, finding or account row before the first transfer whose
        `event_time` is not before its `received_at`; ties by kind, then id.
    """
    waiting = placed_events(dataset)
    next_other = 0
    for place, transfer in enumerate(_events(dataset.transfers, Transfer)):
        while next_other < len(waiting) and waiting[next_other].place <= place:
            yield waiting[next_other].event
            next_other += 1
        yield transfer
    yield from (placed.event for placed in waiting[next_other:])


def placed_events(dataset: Dataset) -> list[PlacedEvent]:
    """Return the account rows, findings and signals of a dataset, each with its place among the transfers.

    Parameters
    ----------
    dataset : Dataset
        Transfers in log order.

    Returns
    -------
    list of PlacedEvent
        In log order: by place, then kind, then id.
    """
    # A late transfer does not hold back what was known before it: the log has reached the latest time so far.
    reached = np.maximum.accumulate(_times_ms(dataset.transfers["event_time"]))
    events: list[tuple[str, str, datetime, Event]] = [
        *(("account", row.account_id, row.received_at, row) for row in _events(dataset.accounts, Account)),
        *(("finding", row.finding_id, row.received_at, row) for row in _events(dataset.findings, Finding)),
        *(("signal", row.signal_id, row.received_at, row) for row in _events(dataset.signals, Signal)),
    ]
    received = np.array([to_ms(received_at) for _, _, received_at, _ in events], dtype=np.int64)
    places = np.searchsorted(reached, received).tolist()
    placed = (PlacedEvent(place, *one[:2], one[-1]) for place, one in zip(places, events, strict=True))
    return sorted(placed, key=lambda one: one[:3])


def _times_ms(moments: "pd.Series[Any]") -> NDArray[np.int64]:
    return np.array(moments.dt.tz_convert(None).to_numpy(dtype="datetime64[ms]"), dtype=np.int64)


def _events(frame: pd.DataFrame, event_type: type[EventT]) -> Iterator[EventT]:
    columns = [column for column in columns_of(event_type) if column.name in frame.columns]
    values = [_plain(frame[column.name], column) for column in columns]
    names = [column.name for column in columns]
    for row in zip(*values, strict=True):
        yield event_type(**dict(zip(names, row, strict=True)))


def _plain(series: "pd.Series[Any]", column: Column) -> list[Any]:
    # pandas' own moments are no plain datetimes: they cannot be written to the log.
    absent = series.isna().tolist()
    cells: list[Any] = series.tolist()
    if column.type is datetime:
        cells = [None if missing else from_ms(to_ms(cell)) for cell, missing in zip(cells, absent, strict=True)]
    elif column.type is date:
        cells = [None if missing else cell.date() for cell, missing in zip(cells, absent, strict=True)]
    else:
        cells = [None if missing else column.type(cell) for cell, missing in zip(cells, absent, strict=True)]
    return cells
