"""How long reports take."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import DataError
from fraudguard.model.maturity import delay_curve, estimate_maturity
from fraudguard.tables import Dataset
from tests.model.conftest import BEGIN, DAYS

END = BEGIN + timedelta(days=DAYS + 10)


def test_without_truncation_it_is_the_share_so_far() -> None:
    """Where every delay could have been seen, the curve is the plain share of reports."""
    delays = np.array([1.0, 1.0, 2.0, 5.0])

    found = delay_curve(delays, np.full(4, 100.0))

    assert found.known_share([0.5, 1, 2, 4.9, 5]).tolist() == [0, 0.5, 0.75, 0.75, 1]
    assert (found.quantile_d(0.5), found.quantile_d(0.51), found.quantile_d(1.0)) == (1, 2, 5)


def test_long_delays_hidden_by_the_moment_are_made_good() -> None:
    """Half of all delays are 1 day and half 9; with half the transfers too young to show 9 days, the curve still says half."""
    old = np.array([1.0] * 50 + [9.0] * 50)
    young = np.array([1.0] * 50)  # the other fifty have not come in

    found = delay_curve(np.concatenate([old, young]), np.array([20.0] * 100 + [5.0] * 50))

    assert found.known_share(1.0) == pytest.approx(0.5)
    assert np.mean(np.concatenate([old, young]) <= 1) > 0.66


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40))
def test_curve_rises_to_one(pairs: list[tuple[int, int]]) -> None:
    """Whatever came in, the share known rises with age from 0 to 1."""
    delay = np.array([float(delay) for delay, _ in pairs])
    limit = delay + np.array([float(more) for _, more in pairs])

    found = delay_curve(delay, limit)

    known = found.known_share(np.arange(-1, 32))
    assert (np.diff(known) >= 0).all()
    assert (known[0], known[-1]) == (0, 1)


def test_what_came_later_changes_nothing(dataset: Dataset) -> None:
    """Reports received after the moment are not looked at."""
    as_of = BEGIN + timedelta(days=30)
    known = dataset.findings["received_at"] <= pd.Timestamp(as_of)

    found = estimate_maturity(dataset.transfers, dataset.findings, as_of=as_of)
    censored = estimate_maturity(dataset.transfers, dataset.findings[known], as_of=as_of)

    pd.testing.assert_frame_equal(found.to_frame(), censored.to_frame())


def test_types_with_few_reports_borrow_the_curve_of_all(dataset: Dataset) -> None:
    """Of a type with a handful of reports, or none, nothing can be said but what holds for all."""
    kinds = ["romance"] * 5 + ["brushing"] * (len(dataset.findings) - 5)
    findings = dataset.findings.assign(scam_type=kinds)

    found = estimate_maturity(dataset.transfers, findings, as_of=END)

    assert found.curve("romance") is found.curve() is found.curve("cash_courier")
    assert found.curve("brushing").n == len(findings) - 5
    assert "95 %" in repr(found)


def test_nothing_reported_is_an_error(dataset: Dataset) -> None:
    """Without a report there is no delay, and the error names the moment."""
    with pytest.raises(DataError, match="2026"):
        estimate_maturity(dataset.transfers, dataset.findings, as_of=BEGIN)
