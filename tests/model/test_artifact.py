"""The folder a model is shipped in."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fraudguard.errors import ArtifactError, ConflictError
from fraudguard.features import FeaturePlan
from fraudguard.model.artifact import CARD, MANIFEST, MODEL, POLICY, REFERENCE, Artifact, load_artifact
from fraudguard.model.study import Study, run_study, save_study
from fraudguard.policy import load_policy
from fraudguard.tables import Dataset
from tests.fakes import START, FakeClock


@pytest.fixture
def copied(artifact: Artifact, tmp_path: Path) -> Path:
    """Give a copy of the artifact that a test may damage."""
    folder = tmp_path / "copied"
    shutil.copytree(artifact.folder, folder)
    return folder


def test_saved_folder_loads(artifact: Artifact) -> None:
    """What was saved comes back with its version and manifest."""
    loaded = load_artifact(artifact.folder)

    assert (loaded.version, loaded.fingerprint) == (artifact.version, artifact.fingerprint)
    assert loaded.manifest == json.loads(json.dumps(artifact.manifest))


def test_same_input_gives_the_same_bytes(artifact: Artifact, dataset: Dataset, tmp_path: Path) -> None:
    """Data, catalog, spec and seed decide every byte; the day does not enter the version."""
    again = save_study(run_study(dataset), tmp_path / "again", clock=FakeClock(START + timedelta(days=99)))

    assert again.version == artifact.version
    assert all(
        (again.folder / name).read_bytes() == (artifact.folder / name).read_bytes()
        for name in (MODEL, POLICY, CARD, REFERENCE)
    )
    assert again.manifest["created_at"] != artifact.manifest["created_at"]


@pytest.mark.parametrize("name", [MODEL, POLICY, CARD, REFERENCE])
def test_changed_file_is_named(copied: Path, name: str) -> None:
    """A file that is not as it was saved is refused by name."""
    with (copied / name).open("a") as file:
        file.write(" ")

    with pytest.raises(ArtifactError, match=f"{name}.*sha256.*train it again"):
        load_artifact(copied)


@pytest.mark.parametrize("name", [MODEL, POLICY, CARD, REFERENCE, MANIFEST])
def test_missing_file_is_named(copied: Path, name: str) -> None:
    """A file that is not there is refused by name."""
    (copied / name).unlink()

    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        load_artifact(copied)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "cannot be read"), ("[]", "cannot be read"), ('{"format": 1}', "cannot be read")],
)
def test_unreadable_manifest_is_named(copied: Path, text: str, said: str) -> None:
    """A manifest that is no manifest is refused."""
    (copied / MANIFEST).write_text(text)

    with pytest.raises(ArtifactError, match=f"manifest.json {said}"):
        load_artifact(copied)


def test_changed_manifest_is_refused(copied: Path) -> None:
    """A calibration changed by hand no longer gives the version."""
    manifest = json.loads((copied / MANIFEST).read_text())
    manifest["calibration"]["intercept"] += 1
    (copied / MANIFEST).write_text(json.dumps(manifest))

    with pytest.raises(ArtifactError, match="version"):
        load_artifact(copied)


def test_other_format_is_refused(copied: Path) -> None:
    """A folder of another format is refused before anything in it is trusted."""
    manifest = json.loads((copied / MANIFEST).read_text()) | {"format": 99}
    (copied / MANIFEST).write_text(json.dumps(manifest))

    with pytest.raises(ArtifactError, match="format 99"):
        load_artifact(copied)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (
            slice(4, None),
            r"the model also has \w+_10m, \w+_1h, \w+_1d … \(4\); pass the catalog the model was trained with",
        ),
        (slice(None, -1), r"the model also has \w+; pass"),
        (slice(None, None, -1), "the names are the same, their order is not"),
        (slice(None), "the names are the same, a definition or the version of fraudguard is not"),
    ],
)
def test_other_plan_is_told_from_its_own(artifact: Artifact, plan: FeaturePlan, columns: slice, says: str) -> None:
    """A plan with another fingerprint is refused: both fingerprints, what differs, and the mend."""
    other = replace(plan, columns=plan.columns[columns], fingerprint="0123456789abcdef")

    with pytest.raises(ArtifactError, match=says) as caught:
        artifact.require_plan(other)

    assert f"features {artifact.fingerprint}, this catalog gives 0123456789abcdef" in caught.value.en
    assert "随包目录" in caught.value.zh


def test_own_plan_is_taken(artifact: Artifact, plan: FeaturePlan) -> None:
    """The plan it was trained on passes, and without a catalog file the manifest names none."""
    artifact.require_plan(plan)

    assert artifact.manifest["catalog_file"] is None


def test_existing_model_is_kept_unless_told(copied: Path, study: Study) -> None:
    """A model is replaced only on request."""
    with pytest.raises(ConflictError):
        save_study(study, copied, clock=FakeClock())

    replaced = save_study(study, copied, clock=FakeClock(), overwrite=True)

    assert load_artifact(copied).version == replaced.version


def test_policy_of_the_folder_is_the_chosen_one(artifact: Artifact, study: Study) -> None:
    """The policy file reads back to the policy that was chosen."""
    assert load_policy(artifact.folder / POLICY) == study.trained.policy


def test_card_says_the_limits_in_both_languages(artifact: Artifact) -> None:
    """The card names data, figures and limits, Chinese first."""
    card = artifact.text(CARD)

    assert card.index("# 模型卡") < card.index("# Model card")
    assert card.count(artifact.fingerprint) == 2
    assert "small world" in card
    assert "$" not in card
