"""The last days of the demo, judged through the real service."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fraudguard.cli.demo import _parted
from fraudguard.cli.rehearse import rehearse
from fraudguard.model.study import run_study, save_study
from fraudguard.serve.store.rows import Kind
from fraudguard.tables import Dataset
from fraudguard.tables.events import events_in_log_order
from fraudguard.transfer import Transfer
from tests.fakes import FakeClock
from tests.model.conftest import make_dataset
from tests.serve.fakes import make_settings, open_store


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """Give a small world without accounts and signals, whose findings go on after its last transfer."""
    made = make_dataset()
    none = made.findings.iloc[:0]
    return replace(made, accounts=none, signals=none)


def test_the_last_days_hold_what_was_known_in_them(dataset: Dataset) -> None:
    """History and last days together are every event that was known by the last transfer, in log order."""
    history, late = _parted(dataset)
    last = dataset.transfers["event_time"].iloc[-1]

    known = replace(dataset, findings=dataset.findings[dataset.findings["received_at"] <= last])
    assert [*events_in_log_order(history), *late] == list(events_in_log_order(known))
    assert {type(event).__name__ for event in late} == {"Transfer", "Finding"}
    assert len(known.findings) < len(dataset.findings)


def test_a_rehearsal_puts_every_event_at_its_place(dataset: Dataset, tmp_path: Path) -> None:
    """Each transfer is judged, other events enter between them, and a transfer of a minute later is given to ask about."""
    save_study(run_study(dataset), tmp_path / "model", clock=FakeClock())
    settings = make_settings(tmp_path, model=tmp_path / "model")
    store, told = open_store(settings), []
    events = _parted(dataset)[1][:60]
    asked = rehearse(settings, store, events, progress=lambda done, total: told.append((done, total)))
    rows = list(store.log.read())
    decided = [name for name, _ in store.decisions.read_features()]
    store.close()

    judged = [event for event in events if isinstance(event, Transfer)]
    assert {row.kind for row in rows} == {Kind.TRANSFER, Kind.FINDING}
    assert [row.event for row in rows] == events
    assert decided == [row.event_id for row in rows if row.kind is Kind.TRANSFER]
    assert asked.event_time == judged[-1].event_time + timedelta(minutes=1)
    assert asked.transfer_id in decided
    assert told == [(60, 60)]
