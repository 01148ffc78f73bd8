"""Stored vectors against those that the log gives."""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fraudguard.column import Event
from fraudguard.features import OnlineFeatures
from fraudguard.serve.parity import WHOLE, ParityCheck, ParityReport, check_parity
from fraudguard.serve.settings import Settings
from fraudguard.serve.store import Store
from fraudguard.serve.store.rows import StoredVector
from fraudguard.transfer import Transfer
from tests.fakes import make_transfer
from tests.serve.fakes import PLAN, body_of, open_store, running

NAMES: Final = PLAN.names
VECTOR: Final = np.arange(len(NAMES), dtype=np.float64)


class KnownFeatures:
    """Features that give one vector, whatever they have seen."""

    plan = PLAN
    n_late = 0

    def __init__(self, vector: NDArray[np.float64]) -> None:
        self._vector = vector

    def query(self, _transfer: Transfer) -> NDArray[np.float64]:
        """Return the vector."""
        return self._vector

    def push(self, event: Event) -> None:
        """Forget the event."""


def stored_at(place: int, vector: NDArray[np.float64] | bytes, fingerprint: str = PLAN.fingerprint) -> StoredVector:
    """Return a vector as the store gives it."""
    features = vector if isinstance(vector, bytes) else vector.tobytes()
    return StoredVector(seq=place, transfer_id=f"T{place}", features_fingerprint=fingerprint, features=features)


def compared(*stored: NDArray[np.float64] | bytes, fingerprint: str = PLAN.fingerprint) -> ParityReport:
    """Return what is found when these were stored and `VECTOR` is computed, one transfer after the other."""
    vectors = [stored_at(place, one, fingerprint) for place, one in enumerate(stored, start=1)]
    check = ParityCheck(PLAN, iter(vectors))
    for place in range(1, len(stored) + 3):
        check.see(place, make_transfer(f"T{place}"), KnownFeatures(VECTOR))
    return check.report()


def changed(**values: float) -> NDArray[np.float64]:
    """Return `VECTOR` with other numbers in some columns."""
    vector = VECTOR.copy()
    for name, value in values.items():
        vector[NAMES.index(name)] = value
    return vector


def test_the_same_bits_are_equal() -> None:
    """Vectors with the same bits pass; a transfer without a decision is not looked at."""
    report = compared(VECTOR, VECTOR)

    assert report.is_equal is True
    assert (report.checked, report.differing, report.first) == (2, 0, ())


@given(st.integers(0, len(NAMES) - 1), st.integers(0, 63))
def test_any_other_bit_is_found(column: int, bit: int) -> None:
    """One bit changed anywhere is one mismatch, in that column."""
    vector = VECTOR.copy()
    vector.view(np.uint64)[column] ^= np.uint64(1 << bit)

    report = compared(vector)

    assert report.is_equal is False
    assert report.columns == {NAMES[column]: 1}
    assert report.first[0].recomputed == VECTOR[column]


@given(st.integers(1, 2**51))
def test_every_nan_is_missing(payload: int) -> None:
    """Two numbers that are missing are equal, whatever their bits."""
    stored, again = VECTOR.copy(), VECTOR.copy()
    stored.view(np.uint64)[3] = np.uint64(0x7FF8_0000_0000_0000 | payload)
    again[3] = math.nan
    check = ParityCheck(PLAN, iter([stored_at(1, stored)]))

    check.see(1, make_transfer(), KnownFeatures(again))

    assert check.report().is_equal is True


def test_missing_is_not_a_number() -> None:
    """A number where nothing was known before is a mismatch, and so is minus zero."""
    report = compared(changed(**{NAMES[0]: -0.0, NAMES[4]: math.nan}))

    assert report.columns == {NAMES[0]: 1, NAMES[4]: 1}
    assert math.isnan(report.first[1].stored)
    assert report.differing == 1


