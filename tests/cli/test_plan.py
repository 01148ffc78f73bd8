"""`plan` on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from fraudguard.errors import ConflictError, DefinitionError, NotFoundError
from fraudguard.model.artifact import Artifact
from fraudguard.policy import load_policy
from fraudguard.tables import Dataset, write_dataset
from tests.cli.runner import invoke
from tests.model.conftest import artifact, dataset, plan, study

__all__ = ["artifact", "dataset", "plan", "study"]  # fixtures of the small world


@pytest.fixture(scope="module")
def data(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small world as a dataset folder."""
    out = tmp_path_factory.mktemp("data") / "small"
    write_dataset(out, transfers=dataset.transfers, findings=dataset.findings, meta=dataset.meta)
    return out


def run(artifact: Artifact, data: Path, *words: object, lang: str = "en") -> Result:
    """Plan for the small world."""
    return invoke("--lang", lang, "plan", artifact.folder, data, *words)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "同样人手、同样几天的比较"), ("en", "With the same officers on the same days")]
)
def test_plan_tells_steps_run_and_comparison(artifact: Artifact, data: Path, lang: str, said: str) -> None:
    """The tables are data on stdout; their names and what to do next are talk."""
    result = run(artifact, data, "--officers", 2, "--up-to", 2, lang=lang)

    assert result.exit_code == 0, result.output
    assert said in result.stderr
    assert "--out" in result.stderr
    assert result.stdout.count("2026-0") >= 3


def test_policy_and_page_are_written(artifact: Artifact, data: Path, tmp_path: Path) -> None:
    """The policy reads back; the command says how to put it in force."""
    out, html = tmp_path / "policy.toml", tmp_path / "plan.html"

    result = run(artifact, data, "--officers", 1, "--out", out, "--html", html)

    assert result.exit_code == 0, result.output
    assert load_policy(out).version in result.stderr
    assert f"serve --policy {out}" in result.stderr
    assert "Plan of a desk" in html.read_text("utf-8")


def test_json_is_one_object(artifact: Artifact, data: Path) -> None:
    """With the policy, the days and what other numbers of officers would do."""
    told = json.loads(run(artifact, data, "--officers", 1, "--up-to", 2, "--json").stdout)

    assert told["capacity"]["officers"] == 1
    assert [row["officers"] for row in told["officers"]] == [1, 2]
    assert {"policy", "days", "tiers", "compared", "costs"} <= set(told)


def test_costs_change_the_plan(artifact: Artifact, data: Path, tmp_path: Path) -> None:
    """Where a call costs a fortune, there is no alert."""
    costs = tmp_path / "costs.toml"
    costs.write_text("call_fen = 1e12\n")

    told = json.loads(run(artifact, data, "--officers", 1, "--costs", costs, "--json").stdout)

    assert all(step["tier"] is None for step in told["policy"]["steps"])


def test_an_existing_policy_is_kept(artifact: Artifact, data: Path, tmp_path: Path) -> None:
    """It is replaced only when asked; before that, nothing is computed or written."""
    out = tmp_path / "policy.toml"
    out.write_text("mine")

    refused = run(artifact, data, "--officers", 1, "--out", out, "--html", tmp_path / "plan.html")
    kept = out.read_text("utf-8")
    replaced = run(artifact, data, "--officers", 1, "--out", out, "--yes")

    assert isinstance(refused.exception, ConflictError)
    assert (kept, (tmp_path / "plan.html").exists()) == ("mine", False)
    assert replaced.exit_code == 0
    assert load_policy(out).steps


def test_a_model_is_not_written_into(artifact: Artifact, data: Path, tmp_path: Path) -> None:
    """Its policy is part of what its manifest seals; and two files need two names."""
    inside = run(artifact, data, "--officers", 1, "--out", artifact.folder / "policy.toml", "--yes")
    same = run(artifact, data, "--officers", 1, "--out", tmp_path / "x", "--html", tmp_path / "x")

    assert isinstance(inside.exception, DefinitionError)
    assert isinstance(same.exception, DefinitionError)
    assert list(tmp_path.iterdir()) == []


def test_wrong_words_are_refused_before_any_work(artifact: Artifact, data: Path, tmp_path: Path) -> None:
    """Too long a day, a file of costs that is not there, and no officers."""
    long_day = run(artifact, data, "--officers", 1, "--shifts", 4)
    no_costs = run(artifact, data, "--officers", 1, "--costs", tmp_path / "none.toml")

    assert isinstance(long_day.exception, DefinitionError)
    assert isinstance(no_costs.exception, NotFoundError)
    assert run(artifact, data).exit_code == 2
    assert run(artifact, data, "--officers", 0).exit_code == 2
