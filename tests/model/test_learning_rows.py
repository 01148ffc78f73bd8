"""The rows that a model learns from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fraudguard.features import FeaturePlan
from fraudguard.model.estimator import FraudModel
from fraudguard.model.learning_rows import learning_rows, with_immature
from fraudguard.model.spec import TrainSpec
from fraudguard.model.study import Study, StudyOptions, spec_for
from fraudguard.model.train import train
from fraudguard.model.trees import Rows
from fraudguard.tables import Dataset


@pytest.fixture(scope="module")
def spec(dataset: Dataset) -> TrainSpec:
    """Give the default spec with few trees."""
    return replace(spec_for(dataset, StudyOptions()), rounds=30)


@pytest.fixture(scope="module")
def mature(dataset: Dataset, study: Study, spec: TrainSpec) -> Rows:
    """Give the mature training rows."""
    return learning_rows(study.matrix, dataset, spec)[0]


@pytest.fixture(scope="module")
def model(study: Study, mature: Rows) -> FraudModel:
    """Give a model of the mature rows."""
    return FraudModel(rounds=30).fit(pd.DataFrame(mature.X, columns=study.matrix.columns), mature.y)


def young_rows(dataset: Dataset, spec: TrainSpec) -> "pd.Series[bool]":
    """Return which transfers lie between validation and the moment."""
    times = dataset.transfers["event_time"]
    return (times >= pd.Timestamp(spec.split.valid_end)) & (times < pd.Timestamp(spec.split.as_of))


def test_young_rows_weigh_what_is_known_at_their_age(
    dataset: Dataset, study: Study, spec: TrainSpec, mature: Rows
) -> None:
    """All young transfers join; reported ones count in full, silent ones less the younger they are."""
    young = young_rows(dataset, spec)

    found = with_immature(mature, study.matrix, dataset, spec=replace(spec, immature="weight"))

    assert found.weight is not None
    added, fraud = found.weight[len(mature.y) :], found.y[len(mature.y) :]
    silent = pd.Series(added[~fraud])
    assert len(added) == young.sum()
    assert (found.weight[: len(mature.y)] == 1).all()
    assert (added[fraud] == 1).all()
    assert fraud.any()
    assert silent.is_monotonic_decreasing
    assert silent.iloc[-1] == 0


def test_silent_rows_are_in_part_fraud(
    dataset: Dataset, study: Study, spec: TrainSpec, mature: Rows, model: FraudModel
) -> None:
    """A silent transfer stands twice, as fraud and as genuine, and its two weights make one."""
    young = young_rows(dataset, spec)

    found = with_immature(mature, study.matrix, dataset, spec=replace(spec, immature="unlabelled"), model=model)

    assert found.weight is not None
    added = found.weight[len(mature.y) :]
    assert added.sum() == pytest.approx(young.sum())
    assert len(added) > young.sum()
    assert found.y[len(mature.y) + int(young.sum()) :].all()


def test_the_likelier_fraud_the_larger_its_part(
    dataset: Dataset, study: Study, spec: TrainSpec, mature: Rows, model: FraudModel
) -> None:
    """Of the doubled rows the one the first model suspects most has the largest part."""
    found = with_immature(mature, study.matrix, dataset, spec=replace(spec, immature="unlabelled"), model=model)
    begin = len(mature.y) + int(young_rows(dataset, spec).sum())

    assert found.weight is not None
    suspected = model.predict_proba(pd.DataFrame(found.X[begin:], columns=study.matrix.columns))[:, 1]
    assert np.corrcoef(suspected, found.weight[begin:])[0, 1] > 0.5


@pytest.mark.parametrize("immature", ["weight", "unlabelled"])
def test_later_findings_change_nothing(
    dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec, immature: str
) -> None:
    """However young rows are treated, what came in after the moment cannot leak into the model."""
    chosen = replace(spec, immature=immature)  # type: ignore[arg-type]
    early = dataset.findings["received_at"] <= pd.Timestamp(spec.split.as_of)
    censored = replace(dataset, findings=dataset.findings[early])

    with_all = train(study.matrix, dataset, chosen, plan=plan)
    without = train(study.matrix, censored, chosen, plan=plan)

    assert with_all.scorer == without.scorer
    assert with_all.scorer != train(study.matrix, dataset, replace(spec, immature="drop"), plan=plan).scorer


def test_rows_that_stand_side_by_side_are_not_copied(study: Study) -> None:
    """Of a large study a copy takes gigabytes; what is learned from is the same."""
    values = np.ascontiguousarray(study.matrix.to_numpy(dtype=np.float64))
    matrix = pd.DataFrame(values, index=study.matrix.index, columns=study.matrix.columns, copy=False)
    train_rows, valid_rows = learning_rows(matrix, study.dataset, study.trained.spec)
    scattered = learning_rows(
        pd.DataFrame(np.asfortranarray(values), index=matrix.index, columns=matrix.columns, copy=False),
        study.dataset,
        study.trained.spec,
    )

    assert np.shares_memory(valid_rows.X, values) or not len(valid_rows.y)
    for ours, theirs in zip((train_rows, valid_rows), scattered, strict=True):
        np.testing.assert_array_equal(ours.X, theirs.X)
        np.testing.assert_array_equal(ours.y, theirs.y)
