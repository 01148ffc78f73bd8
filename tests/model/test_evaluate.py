"""The evaluation of a window."""

import json

import numpy as np
import pandas as pd
import pytest

from fraudguard.decision import Intervention, Policy, Score, Step, decide
from fraudguard.errors import DataError
from fraudguard.model.evaluate import evaluate
from fraudguard.model.evaluation import Evaluation
from fraudguard.model.study import Study
from tests.fakes import START, make_transfer

POLICY = Policy(
    version="p1",
    steps=(
        Step(score_from=0.3, intervention=Intervention.REMIND),
        Step(score_from=0.8, intervention=Intervention.SUSPEND_SERVICE),
    ),
)


def graded(labels: list[str], scores: list[float]) -> pd.DataFrame:
    """Return a window of transfers of two payers, a second apart."""
    n = len(labels)
    return pd.DataFrame(
        {
            "label": labels,
            "score": scores,
            "amount_fen": np.arange(1, n + 1) * 100,
            "payer_account_id": [f"a{i % 2}" for i in range(n)],
            "payee_account_id": ["b"] * n,
            "event_time": pd.to_datetime(START) + pd.to_timedelta(np.arange(n), unit="s"),
            "largest_amount": np.arange(1, n + 1) * 100.0,
        },
        index=pd.Index([f"t{i}" for i in range(n)], name="transfer_id"),
    )


WINDOW = graded(
    ["fraud", "genuine", "genuine", "fraud", "fraud", "unknown"],
    [0.9, 0.1, 0.3, 0.8, 0.2, 0.99],
)


def test_unknown_is_left_out_and_counted() -> None:
    """A transfer of unknown label is neither caught nor a false alert."""
    found = evaluate(WINDOW, policy=POLICY, budgets=(4_000,))

    assert (found.n_transfers, found.n_unknown, found.n_fraud, found.fraud_fen) == (5, 1, 3, 1_000)
    assert (found.row().alerts, found.row().recall) == (2, 2 / 3)


def test_baselines_stand_beside_at_the_same_alerts() -> None:
    """Every scorer gets the same number of alerts."""
    found = evaluate(WINDOW, policy=POLICY, budgets=(2_000, 4_000))

    assert [(row.scorer, row.alerts) for row in found.rows] == [
        ("model", 1),
        ("model", 2),
        ("largest_amount", 1),
        ("largest_amount", 2),
    ]


def test_first_transfer_of_each_payer_counts() -> None:
    """Catching a later transfer of a payer is not catching the first."""
    window = graded(["fraud", "genuine", "fraud", "fraud"], [0.1, 0.2, 0.9, 0.8])

    found = evaluate(window, policy=POLICY, budgets=(5_000,))

    assert found.row().first_recall == 0.5


def test_interventions_are_those_of_decide() -> None:
    """The table counts exactly what the service would have recommended."""
    known = WINDOW[WINDOW["label"] != "unknown"]
    scores = [Score(value=value, model_version="m", features_fingerprint="f") for value in known["score"]]
    decided = [decide(make_transfer(), score, POLICY, at=START).intervention for score in scores]

    found = evaluate(WINDOW, policy=POLICY)

    assert [row.transfers for row in found.interventions] == [decided.count(step) for step in Intervention]
    assert [row.frauds for row in found.interventions] == [1, 0, 0, 0, 0, 2]


def test_order_of_rows_changes_nothing() -> None:
    """Shuffled rows give the same evaluation to the last figure."""
    window = pd.concat([WINDOW] * 20, ignore_index=True).rename_axis("transfer_id")
    window.index = window.index.astype(str)

    plain = evaluate(window, policy=POLICY, budgets=(1_000,))

    assert plain == evaluate(window.sample(frac=1, random_state=1), policy=POLICY, budgets=(1_000,))


def test_no_fraud_leaves_figures_open() -> None:
    """Without a fraud nothing is made up: the figures are null in JSON."""
    found = evaluate(graded(["genuine", "genuine"], [0.2, 0.1]), policy=POLICY)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))

    assert told["average_precision"] is told["auc"] is told["rows"][0]["recall"] is None


def test_nothing_known_is_refused() -> None:
    """A window without labels cannot be graded."""
    with pytest.raises(DataError, match="mature"):
        evaluate(graded(["unknown"], [0.2]), policy=POLICY)


def test_evaluation_reads_well(study: Study) -> None:
    """It says itself in one line and turns into a table."""
    found: Evaluation = study.evaluation

    assert repr(found).startswith("Evaluation(")
    assert len(found.to_frame()) == len(found.rows) == 3
