"""The proof itself: what is wrong in a store is counted, so that a 0 in the journeys means something."""

import contextlib
import sqlite3
from pathlib import Path

import numpy as np

from tests.journeys.proof import NOTHING_WRONG, Wrong, wrong_in
from tests.serve.fakes import body_of, make_settings, running


def damage(database: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change a store behind its triggers' back."""
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        for name, *_ in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        for statement, values in statements:
            connection.execute(statement, values)


def test_whatever_is_wrong_is_counted(tmp_path: Path) -> None:
    """Nothing in a store as it was written; then an answer that is gone, other bytes, two changed cells and a gap."""
    settings = make_settings(tmp_path)
    with running(settings) as service:
        answered = {f"T{number}": service.assess(body_of(f"T{number}")).content for number in range(4)}
        before = wrong_in(service.store, answered)
        vector = np.frombuffer(service.store.decisions.find_by_transfer("T2").features).copy()  # type: ignore[union-attr]  # it is there
        vector[:2] += 1
        damage(
            tmp_path / "store.db",
            ("update decision set reply = ? where transfer_id = 'T1'", (b"{}",)),
            ("update decision set features = ? where transfer_id = 'T2'", (vector.tobytes(),)),
            ("delete from decision where transfer_id = 'T3'", ()),
            ("delete from log where event_id = 'T3'", ()),
            ("update log set seq = 9 where event_id = 'T2'", ()),
            ("update decision set seq = 9 where transfer_id = 'T2'", ()),
        )
        after = wrong_in(service.store, answered)

    assert before == NOTHING_WRONG
    assert after == Wrong(lost_answers=1, other_bytes=1, gaps=6, mismatching_cells=2)
