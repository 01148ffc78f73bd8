"""What a model was made among, and its file."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import ArtifactError
from fraudguard.features import replay_stretches
from fraudguard.model.artifact import REFERENCE, Artifact, load_artifact
from fraudguard.model.reference import load_reference, reference_text
from fraudguard.model.reference_making import make_reference, reference_rows
from fraudguard.model.save import save_artifact
from fraudguard.model.streamed import stream
from fraudguard.model.study import Study


def saved_with(artifact: Artifact, out: Path, text: str | None) -> Artifact:
    """Return a model saved with another reference, or with none."""
    files = {name: artifact.text(name) for name in artifact.manifest["files"] if name != REFERENCE}
    left_out = {"version", "created_at", "format", "files"}
    content = {key: value for key, value in artifact.manifest.items() if key not in left_out}
    more = {} if text is None else {REFERENCE: text}
    return load_artifact(save_artifact(out, files | more, content, created_at="2026-01-01T00:00:00+00:00").folder)


def test_saved_reference_comes_back(study: Study, artifact: Artifact) -> None:
    """What was made is what is read, number for number."""
    assert load_reference(artifact) == study.reference


def test_reference_counts_what_was_known_then(study: Study) -> None:
    """Every transfer until the model was built is counted once in each feature; shares of gain sum to one."""
    reference, as_of = study.reference, study.trained.spec.split.as_of

    assert reference.until < as_of
    assert {sum(one.counts) for one in reference.features} == {reference.n_rows}
    assert sum(one.gain for one in reference.features) == pytest.approx(1)
    assert sum(reference.score.counts) == len(study.trained.valid_score)
    assert reference.is_young


def test_only_what_was_known_when_built_is_counted(study: Study) -> None:
    """Findings and signals that came later change nothing."""
    early = study.dataset.findings[study.dataset.findings["received_at"] < study.trained.spec.split.as_of]
    rows = study.matrix[reference_rows(study.dataset, study.trained.spec)]

    reference = make_reference(rows, replace(study.dataset, findings=early), study.trained)

    assert reference == study.reference
    assert {one.source for one in reference.findings} == {"victim_report"}


def test_many_rows_are_a_draw(study: Study) -> None:
    """Of more than the most, an even draw that depends on the seed alone."""
    rows = reference_rows(study.dataset, study.trained.spec, most=500)

    assert rows.sum() == 500
    np.testing.assert_array_equal(rows, reference_rows(study.dataset, study.trained.spec, most=500))
    times = study.dataset.transfers["event_time"]
    assert times[rows].max() < study.trained.spec.split.as_of


def test_one_pass_makes_the_same_reference(study: Study) -> None:
    """A study that is streamed is made among the same."""
    found = stream(replay_stretches(study.dataset), study.dataset, study.trained.spec, plan=study.trained.scorer.plan)

    assert reference_text(found.reference) == reference_text(study.reference)


def test_model_without_reference_says_how_to_get_one(artifact: Artifact, tmp_path: Path) -> None:
    """A model of before can be served and evaluated, not watched."""
    old = saved_with(artifact, tmp_path / "old", None)

    with pytest.raises(ArtifactError, match="fraudguard train"):
        load_reference(old)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}', '{"format": 1}'])
def test_unreadable_reference_is_refused(artifact: Artifact, tmp_path: Path, text: str) -> None:
    """Not JSON, of another format, or with something missing: it names the file and the mend."""
    odd = saved_with(artifact, tmp_path / "odd", text)

    with pytest.raises(ArtifactError, match=f"{REFERENCE} cannot be read.*train the model again"):
        load_reference(odd)


def test_changed_reference_is_named(artifact: Artifact, tmp_path: Path) -> None:
    """It is checked by its hash, as the other files are."""
    saved = saved_with(artifact, tmp_path / "changed", artifact.text(REFERENCE))
    (saved.folder / REFERENCE).write_text(json.dumps({}), encoding="utf-8")

    with pytest.raises(ArtifactError, match=f"{REFERENCE}.*sha256"):
        load_artifact(saved.folder)


def test_long_log_is_not_young(study: Study) -> None:
    """Where training begins after the longest window, nothing is still filling."""
    first = study.dataset.transfers.head(1)
    old = first.assign(transfer_id="old", event_time=first["event_time"] - pd.Timedelta(days=91))
    dataset = replace(study.dataset, transfers=pd.concat([old, study.dataset.transfers], ignore_index=True))
    begin = first["event_time"].iloc[0].to_pydatetime()
    split = replace(study.trained.spec.split, train_from=begin)
    trained = replace(study.trained, spec=replace(study.trained.spec, split=split))
    rows = study.matrix[reference_rows(study.dataset, study.trained.spec)]

    reference = make_reference(rows, dataset, trained)

    assert not reference.is_young
    assert reference.begin == begin
    assert reference.features == study.reference.features
