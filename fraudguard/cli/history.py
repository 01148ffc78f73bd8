"""A dataset as events in log order, and events of a log as tables again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of, from_ms, to_ms
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

if TYPE_CHECKING:
    import pandas as pd

    from fraudguard.tables import Dataset

__all__ = ["events_in_log_order", "to_table"]

EventT = TypeVar("EventT", bound=Event)


def events_in_log_order(dataset: "Dataset") -> Iterator[Event]:
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
    waiting = _others(dataset)
    next_other = 0
    for place, transfer in enumerate(_events(dataset.transfers, Transfer)):
        while next_other < len(waiting) and waiting[next_other][0] <= place:
            yield waiting[next_other][-1]
            next_other += 1
        yield transfer
    yield from (event for *_, event in waiting[next_other:])


def to_table(events: Sequence[Event], event_type: type[Event]) -> "pd.DataFrame":
    """Return events as a table, without columns that nobody filled in.

    Parameters
    ----------
    events : sequence of Event
        All of one type.
    event_type : type of Event
        That type.

    Returns
    -------
    DataFrame
        One row an event, in the order given.
    """
    import pandas as pd

    names = [column.name for column in columns_of(event_type)]
    columns = {name: [getattr(event, name) for event in events] for name in names}
    filled = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in filled.items()})


def _others(dataset: "Dataset") -> list[tuple[int, str, str, Event]]:
    import numpy as np

    times = dataset.transfers["event_time"].astype("int64").to_numpy()
    reached = np.maximum.accumulate(times)
    events: list[tuple[str, str, datetime, Event]] = [
        *(("account", row.account_id, row.received_at, row) for row in _events(dataset.accounts, Account)),
        *(("finding", row.finding_id, row.received_at, row) for row in _events(dataset.findings, Finding)),
        *(("signal", row.signal_id, row.received_at, row) for row in _events(dataset.signals, Signal)),
    ]
    placed = ((int(np.searchsorted(reached, to_ms(at))), kind, name, event) for kind, name, at, event in events)
    return sorted(placed, key=lambda entry: entry[:3])


def _events(frame: "pd.DataFrame", event_type: type[EventT]) -> Iterator[EventT]:
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
