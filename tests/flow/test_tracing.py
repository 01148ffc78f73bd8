"""Tracing in a dataset: where it starts, how far it looks, what it says when there is nothing to start from."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError, FraudguardError, NotFoundError
from fraudguard.flow import CaseGraph, trace

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 5, 12, tzinfo=CHINA)


def _inside(graph: CaseGraph) -> dict[str, int]:
    return {one.account_id: one.inside_fen // 100 for one in graph.flow.accounts}


def test_start_is_a_transfer(frame: pd.DataFrame) -> None:
    """From one transfer id: its money, 24 hours, three layers."""
    graph = trace(frame, transfers="T2")

    assert _inside(graph) == {"victim-1": 0, "mule-1": 20_000, "mule-2": 10_000}
    assert graph.flow.until == datetime(2026, 1, 6, 10, 2, tzinfo=CHINA)


def test_several_starts_are_one_case(frame: pd.DataFrame) -> None:
    """From several ids the horizon counts from the last, and time from the first."""
    graph = trace(frame, transfers=["T2", "T5"], hours=26)

    assert _inside(graph) == {"victim-1": 0, "mule-1": 3_000, "mule-2": 10_000, "mule-3": 25_000}
    assert graph.flow.starts == ("T2", "T5")


def test_start_is_what_a_suspected_account_is_paid(frame: pd.DataFrame) -> None:
    """An account starts from its incoming transfers of the hours up to its last, or from a moment on."""
    assert trace(frame, account="mule-1").flow.starts == ("T1", "T2", "T5")
    assert trace(frame, account="mule-1", since=NOON.replace(hour=10, minute=1)).flow.starts == ("T2", "T5")


def test_start_is_what_a_victim_pays(frame: pd.DataFrame) -> None:
    """With the other side an account starts from what it paid; bookings and transfers to itself are no start."""
    assert trace(frame, account="victim-1", side="payer").flow.starts == ("T2", "T5")
    assert trace(frame, account="mule-1", side="payer", hours=100).flow.starts == ("T3", "T8")


def test_nothing_is_known_after_as_of(frame: pd.DataFrame) -> None:
    """As of a moment later transfers are not there, and the trace says up to when it is."""
    as_of = datetime(2026, 1, 5, 10, 6, tzinfo=CHINA)
    graph = trace(frame, transfers="T2", as_of=as_of)

    assert _inside(graph) == {"victim-1": 0, "mule-1": 20_000, "mule-2": 30_000}
    assert graph.flow.until == as_of


def test_nothing_is_said_of_after_the_table(frame: pd.DataFrame) -> None:
    """The trace ends with the last transfer known, however long the horizon."""
    last = datetime(2026, 1, 9, 12, tzinfo=CHINA)

    assert trace(frame, transfers="T2", hours=1_000, as_of=datetime(2027, 1, 1, tzinfo=UTC)).flow.until == last


def test_late_rows_of_the_log_are_taken_in_time_order(frame: pd.DataFrame) -> None:
    """A log that is not in time order gives the same flow."""
    shuffled = frame.iloc[::-1]

    assert trace(shuffled, transfers="T2").flow == trace(frame, transfers="T2").flow


def test_tables_of_a_case(frame: pd.DataFrame) -> None:
    """Edges, accounts, ranking and curve as frames; the ranking is by money inside."""
    graph = trace(frame, transfers="T2")
    edges, accounts, curve = graph.to_frame(), graph.accounts_frame(), graph.curve_frame()

    assert edges["transfer_id"].tolist() == ["T2", "T3", "T4"]
    assert edges["minutes_after_start"].tolist() == [0, 3, 7]
    assert edges["exit"].fillna("inside").tolist() == ["inside", "inside", "cash"]
    assert accounts["number"].tolist() == [1, 2, 3]
    assert graph.stop_frame()["account_id"].tolist() == ["mule-1", "mule-2"]
    assert curve[["inside_fen", "gone_fen", "cash_fen"]].iloc[7].tolist() == [30_000_00, 20_000_00, 20_000_00]


def test_case_without_edges_onward_has_its_tables(frame: pd.DataFrame) -> None:
    """A start that nobody passed on is a case, too."""
    graph = trace(frame, transfers="T9")

    assert graph.stop_frame()["stoppable_fen"].tolist() == [25_00]
    assert len(graph.curve_frame()) == 1


def test_picture_is_written_whole(frame: pd.DataFrame, tmp_path: Path) -> None:
    """The file holds the picture in the language asked for; nothing else lies beside it."""
    graph = trace(frame, transfers="T2")
    out = graph.write_svg(tmp_path / "case.svg", "en")

    assert out.read_text("utf-8") == graph.svg("en") + "\n"
    assert [path.name for path in tmp_path.iterdir()] == ["case.svg"]


@pytest.mark.parametrize(
    ("choice", "kind", "says"),
    [
        ({"transfers": "T22"}, NotFoundError, "did you mean T2"),
        ({"transfers": "mule-1"}, NotFoundError, "is an account, not a transfer"),
        ({"transfers": "zzz"}, NotFoundError, "ids here look like T1"),
        ({"account": "T2"}, NotFoundError, "is a transfer, not an account"),
        ({"account": "nobody"}, NotFoundError, "no account n…y"),
        ({"account": "victim-1"}, NotFoundError, "it only pays. Take --side payer"),
        ({"account": "mule-3", "side": "payer"}, NotFoundError, "it is only paid. Take --side payee"),
        ({"account": "mule-3", "as_of": NOON}, NotFoundError, "take a later as_of"),
        ({"account": "mule-1", "since": NOON}, NotFoundError, "nearest is at 2026-01-05T10:30:00.08:00"),
        ({"account": "victim-1", "side": "payer", "since": NOON}, NotFoundError, "out of the account in the 24 hours"),
        ({"transfers": "T7"}, DataError, "moves no money"),
        ({"transfers": "T8", "as_of": NOON}, DataError, "later than the moment"),
        ({}, DefinitionError, "name where to start"),
        ({"transfers": "T2", "account": "mule-1"}, DefinitionError, "not both"),
        ({"transfers": "T2", "since": NOON}, DefinitionError, "goes with an account"),
        ({"account": "mule-1", "side": "both"}, DefinitionError, "write payee or payer"),
        ({"transfers": "T2", "rule": "lifo"}, DefinitionError, "fifo, pro_rata"),
        ({"transfers": "T2", "hours": 0}, DefinitionError, "hours is 0"),
        ({"transfers": "T2", "as_of": NOON.replace(tzinfo=None)}, DefinitionError, "no time zone"),
    ],
)
def test_wrong_start_is_told_with_its_mend(
    frame: pd.DataFrame, choice: dict[str, Any], kind: type[FraudguardError], says: str
) -> None:
    """Each wrong choice has its own error, in both languages, and none shows a whole account token."""
    with pytest.raises(kind, match=says) as caught:
        trace(frame, **choice)

    told = caught.value.en + caught.value.zh
    assert "victim-1" not in told
    assert "mule-1" not in told
    assert any(ord(letter) > 0x4E00 for letter in caught.value.zh)


def test_empty_table_is_told(frame: pd.DataFrame) -> None:
    """A table without rows has nothing to follow."""
    with pytest.raises(NotFoundError, match="no transfers"):
        trace(frame.iloc[:0], transfers="T2")


def test_only_the_rows_that_matter_are_looked_at(frame: pd.DataFrame) -> None:
    """Of a long table only the stretch of time is indexed: what lies outside may even be broken."""
    broken = pd.concat([frame, frame.assign(amount_fen=np.nan, event_time=frame["event_time"] - pd.Timedelta(days=9))])
    broken["transfer_id"] = [f"T{number}" for number in range(1, len(broken) + 1)]

    assert trace(broken, transfers="T2").flow == trace(frame, transfers="T2").flow
