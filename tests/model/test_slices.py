"""Slices of recall and friction of groups."""

import numpy as np
import pandas as pd
import pytest

from fraudguard.model.slices import GroupRow, friction_rows, slice_rows
from tests.fakes import START

WINDOW = pd.DataFrame(
    {
        "label": ["fraud", "fraud", "fraud", "fraud", "genuine", "genuine", "genuine", "genuine"],
        "amount_fen": [100, 300, 100, 100, 50, 50, 50, 50],
        "payer_account_id": ["a", "a", "b", "c", "d", "e", "f", "g"],
        "event_time": pd.to_datetime(START) + pd.to_timedelta(range(8), unit="min"),
        "scam_type": ["brushing", "brushing", "romance", None, None, None, None, None],
        "payee_was_known": [False, True, False, False, False, False, False, True],
        "payee_is_young": [1.0, 1.0, 0.0, np.nan, np.nan, np.nan, np.nan, np.nan],
        "age_band": [None, None, None, None, "18-24", "18-24", "65+", None],
    },
    index=pd.Index([f"t{i}" for i in range(8)], name="transfer_id"),
)
WEIGHT = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0])


def test_each_slice_has_its_recall() -> None:
    """By scam type, by novelty of the payee and by order within a case; an unnamed type is unknown."""
    found = {(row.kind, row.name): (row.n_fraud, row.recall) for row in slice_rows(WINDOW, WEIGHT, seed=1)}

    assert found == {
        ("scam_type", "brushing"): (2, 0.5),
        ("scam_type", "romance"): (1, 1.0),
        ("scam_type", "unknown"): (1, 0.0),
        ("payee", "new"): (3, pytest.approx(1 / 3)),
        ("payee", "known"): (1, 1.0),
        ("payee_account", "older"): (1, 1.0),
        ("payee_account", "young"): (2, 0.5),
        ("order", "first"): (3, pytest.approx(1 / 3)),
        ("order", "later"): (1, 1.0),
    }


def test_money_of_a_slice_counts_apart() -> None:
    """Two of one case, of which the larger is caught: half of the transfers, three quarters of the money."""
    found = next(row for row in slice_rows(WINDOW, WEIGHT, seed=1) if row.name == "brushing")

    assert (found.recall, found.value_recall) == (0.5, 0.75)


def test_friction_is_a_ratio_to_all_genuine_transfers() -> None:
    """A group whose genuine transfers are alerted twice as often as all has a ratio of two."""
    genuine = pd.concat([WINDOW[WINDOW["label"] == "genuine"]] * 2)

    found = {row.group: row for row in friction_rows(WINDOW, WEIGHT, seed=1)}

    assert len(genuine) == 8
    assert found["18-24"].rate_per_10_000 == 5_000
    assert found["18-24"].ratio == pytest.approx(0.5 / (1 / 3))
    assert found["65+"].ratio == 0


def test_friction_without_groups_is_empty() -> None:
    """Where nothing is known of the accounts there is nothing to compare."""
    assert friction_rows(WINDOW.drop(columns="age_band"), WEIGHT, seed=1) == ()
    assert friction_rows(WINDOW.assign(age_band=None), WEIGHT, seed=1) == ()


@pytest.mark.parametrize(
    ("ratio", "low", "high", "fair"),
    [
        (1.0, 0.9, 1.1, True),
        (2.0, 1.5, 2.5, False),
        (2.0, 1.0, 3.0, None),
        (0.5, 0.4, 0.7, False),
        (float("nan"), 0, 0, None),
    ],
)
def test_unfair_needs_an_interval_outside_the_band(ratio: float, low: float, high: float, *, fair: bool | None) -> None:
    """Only a whole interval outside 0.8 to 1.25 says unfair; a wide one says nothing."""
    row = GroupRow(
        kind="age_band",
        group="x",
        n_genuine=1,
        alerts=1.0,
        expected=9.0,
        rate_per_10_000=1.0,
        ratio=ratio,
        low=low,
        high=high,
    )

    assert row.is_fair is fair
