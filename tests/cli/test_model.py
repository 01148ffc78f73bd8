"""`train`, `evaluate`, `score` on the command line."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from fraudguard.cli.model import evaluate_command, score_command, train_command
from fraudguard.cli.output import output
from fraudguard.errors import ConflictError, DefinitionError, GateError, NotFoundError
from fraudguard.tables import write_dataset
from tests.cli.runner import invoke
from tests.model.conftest import make_dataset

app = typer.Typer()
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.command("score")(score_command)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Speak Chinese and keep the progress down, as with -q."""
    before = (output.lang, output.verbosity)
    output.lang, output.verbosity = "zh", -1
    yield
    output.lang, output.verbosity = before


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the small world as a dataset folder."""
    made, out = make_dataset(), tmp_path_factory.mktemp("data") / "small"
    write_dataset(out, transfers=made.transfers, findings=made.findings, meta=made.meta)
    return out


@pytest.fixture(scope="module")
def model(data: Path) -> Path:
    """Give a model trained on the command line."""
    out = data.parent / "model"
    result = CliRunner().invoke(app, ["train", str(data), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out


def run(*arguments: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_train_just_works(data: Path, tmp_path: Path) -> None:
    """With nothing chosen, a model is trained, judged beside two rules, and written."""
    result = run("train", data, "--out", tmp_path / "m")
    rows = [line.split("\t") for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    assert [row[0] for row in rows[1:]] == ["模型", "金额最大", "首次收款人且金额异常"]
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "card.md",
        "manifest.json",
        "model.txt",
        "policy.toml",
        "reference.json",
    ]


def test_windows_may_be_chosen(data: Path, tmp_path: Path) -> None:
    """Dates are read in the dataset's own zone."""
    result = run("train", data, "--out", tmp_path / "m", "--as-of", "2026-02-10", "--valid-days", 10, "--budget", 100)
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())

    assert result.exit_code == 0
    assert manifest["spec"]["split"]["as_of"] == "2026-02-10T00:00:00+08:00"
    assert manifest["alerts_per_10_000"] == 100


def test_model_is_not_overwritten_unasked(data: Path, model: Path) -> None:
    """An existing model stops training before any work is done."""
    assert isinstance(run("train", data, "--out", model).exception, ConflictError)


@pytest.mark.parametrize(
    "flags", [["--as-of", "soon"], ["--target", "theft"], ["--test-until", "2026-01-02"], ["--budget", "0"]]
)
def test_wrong_choice_writes_nothing(data: Path, tmp_path: Path, flags: list[str]) -> None:
    """A flag that makes no sense is refused and leaves no folder."""
    result = run("train", data, "--out", tmp_path / "m", *flags)

    assert isinstance(result.exception, DefinitionError)
    assert not list(tmp_path.iterdir())


def test_evaluate_prints_one_object(data: Path, model: Path) -> None:
    """With --json stdout is one JSON object with the model's version."""
    told = json.loads(run("evaluate", model, data, "--json", "--budget", 50, "--budget", 200).stdout)

    assert told["model"].startswith("m-")
    assert [row["per_10_000"] for row in told["rows"] if row["scorer"] == "model"] == [50, 200]


@pytest.mark.parametrize(("currency", "shown"), [("CNY", "¥"), ("SEK", "SEK "), ("XXX", "")])
def test_money_stands_in_its_currency(model: Path, tmp_path: Path, currency: str, shown: str) -> None:
    """The sign of the yuan stands only beside yuan; a source without a currency has none."""
    made = make_dataset()
    meta = replace(made.meta, currency=currency)
    write_dataset(tmp_path / "d", transfers=made.transfers, findings=made.findings, meta=meta)

    result = run("evaluate", model, tmp_path / "d")

    caught = result.stdout.splitlines()[1].split("\t")[6]
    assert caught.rstrip("0123456789,") == shown


def test_further_tables_are_printed_when_asked_for(data: Path, model: Path) -> None:
    """By case, by scam type and by group, each under its title; a group nobody is known of says so."""
    result = invoke("--lang", "en", "evaluate", model, data, "--by", "case", "--by", "type", "--by", "group")

    assert "By case" in result.stderr
    assert "Stopped before 10 % of the loss" in result.stdout
    assert "Payee: new to the model" in result.stdout
    assert "there is nothing to list" in result.stderr


def test_alerts_a_day_are_a_budget(data: Path, model: Path) -> None:
    """So many alerts a day are told as a share of the window, and refused when there are none."""
    told = json.loads(run("evaluate", model, data, "--json", "--per-day", 2).stdout)
    refused = run("evaluate", model, data, "--per-day", 0)

    row = next(row for row in told["rows"] if row["scorer"] == "model")
    assert row["per_day"] == pytest.approx(2, rel=0.2)
    assert isinstance(refused.exception, DefinitionError)


def test_precision_at_a_stated_base_rate(data: Path, model: Path) -> None:
    """Where fraud is rarer, the same model's precision is lower, and it is said in words."""
    result = invoke("--lang", "en", "evaluate", model, data, "--base-rate", "0.0001")
    wrong = run("evaluate", model, data, "--base-rate", 2)

    assert "at a base rate of 0.0001" in result.stderr
    assert isinstance(wrong.exception, DefinitionError)


def test_evaluation_is_written_as_a_page(data: Path, model: Path, tmp_path: Path) -> None:
    """The page stands alone: no script, no link, in the language of the talk."""
    page = tmp_path / "evaluation.html"

    invoke("--lang", "en", "evaluate", model, data, "--html", page)

    text = page.read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert "Recall by slice" in text
    assert not any(odd in text for odd in ("<script", "http://", "https://", "src="))


