"""What is looked at, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError, NotFoundError
from fraudguard.hardness.sample import Sample, read_truth
from fraudguard.tables import Dataset, read_dataset


def beside(folder: Path, truth: pd.DataFrame, tmp_path: Path) -> Dataset:
    """Return the dataset with another truth beside it."""
    dataset = read_dataset(folder)
    truth.to_parquet(tmp_path / "truth.parquet")
    return Dataset(tmp_path, dataset.meta, dataset.transfers, dataset.accounts, dataset.signals, dataset.findings)


def test_every_victim_is_in_the_sample_and_no_mule_is(sample: Sample, folder: Path) -> None:
    """All victims' payments are looked at, movements between mules are not, and weights add up to the file."""
    truth = pd.read_parquet(folder / "truth.parquet")

    assert sample.victim.sum() == truth["is_victim_transfer"].sum()
    assert not sample.rows["is_mule_movement"].any()
    assert sample.weight.sum() == pytest.approx((~truth["is_mule_movement"]).sum())
    assert len(sample.features) == len(sample.rows)


def test_features_stand_beside_their_rows(sample: Sample) -> None:
    """The amount among the features is the amount of the row."""
    told = sample.features["amount_fen"].to_numpy(dtype=np.float64)

    assert np.allclose(told, sample.rows["amount_fen"].to_numpy(dtype=np.float64), rtol=1e-6)


def test_no_case_is_trained_and_tested_on(sample: Sample) -> None:
    """Training ends a week before the test, and cases that reach into it are left out."""
    trained, tested = sample.rows[sample.train], sample.rows[sample.test]

    assert not set(trained["case_id"].dropna()) & set(tested["case_id"].dropna())
    assert tested["event_time"].min() - trained["event_time"].max() >= pd.Timedelta(days=6.9)


def test_a_dataset_without_truth_is_refused(folder: Path, tmp_path: Path) -> None:
    """A bank's own data has no truth; the error says what makes one."""
    dataset = read_dataset(folder)
    bare = Dataset(tmp_path, dataset.meta, dataset.transfers, dataset.accounts, dataset.signals, dataset.findings)

    with pytest.raises(NotFoundError, match="fraudguard simulate") as caught:
        read_truth(bare)
    assert "模拟" in caught.value.zh


def test_a_truth_of_other_transfers_is_refused(folder: Path, tmp_path: Path) -> None:
    """A truth with missing columns or rows is named, and so is a world without a victim."""
    truth = pd.read_parquet(folder / "truth.parquet")
    with pytest.raises(DataError, match="gang_id"):
        read_truth(beside(folder, truth.drop(columns="gang_id"), tmp_path))
    with pytest.raises(DataError, match="rows for"):
        read_truth(beside(folder, truth.iloc[:-1], tmp_path))
    with pytest.raises(DataError, match="no victim"):
        read_truth(beside(folder, truth.assign(is_victim_transfer=False), tmp_path))
