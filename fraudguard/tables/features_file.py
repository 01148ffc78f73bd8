"""Writing replayed features as one Parquet file."""

from itertools import pairwise
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from fraudguard.progress import Progress, silent
from fraudguard.tables.folder import whole_file

__all__ = ["write_features"]

_STRETCH: Final = 100_000  # rows of a row group: a part that fits in memory whatever the number of features


def write_features(features: pd.DataFrame, out: Path, *, progress: Progress = silent) -> None:
    """Write features with their `transfer_id`, whole or not at all.

    Parameters
    ----------
    features : DataFrame of float64
        Indexed by ``transfer_id``, in log order.
    out : Path
        The file; an existing one is replaced, so `claim` comes before.
    progress : Progress
        Told how many rows are written.
    """
    ids = pa.field("transfer_id", pa.large_string(), nullable=False)
    schema = pa.schema([ids, *(pa.field(name, pa.float64()) for name in features.columns)])
    with whole_file(out) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for start, end in pairwise([*range(0, len(features), _STRETCH), len(features)]):
            part = features.iloc[start:end].reset_index()
            writer.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False))
            progress(end, len(features))
