"""A study in one pass."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan, replay_stretches
from fraudguard.model.labelling import label_provenance
from fraudguard.model.spec import TrainSpec
from fraudguard.model.streamed import chosen_rows, stream
from fraudguard.model.study import Study, StudyOptions, spec_for
from fraudguard.model.train import train
from fraudguard.tables import Dataset


@pytest.fixture(scope="module")
def spec(dataset: Dataset) -> TrainSpec:
    """Give the default spec with few trees."""
    return replace(spec_for(dataset, StudyOptions()), rounds=30)


def stretches(matrix: pd.DataFrame, length: int) -> list[pd.DataFrame]:
    """Cut a matrix into stretches."""
    return [matrix.iloc[first : first + length] for first in range(0, len(matrix), length)]


@pytest.mark.parametrize("length", [70, 1_000, 10_000])
def test_one_pass_gives_the_same_model(
    dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec, length: int
) -> None:
    """However long the stretches, model and scores are those of the whole matrix."""
    whole = train(study.matrix, dataset, spec, plan=plan)
    tested = spec.split.is_test(dataset.transfers["event_time"])

    found = stream(stretches(study.matrix, length), dataset, spec, plan=plan)

    assert found.trained.scorer == whole.scorer
    assert found.trained.policy == whole.policy
    pd.testing.assert_series_equal(found.score, whole.scorer.score(study.matrix[tested]))


def test_stretches_are_the_replay(dataset: Dataset, study: Study) -> None:
    """A stretch at a time, the features are those of the replay at once, bit for bit."""
    joined = pd.concat(replay_stretches(dataset))

    pd.testing.assert_frame_equal(joined, study.matrix)


def test_genuine_rows_are_a_draw(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """With a third of the genuine rows all frauds and the whole validation stay, and the level of probabilities too."""
    few = replace(spec, genuine_share=1 / 3)
    valid = spec.split.is_valid(dataset.transfers["event_time"])

    kept, share = chosen_rows(dataset, few)
    found = stream(stretches(study.matrix, 1_000), dataset, few, plan=plan)

    assert share == 1 / 3
    assert kept[valid].all()
    assert found.trained.counts["train_fraud"] == study.trained.counts["train_fraud"]
    assert found.trained.counts["train"] < 0.5 * study.trained.counts["train"]
    mean = found.trained.scorer.score(study.matrix[valid]).mean()
    assert mean == pytest.approx(found.trained.counts["valid_fraud"] / found.trained.counts["valid"], rel=0.2)


def test_young_rows_are_kept_where_they_are_learned_from(dataset: Dataset, spec: TrainSpec) -> None:
    """Rows too young for a label are kept only if they count, but for those reported already."""
    times = dataset.transfers["event_time"]
    young = ((times >= pd.Timestamp(spec.split.valid_end)) & (times < pd.Timestamp(spec.split.as_of))).to_numpy()

    dropped, _ = chosen_rows(dataset, replace(spec, immature="drop"))
    weighted, _ = chosen_rows(dataset, replace(spec, immature="weight"))

    reported = label_provenance(dataset.transfers, dataset.findings, as_of=spec.split.as_of).index
    assert set(dataset.transfers["transfer_id"][dropped & young]) <= set(reported)
    assert dropped[young].mean() < 0.2
    assert weighted[young].all()
    np.testing.assert_array_equal(dropped[~young], weighted[~young])


def test_log_that_ends_before_the_test_is_refused(
    dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec
) -> None:
    """Nothing to test on is an error that names the moment."""
    before = dataset.transfers[dataset.transfers["event_time"] < pd.Timestamp(spec.split.as_of)]

    with pytest.raises(DataError, match="--as-of"):
        stream(stretches(study.matrix[: len(before)], 1_000), replace(dataset, transfers=before), spec, plan=plan)
