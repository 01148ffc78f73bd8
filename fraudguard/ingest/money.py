"""Yuan to fen, exactly."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fraudguard.tables import reasons
from fraudguard.tables.cells import Cells, as_text, marked
from fraudguard.tables.fault import Fault
from fraudguard.wording import Bilingual

__all__ = ["MORE_DECIMALS", "to_fen"]

MORE_DECIMALS: Final = Fault(
    Bilingual("金额多于两位小数", "the amount has more than two decimals"),
    Bilingual(
        "请改正源数据，或在 [amount] 写 round = true，四舍五入到分。",
        "Correct the source, or write round = true under [amount] to round to the fen.",
    ),
)

_NOISE_FEN: Final = 1e-6  # what float arithmetic leaves on an amount of two decimals; a third decimal is 0.1 fen
_NOISE_STEPS: Final = 4  # or so many steps of a float, which are wider for large amounts
_YUAN_MAX: Final = 10**15
_GROUPED: Final = r"^([+-]?\d{1,3}(,\d{3})+)(\.\d*)?$"


def to_fen(cells: Cells, *, round_to_fen: bool) -> Any:  # noqa: ANN401  # pyarrow has no types
    """Return amounts in yuan as whole fen.

    Parameters
    ----------
    cells : Cells
        Numbers, or text such as ``49800``, ``49,800.00``.
    round_to_fen : bool
        Whether a third decimal is rounded, half up, and not refused.

    Returns
    -------
    pyarrow.ChunkedArray of int64
        Null where the cell is empty; the sign is kept, for the contract to judge.
    """
    kind = cells.array.type
    if pa.types.is_integer(kind):
        whole = cells.array.cast(pa.int64(), safe=False)
        cells.reject(pc.or_(pc.greater(whole, _YUAN_MAX), pc.less(whole, -_YUAN_MAX)), reasons.TOO_LARGE)
        return pc.multiply(whole, 100)
    if pa.types.is_floating(kind):
        return _from_float(cells, round_to_fen=round_to_fen)
    return _from_text(cells, round_to_fen=round_to_fen)


def _from_float(cells: Cells, *, round_to_fen: bool) -> Any:  # noqa: ANN401  # pyarrow has no types
    array = cells.array.cast(pa.float64())
    if not cells.column.required:
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    cells.reject(pc.invert(pc.is_finite(array)), reasons.NOT_FINITE)
    cells.reject(pc.greater(pc.abs(array), float(_YUAN_MAX)), reasons.TOO_LARGE)
    exact = np.asarray(array.fill_null(0.0)) * 100
    nearest = np.floor(exact + 0.5)
    if not round_to_fen:
        noise = _NOISE_FEN + _NOISE_STEPS * np.spacing(np.abs(exact))
        cells.reject(np.abs(exact - nearest) > noise, MORE_DECIMALS)
    return _nulled(pa.array(nearest.astype(np.int64)), array)


def _from_text(cells: Cells, *, round_to_fen: bool) -> Any:  # noqa: ANN401  # pyarrow has no types
    text = as_text(cells)
    grouped = pc.match_substring_regex(text, _GROUPED)
    text = pc.if_else(grouped, pc.replace_substring(text, ",", ""), text)
    cells.reject(pc.match_substring_regex(text, r"(?i)^[+-]?(nan|inf(inity)?)$"), reasons.NOT_FINITE)
    cells.reject(pc.match_substring_regex(text, r"^[+-]?\d{16,}(\.\d*)?$"), reasons.TOO_LARGE)
    cells.reject(pc.invert(pc.match_substring_regex(text, r"^[+-]?\d+(\.\d*)?$")), reasons.NOT_A_NUMBER)
    if not round_to_fen:
        cells.reject(pc.match_substring_regex(text, r"\.\d\d\d*[1-9]\d*$"), MORE_DECIMALS)
    return _nulled(_fen_of(pc.fill_null(text, "0")), text)


def _fen_of(text: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    parts = pc.extract_regex(text, r"^(?P<sign>[+-]?)(?P<yuan>\d+)(?:\.(?P<rest>\d*))?$")
    sign, yuan, rest = (pc.struct_field(parts, name) for name in ("sign", "yuan", "rest"))
    padded = pc.utf8_rpad(rest, 3, padding="0")
    fen = pc.utf8_slice_codeunits(padded, 0, 2).cast(pa.int64())
    half = pc.greater_equal(pc.utf8_slice_codeunits(padded, 2, 3), "5").cast(pa.int64())
    total = pc.add(pc.add(pc.multiply(yuan.cast(pa.int64()), 100), fen), half)
    return pc.if_else(pc.equal(sign, "-"), pc.negate(total), total)


def _nulled(values: Any, like: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    if like.null_count == 0:
        return values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    missing = pa.array(marked(pc.is_null(like)))
    return pa.chunked_array([pc.if_else(missing, pa.scalar(None, pa.int64()), _one_chunk(values))])


def _one_chunk(values: Any) -> Any:  # noqa: ANN401  # pyarrow has no types
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
