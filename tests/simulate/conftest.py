"""One small world for all tests of the room."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from fraudguard.simulate import simulate_dataset
from fraudguard.simulate.world import World, build_world
from fraudguard.tables import Dataset


@dataclass(frozen=True)
class Simulated:
    """A dataset folder with its truth."""

    folder: Path
    dataset: Dataset
    truth: pd.DataFrame

    @property
    def transfers(self) -> pd.DataFrame:
        """The transfers with the truth beside them."""
        return self.dataset.transfers.merge(self.truth, on="transfer_id", validate="one_to_one")


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Give a month of 3 000 accounts with much fraud."""
    folder = tmp_path_factory.mktemp("simulate") / "world"
    dataset = simulate_dataset(folder, days=28, accounts=3_000, preset="dense", seed=11)
    return Simulated(folder, dataset, pd.read_parquet(folder / "truth.parquet"))


@pytest.fixture(scope="session")
def world() -> World:
    """Give a stage on which nothing has happened yet."""
    return build_world(5, accounts=800, days=21, start=date(2026, 1, 1))
