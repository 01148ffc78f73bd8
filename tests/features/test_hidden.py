"""What a lesser sight hides of a row."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fraudguard.features import CATALOG, Catalog, compile_plan, coverage, feature, field, replay, signal
from fraudguard.features.hidden import as_seen, hidden_values
from fraudguard.sight import EVERYTHING, SIGHTS, VIEW_FIELDS, Sight, View
from fraudguard.tables import Dataset
from tests.features.replays import dataset_of
from tests.features.samples import busy_log

PLAN = compile_plan(CATALOG)
ABSENT = float("nan")


def masked(dataset: Dataset, sight: Sight) -> Dataset:
    """Return the dataset as a sight would have recorded it from the beginning."""
    transfers = dataset.transfers.copy()
    for name in set(transfers.columns) - {"transfer_id", *VIEW_FIELDS[sight.view]}:
        transfers[name] = pd.Series(pd.NA, index=transfers.index).astype(transfers[name].dtype)
    accounts = dataset.accounts if sight.view is not View.MESSAGE_ONLY else dataset.accounts.iloc[:0]
    signals = dataset.signals if sight.signals else dataset.signals.iloc[:0]
    return replace(dataset, transfers=transfers, accounts=accounts, signals=signals)


@pytest.mark.parametrize("sight", [sight for sight in SIGHTS if sight.view is not View.BANK_PAYER_VIEW], ids=str)
def test_hidden_columns_are_what_a_replay_gives_without_the_data(sight: Sight) -> None:
    """Where data never came, every hidden column holds the value said, in every row."""
    rows = replay(masked(dataset_of(busy_log(60)), sight)).to_numpy()

    for place, value in hidden_values(PLAN, sight).items():
        np.testing.assert_array_equal(rows[:, place], np.full(len(rows), value), err_msg=PLAN.names[place])


def test_everything_hides_nothing() -> None:
    """The full sight leaves a row as it is, in a copy."""
    rows = np.arange(2.0 * len(PLAN.names)).reshape(2, -1)
    seen = as_seen(rows, PLAN, EVERYTHING)

    np.testing.assert_array_equal(seen, rows)
    assert seen is not rows


def test_lesser_sights_hide_more() -> None:
    """The payer's bank misses the payee's account, the message the payer's too; without signals more is missing."""
    hidden = {sight: {PLAN.names[place] for place in hidden_values(PLAN, sight)} for sight in SIGHTS}
    both, payer, message = (hidden[Sight(view, signals=True)] for view in reversed(View))

    assert not both
    assert payer < message
    assert {"payee_account_class"} <= payer
    assert "payer_account_class" in message - payer
    assert all(hidden[Sight(view, signals=True)] < hidden[Sight(view, signals=False)] for view in View)
    assert "payee_taint_share" not in hidden[Sight(View.MESSAGE_ONLY, signals=False)]


def test_formulas_say_what_stands_for_the_hidden() -> None:
    """What a formula does with a missing value is done: nothing, a flag, or another value."""
    device_share = field("session_duration_s")
    catalog = Catalog((
        feature("alone", device_share, why="one"),
        feature("flagged", device_share.is_missing(), why="two"),
        feature("filled", device_share.or_else(3.0), why="three"),
        feature("seen", field("amount_fen").or_else(device_share), why="four"),
        feature("summed", field("amount_fen") + device_share, why="five"),
        feature("heard", coverage("bank"), why="six"),
        feature("known", signal("payer", "loan_application").is_missing(), why="seven"),
    ))
    plan = compile_plan(catalog)
    row = as_seen(np.full((1, 7), 9.0), plan, Sight(View.MESSAGE_ONLY, signals=False))[0]

    np.testing.assert_array_equal(row, [ABSENT, 1.0, 3.0, 9.0, ABSENT, 0.0, 1.0])
