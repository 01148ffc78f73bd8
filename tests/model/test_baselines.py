"""The trivial rules."""

import pandas as pd

from fraudguard.model.baselines import BASELINES, baseline_scores
from fraudguard.tables import Dataset

LOG = pd.DataFrame({
    "transfer_id": ["t0", "t1", "t2", "t3"],
    "payer_account_id": ["a", "a", "a", "a"],
    "payee_account_id": ["b", "b", "c", "b"],
    "amount_fen": [100, 300, 1_000, 9_000],
})


def test_largest_amount_is_the_amount() -> None:
    """The simplest rule looks at nothing else."""
    assert baseline_scores(LOG)["largest_amount"].tolist() == [100, 300, 1_000, 9_000]


def test_first_payment_comes_before_any_other() -> None:
    """A first payment outranks a much larger one to a payee paid before."""
    scores = baseline_scores(LOG)["unusual_first_payment"]

    assert scores["t2"] == 1 + 1_000 / 200
    assert scores["t2"] > scores["t3"]


def test_rules_look_only_back(dataset: Dataset) -> None:
    """Later transfers change nothing, but for the median a payer without history is held against."""
    earlier = baseline_scores(dataset.transfers.head(1_000))
    known = dataset.transfers["payer_account_id"].head(1_000).duplicated().to_numpy()

    scores = baseline_scores(dataset.transfers).head(1_000)

    pd.testing.assert_frame_equal(scores[known], earlier[known])
    assert list(scores) == [baseline.code for baseline in BASELINES]
