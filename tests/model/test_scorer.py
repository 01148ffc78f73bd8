"""The serving side of a model."""

import subprocess
import sys

import numpy as np
import pytest

from fraudguard.errors import ArtifactError
from fraudguard.features import Catalog, Expression, FeaturePlan, compile_plan, field
from fraudguard.model.artifact import Artifact
from fraudguard.model.scorer import Scorer
from fraudguard.model.study import Study
from fraudguard.wording import Bilingual


@pytest.fixture(scope="module")
def scorer(artifact: Artifact, plan: FeaturePlan) -> Scorer:
    """Give the scorer of the small world."""
    return Scorer.load(artifact.folder, plan)


def test_score_equals_the_table_bit_for_bit(scorer: Scorer, study: Study) -> None:
    """A transfer scored alone gets the value it got in the analyst's table."""
    expected = study.trained.scorer.score(study.matrix).to_numpy()

    scores = [scorer.score(vector).value for vector in study.matrix.to_numpy()]

    np.testing.assert_array_equal(scores, expected)


def test_score_names_its_makers(scorer: Scorer, artifact: Artifact, plan: FeaturePlan, study: Study) -> None:
    """A score carries model version and plan fingerprint."""
    score = scorer.score(study.matrix.to_numpy()[0])

    assert (score.model_version, score.features_fingerprint) == (artifact.version, plan.fingerprint)


def test_reasons_raise_and_fall_in_size(scorer: Scorer, study: Study) -> None:
    """The highest score gets one to six reasons, all raising, largest first, each said once."""
    highest = int(study.trained.scorer.score(study.matrix).to_numpy().argmax())

    reasons = scorer.reasons(study.matrix.to_numpy()[highest])
    contributions = [reason.contribution for reason in reasons]

    assert 1 <= len(reasons) <= 6
    assert contributions == sorted(contributions, reverse=True)
    assert min(contributions) > 0
    assert len({reason.text_zh for reason in reasons}) == len(reasons)


def test_other_catalog_is_refused(artifact: Artifact) -> None:
    """A model is never used with features it was not trained on."""
    amount = Expression(
        name="amount_fen",
        value=field("amount_fen"),
        unit="fen",
        title=Bilingual("金额", "Amount"),
        why=Bilingual("损失", "Loss"),
    )

    with pytest.raises(ArtifactError, match="train again"):
        Scorer.load(artifact.folder, compile_plan(Catalog((amount,))))


def test_scorer_loads_no_workshop(artifact: Artifact) -> None:
    """Loading and scoring imports neither tables nor LightGBM's package."""
    code = (
        "import sys, numpy; from pathlib import Path; from fraudguard.features import CATALOG, compile_plan;"
        "from fraudguard.model.scorer import Scorer;"
        f"plan = compile_plan(CATALOG); scorer = Scorer.load(Path({str(artifact.folder)!r}), plan);"
        "vector = numpy.zeros(len(plan.names)); scorer.score(vector); scorer.reasons(vector);"
        "print(sorted({'pandas', 'sklearn', 'lightgbm', 'pyarrow', 'scipy', 'joblib'} & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert found.stdout.strip() == "[]"
