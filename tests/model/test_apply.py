"""A saved model on a dataset."""

from dataclasses import replace

import pandas as pd
import pytest

from fraudguard.errors import DataError
from fraudguard.features import FeaturePlan
from fraudguard.model.apply import Window, evaluate_artifact, explain_scores, score_window
from fraudguard.model.artifact import Artifact
from fraudguard.model.scorer import Scorer
from fraudguard.model.study import Study
from fraudguard.tables import Dataset


def test_saved_model_is_judged_as_when_it_was_trained(
    artifact: Artifact, dataset: Dataset, study: Study, plan: FeaturePlan
) -> None:
    """Left open, the window begins where labels ended and ends where they are mature."""
    found = evaluate_artifact(artifact, dataset, study.matrix, plan=plan, window=Window())

    assert found == study.evaluation


def test_training_transfers_are_not_graded_by_mistake(
    artifact: Artifact, dataset: Dataset, study: Study, plan: FeaturePlan
) -> None:
    """Data that end before the model's labels did need an explicit window."""
    early = dataset.transfers["event_time"] < pd.Timestamp(study.trained.spec.split.valid_from)
    older, matrix = replace(dataset, transfers=dataset.transfers[early]), study.matrix[early.to_numpy()]

    with pytest.raises(DataError, match="--from"):
        evaluate_artifact(artifact, older, matrix, plan=plan, window=Window())


def test_empty_window_is_refused(artifact: Artifact, dataset: Dataset, study: Study, plan: FeaturePlan) -> None:
    """A window without a transfer names the period of the data."""
    window = Window(dataset.meta.period_until.replace(year=2030))

    with pytest.raises(DataError, match="the data run from"):
        evaluate_artifact(artifact, dataset, study.matrix, plan=plan, window=window)


def test_scores_carry_what_the_policy_says(
    artifact: Artifact, dataset: Dataset, study: Study, plan: FeaturePlan
) -> None:
    """Every transfer of the window is there, in log order, with its step."""
    window = Window(study.trained.spec.split.as_of, study.trained.spec.split.test_until)

    scored = score_window(artifact, dataset, study.matrix, plan=plan, window=window)
    counts = {row.intervention: row.transfers for row in study.evaluation.interventions if row.transfers}

    assert scored.index.equals(study.matrix.index[window.rows(dataset)])
    assert scored["intervention"].value_counts().to_dict() == counts


def test_reasons_are_told_for_what_is_not_allowed(
    artifact: Artifact, dataset: Dataset, study: Study, plan: FeaturePlan
) -> None:
    """Allowed transfers have no reasons, all others do."""
    scored = score_window(artifact, dataset, study.matrix, plan=plan, window=Window()).tail(300)

    told = explain_scores(scored, study.matrix, Scorer.load(artifact.folder, plan), lang="zh")

    assert ((told["reasons"] == "") == (told["intervention"] == "allow")).all()
