"""Fixtures of the journeys: a small history with every kind of event, and an empty database."""

from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from fraudguard.tables import DatasetMeta, write_dataset
from tests.databases import make_empty

MINUTE: Final = pd.Timedelta(minutes=1)
BEGIN: Final = pd.Timestamp("2026-01-01T00:00:00Z")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give a dataset folder: transfers by the minute, one of them late, and events between them."""
    times = [BEGIN + MINUTE * place for place in (0, 1, 2, 2, 1, 5)]
    transfers = pd.DataFrame({
        "transfer_id": [f"T{place}" for place in range(6)],
        "event_time": times,
        "payer_account_id": ["a", "a", "b", "a", "b", "a"],
        "payee_account_id": ["b", "c", "c", "b", "a", "c"],
        "amount_fen": [100, 200, 300, 400, 500, 600],
        "channel": ["web", None, "atm", "web", None, "web"],
        "active_call": pd.array([True, None, False, None, None, True], dtype="boolean"),
        "payee_added_at": [None, BEGIN, None, None, None, BEGIN],
    })
    signals = pd.DataFrame({
        "signal_id": ["S2", "S1", "S9"],
        "signal_type": ["sim_changed", "sim_changed", "sim_changed"],
        "event_time": [BEGIN, BEGIN, BEGIN],
        "received_at": [BEGIN + MINUTE, BEGIN + MINUTE, BEGIN + 60 * MINUTE],
        "account_id": ["a", "a", "a"],
    })
    findings = pd.DataFrame({
        "finding_id": ["F1"],
        "finding": ["genuine"],
        "event_time": [BEGIN + MINUTE],
        "received_at": [BEGIN + MINUTE],
        "transfer_id": ["T0"],
        "loss_fen": [0],
    })
    accounts = pd.DataFrame({
        "account_id": ["a"],
        "received_at": [BEGIN],
        "opened_at": [pd.Timestamp("2020-01-01")],
        "account_class": ["I"],
    })
    out = tmp_path / "data"
    write_dataset(
        out,
        transfers=transfers,
        accounts=accounts,
        signals=signals,
        findings=findings,
        meta=DatasetMeta(name="history", source="test"),
    )
    return out


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database, on each in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    url: str = request.getfixturevalue("postgresql")
    make_empty(url)
    return url
