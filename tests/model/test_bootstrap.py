"""Intervals."""

import numpy as np
import pandas as pd

from fraudguard.model.bootstrap import budget_intervals, clusters_of


def window(n: int = 3_000, *, per_payer: int = 1) -> pd.DataFrame:
    """Return transfers whose scores tell frauds apart only partly; whole payers are fraud or genuine."""
    generator = np.random.default_rng(4)
    payer = np.arange(n) // per_payer
    fraud = (generator.random(n) < 0.05)[payer]
    level = generator.normal(0.0, 1.0, n)[payer]
    return pd.DataFrame(
        {
            "label": np.where(fraud, "fraud", "genuine"),
            "score": np.round(fraud * 2.0 + level, 1),
            "amount_fen": generator.integers(1, 1_000, n),
            "payer_account_id": [f"a{i}" for i in payer],
        },
        index=pd.Index([f"t{i:05d}" for i in range(n)], name="transfer_id"),
    )


def test_intervals_surround_the_measures() -> None:
    """Recall and precision lie inside their intervals, and no interval is a point."""
    rows = window()
    fraud, score = (rows["label"] == "fraud").to_numpy(), rows["score"].to_numpy()
    caught = fraud[np.argsort(-score, kind="stable")[:150]].sum()

    (found,) = budget_intervals(rows, score, alerts=[150], seed=1)

    assert found.recall[0] - 0.02 <= caught / fraud.sum() <= found.recall[1] + 0.02
    assert found.precision[0] - 0.02 <= caught / 150 <= found.precision[1] + 0.02
    assert 0 < found.recall[1] - found.recall[0] < 0.3


def test_same_seed_same_interval_in_any_order() -> None:
    """Intervals depend on the seed and not on the order of rows."""
    rows = window()
    other = rows.iloc[np.random.default_rng(9).permutation(len(rows))]

    plain = budget_intervals(rows, rows["score"].to_numpy(), alerts=[50, 300], seed=1)

    assert plain == budget_intervals(other, other["score"].to_numpy(), alerts=[50, 300], seed=1)
    assert plain != budget_intervals(rows, rows["score"].to_numpy(), alerts=[50, 300], seed=2)


def test_cases_of_many_transfers_widen_the_interval() -> None:
    """Ten transfers of one payer that are caught together tell less than ten of ten payers."""
    together = window(per_payer=10)
    apart = together.assign(payer_account_id=[f"b{i}" for i in range(len(together))])

    (wide,) = budget_intervals(together, together["score"].to_numpy(), alerts=[150], seed=1)
    (narrow,) = budget_intervals(apart, apart["score"].to_numpy(), alerts=[150], seed=1)

    assert wide.recall[1] - wide.recall[0] > 1.5 * (narrow.recall[1] - narrow.recall[0])


def test_draws_without_fraud_are_left_out() -> None:
    """Draws that hold no fraud are left out instead of counting as zero."""
    rows = window(50).assign(label=["fraud"] + ["genuine"] * 49)

    (found,) = budget_intervals(rows, (rows["label"] == "fraud").to_numpy().astype(float), alerts=[50], seed=1)

    assert found.recall == (1.0, 1.0)


def test_nothing_to_catch_has_no_interval() -> None:
    """Without a fraud no measure is defined."""
    rows = window(50).assign(label="genuine")

    (found,) = budget_intervals(rows, rows["score"].to_numpy(), alerts=[5], seed=1)

    assert np.isnan(found.recall).all()


def test_case_goes_before_payer() -> None:
    """Transfers of one case stand together whoever paid; those without a case stand with their payer."""
    rows = pd.DataFrame({"payer_account_id": ["a", "b", "a", "a"], "case_id": ["c", "c", None, None]})

    found = clusters_of(rows)

    assert found.tolist() == [0, 0, 1, 1]
    assert clusters_of(rows.drop(columns="case_id")).tolist() == [0, 1, 0, 0]
