"""Training."""

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError
from fraudguard.features import FeaturePlan, replay
from fraudguard.finding import FindingValue
from fraudguard.model.spec import TrainSpec
from fraudguard.model.study import Study, StudyOptions, run_study, spec_for
from fraudguard.model.train import train
from fraudguard.tables import Dataset
from tests.model.conftest import make_dataset


@pytest.fixture(scope="module")
def spec(dataset: Dataset) -> TrainSpec:
    """Give the default spec with few trees."""
    return replace(spec_for(dataset, StudyOptions()), rounds=30)


def test_pattern_is_found(study: Study) -> None:
    """The model beats both trivial rules on later transfers, and says how sure it is."""
    found = study.evaluation

    assert found.auc > 0.97
    assert found.row("model").recall > found.row("unusual_first_payment").recall
    assert found.calibration_error < 0.02


def test_later_findings_change_nothing(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """What came in after the moment of training cannot leak into the model."""
    early = dataset.findings["received_at"] <= pd.Timestamp(spec.split.as_of)
    censored = replace(dataset, findings=dataset.findings[early])

    with_all = train(study.matrix, dataset, spec, plan=plan)
    without = train(study.matrix, censored, spec, plan=plan)

    assert with_all.scorer == without.scorer
    assert with_all.policy == without.policy


def test_test_window_changes_nothing(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Garbled features of the test window leave the model as it was."""
    garbled = study.matrix.copy()
    garbled.loc[spec.split.is_test(dataset.transfers["event_time"])] = 7.0

    assert train(garbled, dataset, spec, plan=plan).scorer == train(study.matrix, dataset, spec, plan=plan).scorer


def test_undersampling_keeps_the_level(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Training on a fifth of the genuine rows does not raise the probabilities."""
    trained = train(study.matrix, dataset, replace(spec, genuine_share=0.2), plan=plan)
    valid = spec.split.is_valid(dataset.transfers["event_time"])

    mean = trained.scorer.score(study.matrix[valid]).mean()

    assert mean == pytest.approx(trained.counts["valid_fraud"] / trained.counts["valid"], rel=0.2)


def test_no_fraud_names_the_mend(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Without a known fraud the error says window, moment and what to do."""
    with pytest.raises(DataError, match=r"0 of them fraud.*as known at.*longer window"):
        train(study.matrix, replace(dataset, findings=dataset.findings.iloc[:0]), spec, plan=plan)


def test_few_frauds_are_warned_of(plan: FeaturePlan) -> None:
    """A handful of frauds trains, and the manifest will say not to trust it."""
    few = make_dataset(fraud_share=0.008, seed=3)

    trained = train(replay(few), few, replace(spec_for(few, StudyOptions()), rounds=10), plan=plan)

    assert "mostly luck" in trained.warnings[0].en
    assert "偶然" in trained.warnings[0].zh


def test_no_fraud_in_validation_still_trains(
    dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec
) -> None:
    """Without a fraud to stop at, a fixed number of trees is grown."""
    early = dataset.transfers["event_time"] < pd.Timestamp(spec.split.valid_from)
    before = dataset.findings[dataset.findings["transfer_id"].isin(dataset.transfers["transfer_id"][early])]

    trained = train(study.matrix, replace(dataset, findings=before), spec, plan=plan)

    assert trained.counts["valid_fraud"] == 0
    assert trained.counts["trees"] == 30


def test_foreign_matrix_is_refused(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Features of other transfers or of another catalog are not trained on."""
    with pytest.raises(DataError, match="log order"):
        train(study.matrix.iloc[::-1], dataset, spec, plan=plan)
    with pytest.raises(DataError, match="different"):
        train(study.matrix.iloc[:, 1:], dataset, spec, plan=plan)


def test_target_may_be_mule_movements(dataset: Dataset) -> None:
    """Where a dataset knows mule movements alone, those are learned."""
    findings = dataset.findings.assign(finding=str(FindingValue.MULE_MOVEMENT))

    spec = spec_for(replace(dataset, findings=findings), StudyOptions())

    assert spec.target == (FindingValue.MULE_MOVEMENT,)


@pytest.mark.parametrize(
    "wrong", [{"genuine_share": 0.0}, {"genuine_share": 1.1}, {"rounds": 0}, {"alerts_per_10_000": 0.0}]
)
def test_wrong_spec_is_refused(spec: TrainSpec, wrong: dict[str, float]) -> None:
    """A spec cannot be built wrong."""
    with pytest.raises(DefinitionError):
        replace(spec, **wrong)  # type: ignore[arg-type]


def test_progress_counts_trees(dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec) -> None:
    """Whoever watches is told after each tree."""
    told: list[tuple[int, int]] = []

    train(study.matrix, dataset, spec, plan=plan, progress=lambda done, total: told.append((done, total)))

    assert told == [(tree, 30) for tree in range(1, 31)]


def test_too_short_data_is_refused(dataset: Dataset) -> None:
    """A maturity longer than the data leaves nothing to test, and the error says so."""
    options = StudyOptions()
    long = replace(dataset.meta, maturity_days=60)

    with pytest.raises(DefinitionError, match="--maturity-days"):
        run_study(replace(dataset, meta=long), options)


def test_empty_data_is_refused(dataset: Dataset) -> None:
    """Nothing cannot be learned from."""
    with pytest.raises(DataError, match="no transfers"):
        run_study(replace(dataset, transfers=dataset.transfers.iloc[:0]))


def test_gap_is_kept(spec: TrainSpec) -> None:
    """Training and validation do not touch."""
    assert spec.split.valid_from - spec.split.train_until > timedelta(days=1)


def test_validation_without_labels_names_the_mend(
    dataset: Dataset, plan: FeaturePlan, study: Study, spec: TrainSpec
) -> None:
    """A validation window after the data is named with what to do."""
    later = timedelta(days=3650)
    split = replace(spec.split, as_of=spec.split.as_of + later, test_until=None)

    with pytest.raises(DataError, match=r"validation window .* move --as-of"):
        train(study.matrix, dataset, replace(spec, split=split), plan=plan)
