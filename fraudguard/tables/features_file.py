"""Writing replayed features: one Parquet file, or a folder that holds one."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from fraudguard.progress import Progress, silent
from fraudguard.tables.folder import claim, whole_file

__all__ = ["claim_features", "write_features"]

_FEATURES_FILE: Final = "features.parquet"
_STRETCH: Final = 100_000  # rows of a row group: a part that fits in memory whatever the number of features


def claim_features(out: Path, *, overwrite: bool) -> None:
    """Check that features may be written to `out`, before they are computed."""
    claim(_file(out), overwrite=overwrite)


def write_features(features: pd.DataFrame, out: Path, *, progress: Progress = silent) -> Path:
    """Write features with their `transfer_id`, whole or not at all.

    Parameters
    ----------
    features : DataFrame of float64
        Indexed by ``transfer_id``, in log order.
    out : Path
        A name that ends in ``.parquet``, or a folder to put ``features.parquet`` in.
    progress : Progress
        Told how many rows are written.

    Returns
    -------
    Path
        The file; an existing one is replaced, so `claim_features` comes before.
    """
    ids = pa.field("transfer_id", pa.large_string(), nullable=False)
    schema = pa.schema([ids, *(pa.field(name, pa.float64()) for name in features.columns)])
    file = _file(out)
    with whole_file(file) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for start, end in pairwise([*range(0, len(features), _STRETCH), len(features)]):
            part = features.iloc[start:end].reset_index()
            writer.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False))
            progress(end, len(features))
    return file


def _file(out: Path) -> Path:
    return out if out.suffix == ".parquet" and not out.is_dir() else out / _FEATURES_FILE
