"""Foreign times become moments in UTC, or are refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from fraudguard.column import columns_of
from fraudguard.errors import DataError, DefinitionError
from fraudguard.ingest.moment import moments
from fraudguard.ingest.parts import EventTimePart
from fraudguard.tables.cells import Cells, parse, plain
from fraudguard.tables.raw import RawTable
from fraudguard.transfer import Transfer

_COLUMN = next(column for column in columns_of(Transfer) if column.name == "event_time")
_SHANGHAI = EventTimePart(time_zone="Asia/Shanghai")
_NOON = datetime(2026, 1, 2, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def _moments(array: Any, part: EventTimePart) -> list[datetime]:  # noqa: ANN401  # pyarrow has no types
    raw = RawTable(path=Path("a.csv"), table=pa.table({"event_time": array}))
    turned = moments(Cells(raw, _COLUMN, plain(raw.table["event_time"])), part)
    ms = parse(raw.with_table(pa.table({"event_time": turned})), _COLUMN)
    return [moment.to_pydatetime() for moment in ms.to_pandas()]


@pytest.mark.parametrize(
    ("array", "part"),
    [
        (pa.array(["2026-01-02 12:00:00"]), _SHANGHAI),
        (pa.array(["2026-01-02T04:00:00Z"]), _SHANGHAI),
        (pa.array(["2026-01-02T04:00:00Z"]), EventTimePart()),
        (pa.array(["2026-01-02T12:00:00.000+0800"]), EventTimePart()),
        (pa.array(["20260102 120000"]), EventTimePart(format="%Y%m%d %H%M%S", time_zone="Asia/Shanghai")),
        (pa.array([20260102120000]), EventTimePart(format="%Y%m%d%H%M%S", time_zone="Asia/Shanghai")),
        (pa.array(["02/01/2026 12:00 +0800"]), EventTimePart(format="%d/%m/%Y %H:%M %z")),
        (pa.array([1_767_326_400]), EventTimePart(unit="s")),
        (pa.array(["1767326400000"]), EventTimePart(unit="ms")),
        (pa.array([1_767_326_400_000_000]), EventTimePart(unit="us")),
        (pa.array([datetime(2026, 1, 2, 12)]), _SHANGHAI),  # noqa: DTZ001  # naive on purpose
        (pa.array([_NOON], pa.timestamp("ns", "Asia/Shanghai")), EventTimePart()),
        (pa.array([2]), EventTimePart(kind="order", start=datetime(2026, 1, 2, 3, 58, tzinfo=UTC), step_s=60)),
    ],
)
def test_forms_of_a_time(array: Any, part: EventTimePart) -> None:  # noqa: ANN401  # pyarrow has no types
    """The same moment is read from every form a file may have it in."""
    assert _moments(array, part) == [_NOON]


def test_times_with_and_without_zone_may_be_mixed() -> None:
    """A time with its own offset keeps it; only one without takes the zone of the mapping."""
    assert _moments(pa.array(["2026-01-02 12:00:00", "2026-01-02T04:00:00Z"]), _SHANGHAI) == [_NOON, _NOON]


@pytest.mark.parametrize(
    ("array", "part", "row", "word"),
    [
        (pa.array(["2026-01-02T04:00:00Z", "2026-01-02 12:00:00"]), EventTimePart(), 2, "without a zone"),
        (pa.array([datetime(2026, 1, 2, 12)]), EventTimePart(), 1, "without a zone"),  # noqa: DTZ001  # naive on purpose
        (pa.array(["2026-01-02 12:00:00", "noon"]), _SHANGHAI, 2, "cannot be read"),
        (pa.array(["2026-01-02 12:00:00", None]), _SHANGHAI, 2, "empty"),
        (pa.array(["2026-01-02T04:00:00Z", "noon+08:00"]), EventTimePart(), 2, "cannot be read"),
        (pa.array(["2026"]), EventTimePart(format="%Y%m%d", time_zone="UTC"), 1, "cannot be read"),
        (pa.array([1_767_326_400]), EventTimePart(), 1, "unknown unit"),
        (pa.array([10**15]), EventTimePart(unit="s"), 1, "before 1900 or after 9999"),
        (pa.array(["2026-03-29 02:30:00"]), EventTimePart(time_zone="Europe/Stockholm"), 1, "never was"),
        (pa.array([2**60]), EventTimePart(kind="order", start=_NOON, step_s=60), 1, "too large"),
        (pa.array([1.5]), EventTimePart(kind="order", start=_NOON, step_s=60), 1, "whole"),
        (pa.array([True]), _SHANGHAI, 1, "wrong type"),
    ],
)
def test_what_is_no_time(array: Any, part: EventTimePart, row: int, word: str) -> None:  # noqa: ANN401  # pyarrow has no types
    """What is no moment is refused with its row."""
    with pytest.raises(DataError, match=rf"row {row}\b.*{word}"):
        _moments(array, part)


def test_format_that_is_none() -> None:
    """A wrong directive is a mistake of the mapping, not of the data."""
    with pytest.raises(DefinitionError, match="%Q"):
        _moments(pa.array(["2026"]), EventTimePart(format="%Q", time_zone="UTC"))


def test_zone_is_a_calendar() -> None:
    """Shanghai's summer time of 1988 is respected: the zone is a calendar, not an offset."""
    read = _moments(pa.array(["1988-07-01 12:00:00"]), _SHANGHAI)

    assert pd.Timestamp(read[0]) == pd.Timestamp("1988-07-01T03:00:00Z")
