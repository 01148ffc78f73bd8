"""Events of a log as a table again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fraudguard.column import Event, columns_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["to_table"]


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
