"""Labels of a source to findings, received when its label delay has passed."""

from datetime import timedelta
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from fraudguard.column import Column
from fraudguard.finding import FindingSource, FindingValue
from fraudguard.ingest.parts import LabelsPart
from fraudguard.tables.cells import Cells, as_text, plain
from fraudguard.tables.fault import Fault
from fraudguard.tables.raw import RawTable
from fraudguard.wording import Bilingual

__all__ = ["findings_of"]

_TEXT: Final = partial(pa.scalar, type=pa.large_string())
_NOT_NAMED: Final = Fault(
    Bilingual("映射中没有这个标签值", "the mapping does not name this label value"),
    Bilingual(
        "请在 [labels] 的 fraud、genuine 或 unknown 中写上它。", "Name it in fraud, genuine or unknown under [labels]."
    ),
)


def findings_of(raw: RawTable, transfers: Any, part: LabelsPart) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return the findings that the labels of a source stand for.

    Parameters
    ----------
    raw : RawTable
        The file with its label column.
    transfers : pyarrow.Table
        Its rows in the same order, checked.
    part : LabelsPart
        What the values mean.

    Returns
    -------
    pyarrow.Table
        Only what `part.unreported` does not say already: where a transfer
        without a finding counts as genuine, a genuine one gets none and an
        unknown one is ``undetermined``; elsewhere an unknown one gets none.
    """
    words = _words(raw, part)
    kept = pc.is_valid(words)
    rows = transfers.select(["transfer_id", "event_time"]).filter(kept)
    received_at = pc.add(rows["event_time"], pa.scalar(timedelta(seconds=part.delay_s), pa.duration("ms")))
    source = pa.array([FindingSource.IMPORTED.value], pa.large_string()).take(pa.array([0] * rows.num_rows, pa.int8()))
    return pa.table({
        "finding_id": pc.binary_join_element_wise(_TEXT("imported"), rows["transfer_id"], _TEXT("-")),
        "finding": words.filter(kept),
        "event_time": received_at,
        "received_at": received_at,
        "transfer_id": rows["transfer_id"],
        "source": source,
    })


def _words(raw: RawTable, part: LabelsPart) -> Any:  # noqa: ANN401  # pyarrow has no types
    genuine_is_silent = part.unreported == "genuine"
    meanings: dict[str, str | None] = dict.fromkeys(map(str, part.fraud), part.finding)
    meanings |= dict.fromkeys(map(str, part.genuine), None if genuine_is_silent else FindingValue.GENUINE.value)
    unknown = FindingValue.UNDETERMINED.value if genuine_is_silent else None
    meanings |= dict.fromkeys(map(str, part.unknown), unknown)
    values = _values(raw, part.column)
    cells = Cells(raw, Column(name=part.column, zh="标签", en="label"), values)
    named = pc.is_in(values, pa.array(list(meanings), pa.large_string()))
    cells.reject(pc.and_(pc.is_valid(values), pc.invert(named)), _NOT_NAMED)
    coded = values.combine_chunks().dictionary_encode()
    words = pa.array([meanings[value] for value in coded.dictionary.to_pylist()], pa.large_string())
    return pc.if_else(coded.is_valid(), words.take(coded.indices), pa.scalar(unknown, pa.large_string()))


def _values(raw: RawTable, name: str) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = plain(raw.table[name])
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.large_string())
    if pa.types.is_floating(array.type):  # integers beside empty cells come as floats
        array = array.cast(pa.int64(), safe=False)
    return as_text(Cells(raw, Column(name=name, zh="标签", en="label"), array))
