"""`drift` on the command line."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from fraudguard.cli.app import exit_code
from fraudguard.errors import ArtifactError, DataError, DefinitionError, FraudguardError, GateError, NotFoundError
from fraudguard.tables import write_dataset
from tests.cli.runner import invoke
from tests.model.conftest import BEGIN, DAYS, artifact, dataset, make_dataset, plan, study

__all__ = ["artifact", "dataset", "plan", "study"]  # fixtures of the small world


def drift(*words: object) -> Result:
    """Run the command in English, quietly."""
    return invoke("--quiet", "--lang", "en", "drift", *words)


def code_of(result: Result) -> int:
    """Return the exit code that the process would end with."""
    error = result.exception
    return exit_code(error) if isinstance(error, FraudguardError) else result.exit_code


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small world as a dataset folder."""
    made, out = make_dataset(), tmp_path_factory.mktemp("data") / "small"
    write_dataset(out, transfers=made.transfers, findings=made.findings, meta=made.meta)
    return out


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small world with amounts a thousand times as large in its last ten days."""
    made, out = make_dataset(), tmp_path_factory.mktemp("data") / "moved"
    late = made.transfers["event_time"] >= pd.Timestamp(BEGIN + timedelta(days=DAYS - 10))
    amount = made.transfers["amount_fen"].where(~late, 1_000 * made.transfers["amount_fen"])
    write_dataset(out, transfers=made.transfers.assign(amount_fen=amount), findings=made.findings, meta=made.meta)
    return out


@pytest.fixture(scope="module")
def model(artifact: Any) -> Path:  # noqa: ANN401  # of another module's fixture
    """Give the folder of the model of the small world."""
    return Path(artifact.folder)


def test_report_is_printed(data: Path, model: Path) -> None:
    """The gate first, then features, weeks, findings and signals; without a gate the command ends well."""
    result = invoke("--lang", "en", "drift", model, data)

    assert code_of(result) == 0
    assert "Gate (usual limits)" in result.stderr
    assert "PSI of features" in result.stderr
    assert "Note: The log was shorter" in result.stderr
    assert "feature PSI\t0.25\t" in result.stdout


def test_one_object_is_printed(data: Path, model: Path) -> None:
    """With --json stdout is one JSON object: features, weeks, limits and what failed."""
    told = json.loads(drift(model, data, "--json", "--weeks", 1).stdout)

    assert told["model"].startswith("m-")
    assert len(told["weeks"]) == 2
    assert told["limits"]["psi"] == 0.25
    assert {"name", "psi", "expected", "gain"} <= set(told["features"][0])


def test_gate_fails_after_the_report(moved: Path, model: Path) -> None:
    """A gate that is not passed is named, with the feature, and exits with 5; what was not asked for is not named."""
    result = drift(model, moved, "--fail-over", "psi=0.5", "--fail-over", "volume")

    assert code_of(result) == 5
    assert isinstance(result.exception, GateError)
    assert "psi=0.50" in result.exception.en
    assert "amount" in result.exception.en
    assert "transfers that reach" not in result.exception.en
    assert "feature PSI\t" in result.stdout


def test_every_gate_may_be_asked_at_once(moved: Path, model: Path) -> None:
    """`all` takes the usual limits, and one that is named beside it its own."""
    result = drift(model, moved, "--fail-over", "all", "--fail-over", "psi=1000")

    assert isinstance(result.exception, GateError)
    assert "psi=" not in result.exception.en


def test_passed_gate_ends_well(data: Path, model: Path) -> None:
    """What moved less than it may is no failure."""
    assert code_of(drift(model, data, "--fail-over", "score=5", "--fail-over", "volume=0.9")) == 0


@pytest.mark.parametrize("gate", ["recall=0.5", "psi=high", "psi=-1", "alerts=0.5", "="])
def test_wrong_gate_is_a_usage_error(data: Path, model: Path, gate: str) -> None:
    """A gate names a measure and a number that means something."""
    result = drift(model, data, "--fail-over", gate)

    assert isinstance(result.exception, DefinitionError)
    assert code_of(result) == 2


def test_page_stands_alone(moved: Path, model: Path, tmp_path: Path) -> None:
    """The page has no script and no link, in the language of the talk, and is written though the gate fails."""
    page = tmp_path / "drift.html"

    drift(model, moved, "--html", page, "--fail-over", "psi")

    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "Drift report" in text
    assert not any(odd in text for odd in ("<script", "http://", "https://", "src="))


def test_model_without_reference_is_refused(data: Path, model: Path, tmp_path: Path) -> None:
    """A model of before, and a folder without a model, end with 4 and name the mend."""
    damaged = tmp_path / "damaged"
    shutil.copytree(model, damaged)
    (damaged / "reference.json").unlink()

    missing, nothing = drift(damaged, data), drift(tmp_path, data)

    assert (code_of(missing), code_of(nothing)) == (4, 4)
    assert isinstance(missing.exception, ArtifactError)
    assert "reference.json" in missing.exception.zh
    assert "fraudguard train" in str(nothing.exception)


def test_window_without_data_is_a_data_error(data: Path, model: Path, tmp_path: Path) -> None:
    """Nothing to look at ends with 3, no dataset with 4."""
    empty, missing = drift(model, data, "--from", "2027-01-01"), drift(model, tmp_path / "nothing")

    assert (code_of(empty), code_of(missing)) == (3, 4)
    assert isinstance(empty.exception, DataError)
    assert isinstance(missing.exception, NotFoundError)
