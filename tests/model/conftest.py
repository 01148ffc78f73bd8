"""A small world with a pattern that trees can find, and a study of it made once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest

from fraudguard.features import CATALOG, FeaturePlan, compile_plan
from fraudguard.model.artifact import Artifact
from fraudguard.model.study import Study, run_study, save_study
from fraudguard.tables import Dataset, DatasetMeta
from tests.fakes import FakeClock

BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
DAYS: Final = 60


def make_dataset(*, n_transfers: int = 4_000, fraud_share: float = 0.04, seed: int = 1) -> Dataset:
    """Return 60 days in which likely victims pay large amounts to accounts nobody paid before."""
    generator = np.random.default_rng(seed)
    fraud = generator.random(n_transfers) < fraud_share
    offset_ms = np.sort(generator.integers(0, DAYS * 86_400_000, n_transfers))
    amount = np.exp(generator.normal(9, 1, n_transfers)) + fraud * np.exp(generator.normal(12, 1, n_transfers))
    payee = np.where(fraud, generator.integers(500, 520, n_transfers), generator.integers(0, 200, n_transfers))
    transfers = pd.DataFrame({
        "transfer_id": [f"t{i:05d}" for i in range(n_transfers)],
        "event_time": pd.to_datetime(BEGIN) + pd.to_timedelta(offset_ms, unit="ms").as_unit("ms"),
        "payer_account_id": [f"a{i}" for i in generator.integers(0, 300, n_transfers)],
        "payee_account_id": [f"b{i}" for i in payee],
        "amount_fen": amount.astype(np.int64),
    })
    found = transfers[fraud]
    delay = pd.to_timedelta(generator.integers(1, 6, len(found)), unit="D").as_unit("ms")
    findings = make_findings(found["transfer_id"].tolist(), "victim_transfer", found["event_time"] + delay)
    meta = DatasetMeta(
        name="small world",
        source="made in the tests",
        period_from=BEGIN,
        period_until=BEGIN + timedelta(days=DAYS),
        counts={"transfers": n_transfers},
        maturity_days=7,
    )
    empty = pd.DataFrame()
    return Dataset(path=None, meta=meta, transfers=transfers, accounts=empty, signals=empty, findings=findings)


def make_findings(transfer_ids: list[str], finding: str, received_at: "pd.Series[pd.Timestamp]") -> pd.DataFrame:
    """Return one finding a transfer, with the columns labels are made from."""
    n = len(transfer_ids)
    return pd.DataFrame({
        "finding_id": [f"f{i:05d}" for i in range(n)],
        "transfer_id": transfer_ids,
        "finding": [finding] * n,
        "source": ["victim_report"] * n,
        "event_time": received_at.reset_index(drop=True),
        "received_at": received_at.reset_index(drop=True),
        "supersedes": pd.Series([None] * n, dtype="str"),
    })


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """Give the small world."""
    return make_dataset()


@pytest.fixture(scope="session")
def plan() -> FeaturePlan:
    """Give the plan of the catalog that ships."""
    return compile_plan(CATALOG)


@pytest.fixture(scope="session")
def study(dataset: Dataset) -> Study:
    """Give a study of the small world."""
    return run_study(dataset)


@pytest.fixture(scope="session")
def artifact(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """Give the saved artifact of the study."""
    out: Path = tmp_path_factory.mktemp("models") / "small"
    return save_study(study, out, clock=FakeClock())