def test_explain_says_the_score_in_words(data: Path, model: Path, tmp_path: Path) -> None:
    """Score, both sides and reasons, as text, as JSON and as a page."""
    page = tmp_path / "t.html"

    lines = invoke("--lang", "en", "explain", model, data, "--id", "t00100", "--html", page).stdout.splitlines()
    told = json.loads(invoke("explain", model, data, "--id", "t00100", "--json").stdout)

    assert lines[0].startswith("t00100: ")
    assert lines[1].startswith("payer as victim")
    assert set(told["parts"]) == {"payer", "payee", "pair", "session", "liquidity", "network"}
    assert "<script" not in page.read_text("utf-8")


def test_explain_names_an_unknown_transfer(data: Path, model: Path) -> None:
    """An id that is not in the data is not found, by its name."""
    result = invoke("explain", model, data, "--id", "t99999")

    assert isinstance(result.exception, NotFoundError)
    assert "t99999" in result.exception.zh


def test_gate_fails_after_the_figures(data: Path, model: Path) -> None:
    """A gate that is not reached ends in a gate error, with the table printed all the same."""
    result = run("evaluate", model, data, "--fail-under", "precision=1.01", "--fail-under", "auc=0.5")

    assert isinstance(result.exception, GateError)
    assert "precision" in result.exception.en
    assert "auc" not in result.exception.en
    assert "模型" in result.stdout


@pytest.mark.parametrize("gate", ["recall", "recall=high", "accuracy=0.5"])
def test_wrong_gate_is_a_usage_error(data: Path, model: Path, gate: str) -> None:
    """A gate names a measure and a number."""
    assert isinstance(run("evaluate", model, data, "--fail-under", gate).exception, DefinitionError)


def test_missing_model_names_the_mend(data: Path, tmp_path: Path) -> None:
    """A folder without a model says how to make one."""
    error = run("evaluate", tmp_path, data).exception

    assert "fraudguard train" in str(error)


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_scores_are_written(data: Path, model: Path, tmp_path: Path, suffix: str) -> None:
    """Every transfer of the window is in the file, by its id."""
    out = tmp_path / f"scores.{suffix}"
    read: dict[str, Callable[[Path], pd.DataFrame]] = {
        "csv": pd.read_csv,
        "parquet": pd.read_parquet,
        "jsonl": lambda path: pd.read_json(path, lines=True),
    }

    result = run("score", model, data, "--out", out, "--from", "2026-02-01", "--until", "2026-02-02")
    scores = read[suffix](out).reset_index()

    assert result.exit_code == 0
    assert {"transfer_id", "score", "intervention", "tier"} <= set(scores)
    assert 40 < len(scores) < 100


def test_scores_replace_nothing_unasked(data: Path, model: Path, tmp_path: Path) -> None:
    """An existing file stands until it is asked to go."""
    out = tmp_path / "scores.csv"
    out.write_text("mine", encoding="utf-8")

    refused = run("score", model, data, "--out", out)
    kept = out.read_text(encoding="utf-8")
    asked = run("score", model, data, "--out", out, "--overwrite")

    assert isinstance(refused.exception, ConflictError)
    assert kept == "mine"
    assert asked.exit_code == 0
    assert "transfer_id" in out.read_text(encoding="utf-8")


def test_scores_never_replace_the_data(data: Path, model: Path) -> None:
    """Not even when asked."""
    result = run("score", model, data, "--out", data / "transfers.parquet", "--overwrite")

    assert isinstance(result.exception, DefinitionError)


def test_mapping_of_a_folder_is_refused(data: Path, model: Path, tmp_path: Path) -> None:
    """A mapping that would be ignored is refused."""
    result = run("score", model, data, "--map", tmp_path / "m.toml")

    assert isinstance(result.exception, DefinitionError)


@pytest.mark.parametrize("budget", ["0", "-1", "20000", "nan"])
def test_impossible_budget_is_a_usage_error(data: Path, model: Path, budget: str) -> None:
    """A budget is more than none and at most every transfer."""
    assert isinstance(run("evaluate", model, data, "--budget", budget).exception, DefinitionError)


def test_top_scores_come_with_reasons(data: Path, model: Path) -> None:
    """The highest are first, each with its reasons."""
    result = run("score", model, data, "--top", 3, "--explain")
    table = pd.read_csv(io.StringIO(result.stdout))

    assert table["score"].is_monotonic_decreasing
    assert table["reasons"].str.len().min() > 10


def test_bare_file_is_scored(model: Path, tmp_path: Path) -> None:
    """A file of transfers is scored without being imported first."""
    made = make_dataset()
    made.transfers.head(50).to_csv(tmp_path / "transfers.csv", index=False)

    table = pd.read_csv(io.StringIO(run("score", model, tmp_path / "transfers.csv").stdout))

    assert table["transfer_id"].tolist() == made.transfers["transfer_id"].head(50).tolist()


@pytest.mark.parametrize(("name", "error"), [("nothing.csv", NotFoundError), ("scores.xls", DefinitionError)])
def test_wrong_path_is_refused(data: Path, model: Path, tmp_path: Path, name: str, error: type[Exception]) -> None:
    """A file that is not there, and a format that is not written, are named."""
    paths = (tmp_path / name, "-") if error is NotFoundError else (data, tmp_path / name)

    assert isinstance(run("score", model, paths[0], "--out", paths[1]).exception, error)


def test_warning_is_said(tmp_path: Path) -> None:
    """Few frauds are said aloud on stderr."""
    few = make_dataset(fraud_share=0.008, seed=3)
    write_dataset(tmp_path / "few", transfers=few.transfers, findings=few.findings, meta=replace(few.meta, name="few"))
    output.verbosity = 0

    result = run("train", tmp_path / "few", "--out", tmp_path / "m")

    assert "偶然" in result.stderr
