"""Measures of cases."""

import numpy as np
import pandas as pd
import pytest

from fraudguard.model.cases import case_measures, case_table
from tests.fakes import START


def window() -> pd.DataFrame:
    """Return two cases of three transfers each, ten minutes apart, and a genuine transfer."""
    return pd.DataFrame(
        {
            "label": ["fraud"] * 6 + ["genuine"],
            "amount_fen": [100, 200, 700, 500, 300, 200, 50],
            "payer_account_id": ["a", "a", "a", "b", "b", "b", "a"],
            "event_time": pd.to_datetime(START) + pd.to_timedelta([0, 10, 20, 0, 10, 20, 5], unit="min"),
        },
        index=pd.Index([f"t{i}" for i in range(7)], name="transfer_id"),
    )


def test_what_follows_the_first_alert_is_savable() -> None:
    """The alerted transfer and all later ones of the case are savable; what went before is lost."""
    alerted = np.array([False, True, False, False, False, False, True])

    found = case_table(window(), alerted)

    assert found.loc["a", "savable_fen"] == 900
    assert found.loc["a", "lost_share"] == pytest.approx(0.1)
    assert found.loc["a", "minutes_to_alert"] == 10
    assert found.loc["b", "lost_share"] == 1
    assert found["minutes_to_alert"].isna().tolist() == [False, True]


def test_cases_are_stopped_before_a_part_of_their_loss() -> None:
    """A case that lost exactly a tenth was not stopped before a tenth."""
    alerted = np.array([False, True, False, False, True, False, False])

    found = case_measures(window(), alerted)

    assert (found.n_cases, found.alerted) == (2, 1.0)
    assert (found.stopped_before_10, found.stopped_before_25, found.stopped_before_50) == (0.0, 0.5, 0.5)
    assert (found.savable_fen, found.savable_share) == (1_400, 0.7)
    assert (found.minutes_p50, found.minutes_p90) == (10.0, 10.0)


def test_named_cases_may_have_several_payers() -> None:
    """Where cases are named, the second victim account of a case belongs to it."""
    rows = window().assign(case_id=pd.Series(["c1"] * 6, index=[f"t{i}" for i in range(6)]))

    found = case_table(rows, np.array([False, False, False, True, False, False, False]))

    assert found.index.tolist() == ["c1"]
    assert found.loc["c1", "minutes_to_alert"] == 0


def test_window_without_fraud_has_no_case() -> None:
    """Shares are not defined, and nothing is savable."""
    rows = window().assign(label="genuine")

    found = case_measures(rows, np.ones(7, dtype=bool))

    assert (found.n_cases, found.savable_fen, found.minutes_p50) == (0, 0, None)
    assert np.isnan(found.alerted)
