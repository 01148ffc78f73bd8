"""Every event of a dataset at its place in the one log."""

from dataclasses import replace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.account import Account
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.tables import Dataset
from fraudguard.tables.events import events_in_log_order, placed_events
from fraudguard.tables.schema import empty_frame
from fraudguard.transfer import Transfer
from tests.tables.samples import META, transfers

BEGIN = pd.Timestamp("2026-01-02T03:04:00Z")
MINUTES = st.integers(0, 6)


def _minutes(counts: list[int]) -> "pd.Series[pd.Timestamp]":
    return pd.Series(BEGIN + pd.to_timedelta(counts, unit="min")).astype("datetime64[ms, UTC]")


def _dataset(transfer_minutes: list[int], signal_minutes: list[int]) -> Dataset:
    """Return transfers at some minutes, in this order, and signals learned at some minutes."""
    times = _minutes(transfer_minutes)
    signals = pd.DataFrame({
        "signal_id": [f"s{place}" for place in range(len(signal_minutes))],
        "signal_type": "sim_changed",
        "event_time": _minutes(signal_minutes),
        "received_at": _minutes(signal_minutes),
        "account_id": "a",
    })
    return Dataset(
        path=None,
        meta=META,
        transfers=transfers(len(times), event_time=times),
        accounts=empty_frame(Account),
        signals=signals,
        findings=empty_frame(Finding),
    )


@given(st.lists(MINUTES, min_size=1, max_size=6), st.lists(MINUTES, max_size=5))
def test_place_is_the_first_transfer_not_before_its_moment(
    transfer_minutes: list[int], signal_minutes: list[int]
) -> None:
    """An event stands before the first transfer whose time is not before the moment it was learned, else at the end."""
    placed = placed_events(_dataset(transfer_minutes, signal_minutes))
    end = len(transfer_minutes)

    expected = {
        f"s{number}": next((place for place, at in enumerate(transfer_minutes) if at >= learned), end)
        for number, learned in enumerate(signal_minutes)
    }
    assert {one.event_id: one.place for one in placed} == expected
    assert [one[:3] for one in placed] == sorted(one[:3] for one in placed)


@given(st.lists(MINUTES, min_size=1, max_size=6), st.lists(MINUTES, max_size=5))
def test_the_log_holds_every_event_at_its_place(transfer_minutes: list[int], signal_minutes: list[int]) -> None:
    """Transfers keep their order, and before each of them stand the events placed at or before its row."""
    dataset = _dataset(transfer_minutes, signal_minutes)
    events = list(events_in_log_order(dataset))
    before = {
        event.transfer_id: sum(isinstance(earlier, Signal) for earlier in events[:number])
        for number, event in enumerate(events)
        if isinstance(event, Transfer)
    }

    placed = placed_events(dataset)
    assert list(before) == dataset.transfers["transfer_id"].tolist()
    assert list(before.values()) == [sum(one.place <= row for one in placed) for row in range(len(before))]
    assert len(events) == len(transfer_minutes) + len(signal_minutes)


def test_ties_go_by_kind_then_id() -> None:
    """Events of one place stand in the order account, finding, signal, and within a kind by id."""
    dataset = _dataset([5], [5, 5])
    moment = _minutes([5])
    account = pd.DataFrame({"account_id": ["z"], "received_at": moment})
    finding = pd.DataFrame({
        "finding_id": ["f"], "finding": "genuine", "event_time": moment, "received_at": moment, "transfer_id": ["t0"],
    })  # fmt: skip

    placed = placed_events(replace(dataset, accounts=account, findings=finding))

    assert [(one.kind, one.event_id) for one in placed] == [
        ("account", "z"), ("finding", "f"), ("signal", "s0"), ("signal", "s1"),
    ]  # fmt: skip


def test_a_finer_clock_changes_no_place() -> None:
    """Times that pandas counts in nanoseconds give the places of the same times in milliseconds."""
    dataset = _dataset([0, 3, 1, 6], [2, 4])
    finer = replace(dataset, transfers=dataset.transfers.astype({"event_time": "datetime64[ns, UTC]"}))

    assert placed_events(finer) == placed_events(dataset)
