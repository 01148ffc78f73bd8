"""One small world for all tests of the room."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudguard.simulate import simulate_dataset
from fraudguard.simulate.plan import FraudPlan, plan_fraud
from fraudguard.simulate.rhythm import Block
from fraudguard.simulate.world import Scene, World, build_world
from fraudguard.tables import Dataset, read_dataset


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
    """Give seven weeks of 4 000 accounts with much fraud, across the beginning of the autumn term."""
    folder = tmp_path_factory.mktemp("simulate") / "world"
    simulate_dataset(folder, days=50, accounts=4_000, preset="dense", seed=11, start=date(2026, 8, 1))
    return Simulated(folder, read_dataset(folder), pd.read_parquet(folder / "truth.parquet"))


def empty_world(*, accounts: int = 800, days: int = 21, seed: int = 5, start: date = date(2026, 2, 10)) -> World:
    """Return a stage on which nothing has happened yet; its second week is in the season of school fees."""
    return build_world(seed, accounts=accounts, days=days, start=start, signal_coverage=0.35)


@pytest.fixture(scope="session")
def world() -> World:
    """Give a small stage."""
    return empty_world()


@pytest.fixture(scope="session")
def scene(world: World) -> Scene:
    """Give the second week of it."""
    return Scene(world, Block(1, 7, 7))


@pytest.fixture(scope="session")
def plan(world: World) -> FraudPlan:
    """Give a plan of some sixty payments."""
    return plan_fraud(world, victim_transfers=60)


def unblocked(world: World) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return that nobody is blocked."""
    return np.full(world.population.size, np.iinfo(np.int64).max, np.int64)