def test_a_vector_of_another_length_is_a_mismatch_as_a_whole() -> None:
    """A vector that is shorter than the plan has no columns to compare; half a number does not stop the check."""
    report = compared(VECTOR[:-1], VECTOR.tobytes()[:-3], VECTOR)

    assert report.columns == {WHOLE: 2}
    assert (report.checked, report.differing) == (3, 2)
    assert [(one.stored, one.recomputed) for one in report.first] == [
        (len(NAMES) - 1, len(NAMES)), (len(NAMES) - 0.375, len(NAMES)),
    ]  # fmt: skip


def test_other_features_are_skipped_and_prove_nothing() -> None:
    """Decisions made on another plan are counted by its fingerprint; a check of nothing else is no pass."""
    report = compared(VECTOR, VECTOR[:2], fingerprint="other")

    assert (report.skipped, report.checked, report.differing) == ({"other": 2}, 0, 0)
    assert report.is_equal is False


def test_columns_come_worst_first_and_examples_are_few() -> None:
    """Columns are ordered by how many vectors differ; ten transfers are listed, each with three columns at most."""
    report = compared(VECTOR + 1, *[changed(**{NAMES[2]: -1.0})] * 12)

    assert list(report.columns.values()) == [13, *[1] * (len(NAMES) - 1)]
    assert [(one.place, one.column) for one in report.first] == [
        *((1, name) for name in NAMES[:3]), *((place, NAMES[2]) for place in range(2, 11)),
    ]  # fmt: skip


@pytest.fixture
def served(settings: Settings) -> Iterator[Store]:
    """Give the store of a service that has judged five transfers."""
    with running(settings) as service:
        for number in range(5):
            service.assess(body_of(f"T{number}", amount={"value": 1_000 * (number + 1), "currency": "CNY"}))
    store = open_store(settings)
    yield store
    store.close()


def state() -> OnlineFeatures:
    """Return an empty state."""
    return OnlineFeatures(PLAN)


@pytest.mark.parametrize(
    ("begin", "end", "checked"), [(1, None, 5), (3, None, 3), (1, 3, 2), (2, 4, 2), (6, None, 0), (1, 99, 5)]
)
def test_a_part_of_the_log_is_checked_with_all_of_its_past(
    served: Store, begin: int, end: int | None, checked: int
) -> None:
    """Wherever the check begins, the state has seen the log from its first event; the end is not checked."""
    told: list[tuple[int, int]] = []

    report = check_parity(
        served, state(), begin=begin, end=end, progress=lambda done, total: told.append((done, total))
    )

    assert (report.checked, report.differing) == (checked, 0)
    assert told[-1][0] == told[-1][1]


def test_another_catalog_skips_every_decision(served: Store) -> None:
    """A state of another plan checks nothing of what this one decided."""
    features = state()
    features.plan = replace(PLAN, fingerprint="another")

    assert check_parity(served, features).skipped == {PLAN.fingerprint: 5}


def damage(store: Store, file: Path, places: Sequence[int]) -> None:
    """Change the first column of some stored vectors."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("drop trigger decision_refuses_update")
        for vector in store.decisions.read_vectors():
            if vector.seq in places:
                numbers = np.frombuffer(vector.features).copy()
                numbers[0] += 1
                query = "update decision set features = ? where seq = ?"
                connection.execute(query, (numbers.tobytes(), vector.seq))
        connection.commit()


def test_a_start_counts_vectors_that_differ(
    served: Store, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a start the last decisions are computed again; what differs is counted and logged, and the service is ready."""
    damage(served, tmp_path / "store.db", places=(2, 4))

    with running(settings) as service:
        lines = service.client.get("/metrics").text.splitlines()
        ready = service.client.get("/readyz").status_code
    said = capsys.readouterr()

    assert "fraudguard_parity_checked_total 5.0" in lines
    assert "fraudguard_parity_mismatches_total 2.0" in lines
    assert ready == 200
    assert "stored vectors differ from the log" in said.out + said.err
    assert NAMES[0] in said.out + said.err
