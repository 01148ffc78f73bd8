"""Times of a foreign file to moments in UTC."""

from datetime import UTC
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from fraudguard.column import to_ms
from fraudguard.errors import DefinitionError
from fraudguard.ingest.parts import EventTimePart
from fraudguard.tables import reasons
from fraudguard.tables.cells import OFFSET, Cells, as_text, marked, whole_numbers
from fraudguard.tables.fault import Fault
from fraudguard.wording import Bilingual

__all__ = ["moments"]

_PER_S: Final = {"s": 1, "ms": 1_000, "us": 1_000_000}
_PLACE_MAX: Final = 2**42

_UNIT_MISSING: Final = Fault(
    Bilingual("时间是数字，但没有说明单位", "the time is a number of unknown unit"),
    Bilingual(
        '请在 [event_time] 写 unit = "s" 或 "ms"，或 kind = "order"。',
        'Write unit = "s" or "ms" under [event_time], or kind = "order".',
    ),
)
_NOT_ONCE: Final = Fault(
    Bilingual("该地时间不存在或出现两次（夏令时）", "this local time never was, or was twice (daylight saving)"),
    Bilingual("请给出带时区的时间。", "Give times with their offset."),
)


def moments(cells: Cells, part: EventTimePart) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the times of transfers, in UTC where the mapping tells how.

    Parameters
    ----------
    cells : Cells
        Timestamps, numbers or text.
    part : EventTimePart
        How they are written.

    Returns
    -------
    pyarrow.ChunkedArray
        Timestamps with a zone; times that stay without one are left for the contract to refuse.
    """
    kind = cells.array.type
    if part.kind == "order":
        return _from_order(cells, part)
    if part.unit is not None:
        return _from_numbers(cells, part.unit)
    if pa.types.is_timestamp(kind):
        return _from_timestamps(cells, part)
    if pa.types.is_integer(kind) and part.format is None:
        cells.reject(pc.is_valid(cells.array), _UNIT_MISSING)
    return _from_text(cells, part)


def _from_order(cells: Cells, part: EventTimePart) -> Any:  # noqa: ANN401  # pyarrow has no types
    if part.start is None or part.step_s is None:  # the part itself refuses this; said again for the type checker
        raise cells.wrong_type()
    place = whole_numbers(cells)
    cells.reject(pc.greater(pc.abs(place), _PLACE_MAX // part.step_s), reasons.TOO_LARGE)
    start_ms = to_ms(part.start.astimezone(UTC))
    return pc.add(pc.multiply(place, 1_000 * part.step_s), start_ms).cast(pa.timestamp("ms", tz="UTC"))


def _from_numbers(cells: Cells, unit: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    return whole_numbers(cells).cast(pa.timestamp(unit, tz="UTC"))


def _from_timestamps(cells: Cells, part: EventTimePart) -> Any:  # noqa: ANN401  # pyarrow has no types
    if cells.array.type.tz is not None or part.time_zone is None:
        return cells.array
    return _localized(cells, cells.array.to_pandas(), part.time_zone)


def _from_text(cells: Cells, part: EventTimePart) -> Any:  # noqa: ANN401  # pyarrow has no types
    text = as_text(cells)
    series = text.to_pandas()
    if part.format is not None and "%z" in part.format:
        return _read(cells, _parsed(series, part.format, utc=True))
    with_offset = marked(pc.match_substring_regex(text, OFFSET)) if part.format is None else np.zeros(len(text), bool)
    if part.time_zone is None:
        if with_offset.all():
            return text
        _read(cells, _parsed(series.mask(with_offset), part.format), ignore=with_offset)
        cells.reject(~with_offset & ~marked(pc.is_null(text)), reasons.NAIVE)
        return text
    local = _parsed(series.mask(with_offset), part.format)
    _read(cells, local, ignore=with_offset)
    utc = _localized(cells, local, part.time_zone)
    if not with_offset.any():
        return utc
    aware = _read(cells, _parsed(series.where(with_offset), part.format, utc=True), ignore=~with_offset)
    return pc.coalesce(utc.cast(aware.type), aware)


def _parsed(series: Any, pattern: str | None, *, utc: bool = False) -> Any:  # noqa: ANN401  # a Series of text
    try:
        parsed = pd.to_datetime(series, format=pattern or "ISO8601", utc=utc, errors="coerce")
    except ValueError as error:
        raise DefinitionError(
            f"[event_time] format {pattern} is not a time format; write for example %Y-%m-%d %H:%M:%S",
            f"[event_time] format {pattern} 不是时间格式；请写如 %Y-%m-%d %H:%M:%S",
        ) from error
    return parsed.dt.as_unit("us")


def _read(cells: Cells, parsed: Any, *, ignore: Any = False) -> Any:  # noqa: ANN401  # a Series, an optional mask
    cells.reject(parsed.isna().to_numpy() & ~marked(pc.is_null(cells.array)) & ~ignore, reasons.NOT_A_TIME)
    return pa.chunked_array([pa.array(parsed, from_pandas=True)])


def _localized(cells: Cells, local: Any, time_zone: str) -> Any:  # noqa: ANN401  # a Series of naive times
    aware = local.dt.tz_localize(time_zone, ambiguous="NaT", nonexistent="NaT")
    cells.reject(aware.isna().to_numpy() & local.notna().to_numpy(), _NOT_ONCE)
    return pa.chunked_array([pa.array(aware.dt.tz_convert("UTC"), from_pandas=True)])
