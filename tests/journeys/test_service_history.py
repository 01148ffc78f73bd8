"""From history to service and back: load a dataset, serve, export it again."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudguard.cli.store import export, load
from fraudguard.errors import ConflictError, DefinitionError, NotFoundError, ReusedIdError
from fraudguard.features import OnlineFeatures, replay
from fraudguard.serve.store import Store
from fraudguard.tables import Dataset, read_dataset, write_dataset
from fraudguard.tables.events import events_in_log_order
from fraudguard.transfer import Transfer
from tests.serve.fakes import PLAN, body_of, make_settings, open_store, running


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a migrated store."""
    return open_store(make_settings(tmp_path))


@pytest.fixture
def url(tmp_path: Path, store: Store) -> str:  # noqa: ARG001  # migrated first
    """Give the URL of that store."""
    return f"sqlite:///{tmp_path}/store.db"


def test_events_enter_where_they_were_known(data: Path, store: Store, url: str) -> None:
    """A signal, finding or account enters before the first transfer not before its moment; ties by kind, then id."""
    load(data, database=url)

    order = [row.event_id for row in store.log.read()]

    assert order == ["a@1767225600000", "T0", "F1", "S1", "S2", "T1", "T2", "T3", "T4", "T5", "S9"]


def test_loading_twice_changes_nothing(data: Path, store: Store, url: str) -> None:
    """A second load adds nothing."""
    load(data, database=url)
    load(data, database=url)

    assert store.log.count() == 11


def test_vectors_after_a_load_equal_a_replay(data: Path, tmp_path: Path, url: str) -> None:
    """A service that starts on a loaded log gives the vectors of `replay`, bit for bit."""
    load(data, database=url)
    dataset = read_dataset(data)
    expected = replay(dataset)
    features = OnlineFeatures(PLAN)
    online = []
    for event in events_in_log_order(dataset):
        if isinstance(event, Transfer):
            online.append(features.query(event))
        features.push(event)
    with running(make_settings(tmp_path)) as service:
        reply = service.assess(body_of("T9", event_time="2026-01-01T00:06:00Z", payer={"account_id": "a"}))
        vector = next(vector for _, vector in service.store.decisions.read_features())
        last = [row.event for row in service.store.log.read()][-1]

    assert reply.status_code == 200
    assert np.array(online).tobytes() == expected.to_numpy().tobytes()
    assert isinstance(last, Transfer)
    assert vector == features.query(last).tobytes()


def test_an_export_gives_the_dataset_back(data: Path, tmp_path: Path, url: str) -> None:
    """What was loaded comes back, table by table, in log order; `--until` leaves out what came later."""
    load(data, database=url)
    export(tmp_path / "out", database=url)
    export(tmp_path / "early", database=url, until="2026-01-01T08:01:00")
    before, after, early = read_dataset(data), read_dataset(tmp_path / "out"), read_dataset(tmp_path / "early")

    pd.testing.assert_frame_equal(after.transfers, before.transfers)
    pd.testing.assert_frame_equal(after.findings, before.findings)
    pd.testing.assert_frame_equal(after.accounts, before.accounts)
    pd.testing.assert_frame_equal(_by_id(after), _by_id(before))
    assert list(early.transfers["transfer_id"]) == ["T0"]
    assert (len(early.signals), len(early.accounts)) == (0, 1)


def test_what_cannot_be_loaded_or_exported_is_refused(data: Path, tmp_path: Path, store: Store, url: str) -> None:
    """An id with another content, a log in use, a moment that is none, and an empty log are refused."""
    with pytest.raises(NotFoundError):
        export(tmp_path / "none", database=url)
    with pytest.raises(DefinitionError):
        export(tmp_path / "none", database=url, until="yesterday")
    with store.sole_writer(), pytest.raises(ConflictError):
        load(data, database=url)
    load(data, database=url)
    dataset = read_dataset(data)
    write_dataset(tmp_path / "other", transfers=dataset.transfers.assign(amount_fen=7), meta=dataset.meta)
    with pytest.raises(ReusedIdError):
        load(tmp_path / "other", database=url)

    assert store.log.count() == 11
    assert not (tmp_path / "none").exists()


def _by_id(dataset: Dataset) -> pd.DataFrame:
    return dataset.signals.sort_values("signal_id", ignore_index=True)
