"""One model for banks that see more and less."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DefinitionError
from fraudguard.features import CATALOG, Catalog, FeaturePlan, compile_plan, feature, field
from fraudguard.model.apply import Window, judge_sights
from fraudguard.model.artifact import Artifact
from fraudguard.model.batch import BatchScorer
from fraudguard.model.estimator import FraudModel
from fraudguard.model.sights import sight_rows, sight_sample, telling_sights, with_lesser_sights
from fraudguard.model.spec import TrainSpec
from fraudguard.model.study import Study, StudyOptions, spec_for
from fraudguard.model.trees import Rows
from fraudguard.sight import EVERYTHING, Sight, View
from fraudguard.tables import Dataset

SMALL = compile_plan(
    Catalog((
        feature("amount", field("amount_fen"), why="how much"),
        feature("balance", field("payer_balance_before_fen"), why="what was there"),
        feature("other_balance", field("payee_balance_before_fen"), why="what was there"),
    ))
)
MESSAGE = Sight(View.MESSAGE_ONLY, signals=True)


@pytest.fixture
def rows() -> Rows:
    """Give 4,000 rows with 40 frauds, all columns known but the payee's balance."""
    generator = np.random.default_rng(0)
    values = np.column_stack([generator.normal(size=(4_000, 2)), np.full(4_000, np.nan)])
    return Rows(values, np.arange(4_000) % 100 == 0)


def test_only_sights_that_hide_something_tell(rows: Rows) -> None:
    """A sight that hides what is never known is no other sight; without any field to hide there is one."""
    assert telling_sights(rows.X, SMALL) == (EVERYTHING, MESSAGE)
    assert telling_sights(np.full((3, 3), np.nan), SMALL) == (EVERYTHING,)


def test_copies_hide_and_keep_the_fraud_rate(rows: Rows) -> None:
    """The rows come first and unchanged; the copies miss the balance and weigh the share that was asked for."""
    found = with_lesser_sights(rows, SMALL, share=0.3, seed=7)
    n, copies, fraud = len(rows.y), found.X[len(rows.y) :], found.y[len(rows.y) :]

    assert found.weight is not None
    np.testing.assert_array_equal(found.X[:n], rows.X)
    assert (found.weight[:n] == 1).all()
    assert np.isnan(copies[:, 1]).all()
    assert np.isfinite(copies[:, 0]).all()
    assert fraud.sum() == rows.y.sum()
    weight = found.weight[n:]
    assert weight[fraud].sum() == pytest.approx(0.3 * 40)
    assert weight[~fraud].sum() == pytest.approx(0.3 * 3_960, rel=0.1)


def test_weights_of_rows_carry_over(rows: Rows) -> None:
    """A row that counts half counts half in its copies."""
    half = Rows(rows.X, rows.y, np.full(len(rows.y), 0.5))
    whole, found = (with_lesser_sights(one, SMALL, share=0.3, seed=7) for one in (rows, half))

    assert whole.weight is not None
    assert found.weight is not None
    np.testing.assert_allclose(found.weight, whole.weight / 2)


def test_nothing_is_copied_where_nothing_can_be_hidden(rows: Rows) -> None:
    """Without a share, or with nothing known to hide, the rows stay as they are."""
    bare = Rows(np.where(np.arange(3) > 0, np.nan, rows.X), rows.y)

    assert with_lesser_sights(rows, SMALL, share=0.0, seed=7) is rows
    assert with_lesser_sights(bare, SMALL, share=0.3, seed=7) is bare


def test_share_must_be_a_share(dataset: Dataset) -> None:
    """A share outside of 0 to 1 is refused."""
    with pytest.raises(DefinitionError, match="lesser_share"):
        replace(spec_for(dataset, StudyOptions()), lesser_share=1.5)


def test_sample_stands_for_the_window(dataset: Dataset, study: Study) -> None:
    """Every fraud of the window is in it with weight 1, genuine ones by weights that add up to all, and nothing else."""
    spec: TrainSpec = study.trained.spec
    tested = spec.split.is_test(dataset.transfers["event_time"])
    weight = sight_sample(dataset, tested, target=spec.target, maturity=spec.split.maturity, seed=1)

    assert (weight[~tested] == 0).all()
    assert weight.sum() == pytest.approx(study.evaluation.n_transfers, rel=0.05)
    assert (weight == 1).sum() >= study.evaluation.n_fraud


def test_study_declares_what_less_is_worth(study: Study, plan: FeaturePlan) -> None:
    """A small world without fields to hide has one sight, and its measures are those of the evaluation."""
    (row,) = study.sights

    assert (row.view, row.signals, row.n_fraud) == ("bank_both_sides", True, study.evaluation.n_fraud)
    assert row.average_precision == pytest.approx(study.evaluation.average_precision)
    assert row.auc == pytest.approx(study.evaluation.auc)
    assert row.recall_low <= row.recall <= row.recall_high
    assert telling_sights(study.matrix.to_numpy(), plan) == (EVERYTHING,)


def test_what_is_hidden_costs_what_it_carries(rows: Rows) -> None:
    """A model that lives on the balance is declared good with it and poor without it."""
    values = rows.X.copy()
    values[rows.y, 1] += 10
    names = list(SMALL.names)
    model = FraudModel(shape="random", rounds=30).fit(pd.DataFrame(values, columns=names), rows.y)
    scorer = BatchScorer(text=model.text_, plan=SMALL, calibration=model.calibration_)
    ids = [f"t{place}" for place in range(len(values))]
    graded = pd.DataFrame(
        {"label": np.where(rows.y, "fraud", "genuine"), "payer_account_id": ids, "weight": 1.0}, index=ids
    )
    matrix = pd.DataFrame(values, columns=names, index=ids)
    full, message = sight_rows(scorer, matrix, graded, per_10_000=100, seed=1)

    assert (full.view, message.view) == ("bank_both_sides", "message_only")
    assert full.recall > 0.4
    assert message.recall < 0.1
    assert sight_rows(scorer, matrix, graded.assign(label="genuine"), per_10_000=100, seed=1) == ()


def test_saved_model_is_judged_alike(artifact: Artifact, study: Study, dataset: Dataset) -> None:
    """The artifact declares the same as the study did, on the same window."""
    split = study.trained.spec.split
    plan = compile_plan(CATALOG)
    rows = judge_sights(artifact, dataset, study.matrix, plan=plan, window=Window(split.as_of, split.test_until))

    assert rows == study.sights
    assert artifact.manifest["sights"][0]["recall"] == study.sights[0].recall
