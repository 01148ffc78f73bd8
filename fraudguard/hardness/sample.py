"""What the card looks at: all victims' payments and a sample of honest ones, with their features."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fraudguard.errors import DataError, NotFoundError
from fraudguard.features import replay
from fraudguard.progress import Progress, silent
from fraudguard.tables import Dataset

__all__ = ["TRUTH_COLUMNS", "Sample", "draw_sample", "read_truth"]

TRUTH_COLUMNS: Final = (
    "transfer_id", "is_victim_transfer", "is_mule_movement", "case_id", "gang_id", "scam_type", "hop", "scenario", "episode",
)  # fmt: skip
_HONEST_ROWS: Final = 120_000
_TEST_SHARE: Final = 0.25
_LONG_DAYS: Final = 90
_GAPS: Final = (7, 14)
"""Days between training and test in a short and in a long world."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Rows of transfers with truth and features beside them; movements between mules are left out.

    Parameters
    ----------
    rows : DataFrame
        Columns of the transfers and of the truth, and `place`, the row in the file.
    features : DataFrame of float32
        Same rows.
    weight : ndarray of float64
        How many transfers a row stands for: 1 for a victim's.
    train, test : ndarray of bool
        Windows; rows of a case in both are taken out of training.
    """

    rows: pd.DataFrame
    features: pd.DataFrame
    weight: NDArray[np.float64]
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]

    @property
    def victim(self) -> NDArray[np.bool_]:
        """Which rows are victims' payments."""
        return self.rows["is_victim_transfer"].to_numpy(dtype=bool)

    @property
    def cases(self) -> int:
        """How many fraud cases there are."""
        return int(self.rows["case_id"].nunique())

    @property
    def group(self) -> NDArray[np.int64]:
        """A number for each case, and one for each honest row."""
        case, _ = pd.factorize(self.rows["case_id"])
        return np.where(case >= 0, case, np.arange(len(case)) + len(case)).astype(np.int64)


def read_truth(dataset: Dataset) -> pd.DataFrame:
    """Return the truth beside a simulated dataset.

    Parameters
    ----------
    dataset : Dataset
        Read from a folder.

    Returns
    -------
    DataFrame
        One row a transfer, in log order.

    Raises
    ------
    NotFoundError
        If the folder has no truth.
    DataError
        If the truth is of other transfers, lacks a column, or knows no victim.
    """
    path = (dataset.path or Path()) / "truth.parquet"
    if not path.is_file():
        raise NotFoundError(
            f"{path}: no such file. The card needs what only a simulator knows; make the data with `fraudguard simulate`.",
            f"{path}：没有这个文件。难度卡需要只有模拟器知道的真相；请用 `fraudguard simulate` 生成数据。",
        )
    truth = pd.read_parquet(path)
    missing = [column for column in TRUTH_COLUMNS if column not in truth]
    if missing or len(truth) != len(dataset.transfers):
        raise DataError(
            f"{path}: columns missing {missing}, {len(truth)} rows for {len(dataset.transfers)} transfers. Simulate again.",
            f"{path}：缺少列 {missing}，{len(truth)} 行对 {len(dataset.transfers)} 笔转账。请重新模拟。",
        )
    if not truth["is_victim_transfer"].any():
        raise DataError(
            f"{path}: no victim transfer at all; take more accounts, more days or a denser preset.",
            f"{path}：没有任何受骗转账；请增加账户数或天数，或换更密的预设。",
        )
    return truth


def draw_sample(dataset: Dataset, truth: pd.DataFrame, *, seed: int = 7, progress: Progress = silent) -> Sample:
    """Replay the features and keep those of victims and of a sample of honest transfers.

    Parameters
    ----------
    dataset : Dataset
        Simulated.
    truth : DataFrame
        From `read_truth`.
    seed : int
        Of the sample.
    progress : Progress
        Told how many transfers are replayed.

    Returns
    -------
    Sample
        In log order.
    """
    victim = truth["is_victim_transfer"].to_numpy(dtype=bool)
    honest = np.flatnonzero(~victim & ~truth["is_mule_movement"].to_numpy(dtype=bool))
    kept = np.random.default_rng(seed).permutation(honest)[:_HONEST_ROWS]
    place = np.sort(np.concatenate([np.flatnonzero(victim), kept]))
    rows = dataset.transfers.iloc[place].reset_index(drop=True)
    told = truth.iloc[place].drop(columns="transfer_id").reset_index(drop=True)
    rows = pd.concat([rows, told], axis=1).assign(place=place)
    train, test = _windows(rows)
    weight = np.where(rows["is_victim_transfer"], 1.0, len(honest) / max(len(kept), 1))
    return Sample(rows, _features(dataset, place, progress=progress), weight, train, test)


def _features(dataset: Dataset, place: NDArray[np.int64], *, progress: Progress) -> pd.DataFrame:
    """Replay into a folder and keep some rows of each part, so that memory holds the sample only."""
    with tempfile.TemporaryDirectory() as folder:
        out, first = Path(folder) / "features", 0
        replay(dataset, out=out, progress=progress)
        parts: list[pd.DataFrame] = []
        for path in sorted(out.glob("part-*.parquet")):
            table = pq.read_table(path)
            mine = place[(place >= first) & (place < first + table.num_rows)] - first
            parts.append(table.take(mine).to_pandas().astype("float32", errors="ignore"))
            first += table.num_rows
    features = pd.concat(parts, ignore_index=True)
    return features.drop(columns="transfer_id", errors="ignore")


def _windows(rows: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Cut by time: training, a gap, test; a case that reaches into the test is not trained on."""
    time = rows["event_time"]
    first, last = time.min(), time.max()
    test_from = last - (last - first) * _TEST_SHARE
    gap_days = _GAPS[int((last - first).days >= _LONG_DAYS)]
    test = (time >= test_from).to_numpy()
    late = set(rows.loc[test, "case_id"].dropna())
    early = (time < test_from - pd.Timedelta(days=gap_days)).to_numpy()
    return early & ~rows["case_id"].isin(late).to_numpy(), test
