"""Which scam a transfer is part of."""

from dataclasses import replace
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest

from fraudguard.features import FeaturePlan
from fraudguard.model.artifact import Artifact
from fraudguard.model.scam_training import TrainedScamTypes, train_scam_types
from fraudguard.model.scam_types import ScamTypes
from fraudguard.model.scorer import Scorer
from fraudguard.model.spec import TrainSpec
from fraudguard.model.study import Study, run_study, save_study
from fraudguard.tables import Dataset
from tests.fakes import FakeClock


@pytest.fixture(scope="module")
def typed(dataset: Dataset) -> Dataset:
    """Give the small world with two scam types that differ in their amounts, and one that is too rare."""
    amount = (
        dataset.transfers.set_index("transfer_id")["amount_fen"].reindex(dataset.findings["transfer_id"]).to_numpy()
    )
    kinds = np.where(amount > np.median(amount), "investment", "brushing").astype(object)
    kinds[:4] = "romance"
    return replace(dataset, findings=dataset.findings.assign(scam_type=kinds))


@pytest.fixture(scope="module")
def trained(typed: Dataset, study: Study) -> TrainedScamTypes:
    """Give trees that tell the types apart."""
    found = train_scam_types(study.matrix, typed, study.trained.spec)
    assert found is not None
    return found


def test_types_are_told_apart_on_later_cases(trained: TrainedScamTypes) -> None:
    """Later confirmed transfers get their own type first, more often than by naming the most frequent."""
    assert trained.names == ("brushing", "investment")
    assert trained.n_test > 10
    assert trained.top_1 > max(0.8, trained.most_frequent)
    assert trained.top_3 == 1.0


def test_ranking_is_what_the_trees_say(trained: TrainedScamTypes, study: Study) -> None:
    """One transfer at a time, without LightGBM's package, the shares are those of the whole table."""
    expected = np.asarray(lgb.Booster(model_str=trained.text).predict(study.matrix.to_numpy()[:30]))
    ranking = ScamTypes.of(trained.text, trained.names)

    for vector, shares in zip(study.matrix.to_numpy()[:30], expected, strict=True):
        ranked = ranking.rank(vector)

        assert {one.scam_type: one.probability for one in ranked} == pytest.approx(
            dict(zip(trained.names, shares, strict=True))
        )
        assert [one.probability for one in ranked] == sorted(shares, reverse=True)


def test_what_came_later_changes_nothing(typed: Dataset, trained: TrainedScamTypes, study: Study) -> None:
    """Types confirmed after the moment of training are not learned from."""
    spec: TrainSpec = study.trained.spec
    early = typed.findings["received_at"] <= pd.Timestamp(spec.split.as_of)

    censored = train_scam_types(study.matrix, replace(typed, findings=typed.findings[early]), spec)

    assert censored is not None
    assert censored.text == trained.text


@pytest.mark.parametrize("kind", ["brushing", "other", None])
def test_one_type_or_none_cannot_be_ranked(dataset: Dataset, study: Study, kind: str | None) -> None:
    """With a single type, with cases of no stated type, or without types there is no ranking."""
    findings = dataset.findings.assign(scam_type=pd.Series([kind] * len(dataset.findings), dtype="str"))

    assert train_scam_types(study.matrix, replace(dataset, findings=findings), study.trained.spec) is None
    assert train_scam_types(study.matrix, dataset, study.trained.spec) is None


def test_artifact_carries_the_ranking(typed: Dataset, plan: FeaturePlan, tmp_path: Path) -> None:
    """A saved model ranks types as the one in memory, and one without ranks none."""
    study = run_study(typed)
    save_study(study, tmp_path / "typed", clock=FakeClock())
    scorer = Scorer.load(tmp_path / "typed", plan)

    ranked = scorer.rank_scam_types(study.matrix.to_numpy()[0])

    assert {one.scam_type for one in ranked} == {"brushing", "investment"}
    assert sum(one.probability for one in ranked) == pytest.approx(1)


def test_model_without_types_ranks_none(study: Study, plan: FeaturePlan, artifact: Artifact) -> None:
    """Where too few cases were confirmed the ranking is empty."""
    scorer = Scorer.load(artifact.folder, plan)

    assert scorer.rank_scam_types(study.matrix.to_numpy()[0]) == ()
