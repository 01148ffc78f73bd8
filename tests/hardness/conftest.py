"""One small world to be judged, and samples made by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fraudguard.hardness.sample import Sample, draw_sample, read_truth
from fraudguard.simulate import simulate_dataset
from fraudguard.tables import read_dataset


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give six weeks of 3 000 accounts with much fraud."""
    out = tmp_path_factory.mktemp("hardness") / "world"
    simulate_dataset(out, days=42, accounts=3_000, preset="dense", seed=4, start=date(2026, 3, 1))
    return out


@pytest.fixture(scope="session")
def sample(folder: Path) -> Sample:
    """Give its sample."""
    dataset = read_dataset(folder)
    return draw_sample(dataset, read_truth(dataset))


def with_column(sample: Sample, name: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Sample:
    """Return a sample with one more feature."""
    features = sample.features.assign(**{name: values})
    return Sample(sample.rows, features, sample.weight, sample.train, sample.test)


def with_rows(sample: Sample, **columns: Any) -> Sample:  # noqa: ANN401  # whatever a column may be
    """Return a sample with some columns of the rows replaced."""
    rows: pd.DataFrame = sample.rows.assign(**columns)
    return Sample(rows, sample.features, sample.weight, sample.train, sample.test)
