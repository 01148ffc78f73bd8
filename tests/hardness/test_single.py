"""A planted leak is found and named."""

import numpy as np
import pandas as pd

from fraudguard.hardness.sample import Sample
from fraudguard.hardness.single import calendar_areas, feature_areas, field_areas, silent_areas
from tests.hardness.conftest import with_column, with_rows


def test_a_leaking_feature_comes_first(sample: Sample) -> None:
    """A feature that knows the answer is the first of the list, with an area of one."""
    found = feature_areas(with_column(sample, "leak", sample.victim.astype(np.float64)))

    assert (found[0].name, found[0].auc) == ("leak", 1.0)


def test_the_world_has_no_such_feature(sample: Sample) -> None:
    """Of some three hundred features and twenty fields none reaches 0.9 even in a tiny world."""
    assert len(feature_areas(sample)) >= 200
    assert feature_areas(sample)[0].auc < 0.9
    assert field_areas(sample)[0].auc < 0.9


def test_a_leaking_hour_is_found(sample: Sample) -> None:
    """Victims moved to four in the morning give themselves away by the hour."""
    night = pd.Timestamp("2026-03-20 20:10", tz="UTC")
    moments = sample.rows["event_time"].where(~sample.victim, night)
    found = calendar_areas(with_rows(sample, event_time=moments))

    assert found[0].auc > 0.9
    assert next(one.auc for one in calendar_areas(sample) if one.name == "hour") < 0.75


def test_leaking_ids_order_and_milliseconds_are_found(sample: Sample) -> None:
    """Ids with a mark, even rows and round seconds are each found and named."""
    marked = sample.rows["payee_account_id"].where(~sample.victim, "a000000000z")
    odd = sample.rows["place"] * 2 + sample.victim
    round_seconds = sample.rows["event_time"].where(~sample.victim, sample.rows["event_time"].dt.floor("s"))

    assert silent_areas(with_rows(sample, payee_account_id=marked))[0].name.startswith("payee_account_id")
    assert silent_areas(with_rows(sample, place=odd))[0].name == "row parity"
    assert silent_areas(with_rows(sample, event_time=round_seconds))[0].name == "millisecond"
    assert silent_areas(sample)[0].auc < 0.7


def test_a_leaking_gap_is_found_within_its_channel(sample: Sample) -> None:
    """A field that is unknown for victims only is found among payments by the same channel."""
    gone = sample.rows["payer_balance_before_fen"].mask(pd.Series(sample.victim))
    found = silent_areas(with_rows(sample, payer_balance_before_fen=gone))

    assert found[0].name in {"payer_balance_before_fen unknown", "unknown fields"}
    assert found[0].auc > 0.9
