"""A catalog of one's own on the command line, and the dictionary of features."""

import hashlib
import json
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd
import pytest
from typer.testing import Result

from fraudguard.errors import ArtifactError, DefinitionError, FraudguardError, NotFoundError, NotReadyError
from fraudguard.features import CATALOG, compile_plan, load_catalog
from fraudguard.serve.run import build_app
from fraudguard.tables import write_dataset
from tests.cli.runner import invoke
from tests.fakes import FakeClock
from tests.model.conftest import make_dataset
from tests.serve.fakes import make_settings, open_store

OWN: Final = """\
from fraudguard.features import CATALOG, Catalog, Expression, field
from fraudguard.wording import Bilingual

AMOUNT = Expression(
    name="own_amount_log10",
    value=field("amount_fen").log10(),
    unit="",
    title=Bilingual("金额的对数", "Logarithm of the amount"),
    why=Bilingual("试", "A try."),
)
CATALOG = Catalog((*CATALOG.items[:1], AMOUNT))
"""


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the switch of the tests: it is no setting of the service."""
    monkeypatch.delenv("FRAUDGUARD_PURE_KERNEL", raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a catalog, a dataset, and a model trained with both."""
    made, place = make_dataset(), tmp_path_factory.mktemp("own")
    (place / "own.py").write_text(OWN, encoding="utf-8")
    write_dataset(place / "data", transfers=made.transfers, findings=made.findings, meta=replace(made.meta, name="own"))
    result = run("train", place / "data", "--out", place / "model", "--catalog", place / "own.py")
    assert result.exit_code == 0, result.output
    return place


def run(*words: object) -> Result:
    """Run a command, quietly; an error that it raises on purpose is raised."""
    result = invoke("-q", *words)
    if isinstance(result.exception, FraudguardError):
        raise result.exception
    return result


def test_the_manifest_names_the_file(folder: Path) -> None:
    """A model trained with a catalog of one's own says which file it was, beside the fingerprint."""
    manifest = json.loads((folder / "model" / "manifest.json").read_text("utf-8"))

    digest = hashlib.sha256((folder / "own.py").read_bytes()).hexdigest()
    assert manifest["catalog_file"] == {"name": "own.py", "sha256": digest}
    assert manifest["catalog"]["fingerprint"] == compile_plan(load_catalog(folder / "own.py")).fingerprint


def test_a_comment_makes_no_other_model(folder: Path, tmp_path: Path) -> None:
    """Two files that define the same give models of the same version; each names its own file."""
    other = tmp_path / "other.py"
    other.write_text(OWN + "# the same\n", encoding="utf-8")
    run("train", folder / "data", "--out", tmp_path / "model", "--catalog", other)

    first, second = (
        json.loads((place / "manifest.json").read_text()) for place in (folder / "model", tmp_path / "model")
    )

    assert first["version"] == second["version"]
    assert second["catalog_file"]["name"] == "other.py"


@pytest.mark.parametrize("command", ["evaluate", "score"])
def test_a_model_wants_the_catalog_it_was_trained_with(folder: Path, command: str) -> None:
    """With its catalog a model works; without, both fingerprints, what differs and the file are named."""
    model, data = folder / "model", folder / "data"
    done = run(command, model, data, "--catalog", folder / "own.py")
    with pytest.raises(ArtifactError) as caught:
        run(command, model, data)

    trained, shipped = (compile_plan(one) for one in (load_catalog(folder / "own.py"), CATALOG))
    assert done.exit_code == 0
    assert trained.fingerprint in caught.value.en
    assert shipped.fingerprint in caught.value.en
    assert "the model also has own_amount_log10, the catalog also has payer_out_" in caught.value.en
    assert "--catalog own.py, sha256" in caught.value.en
    assert "own.py" in caught.value.zh


def test_replay_computes_the_features_of_a_file(folder: Path, tmp_path: Path) -> None:
    """`replay --catalog` writes the columns that the file defines."""
    run("replay", folder / "data", tmp_path / "f.parquet", "--catalog", folder / "own.py")

    written = pd.read_parquet(tmp_path / "f.parquet").columns
    assert tuple(written) == ("transfer_id", *compile_plan(load_catalog(folder / "own.py")).names)


@pytest.mark.parametrize("command", ["train", "replay"])
def test_a_broken_file_is_told_before_any_work(tmp_path: Path, command: str) -> None:
    """A catalog that cannot be run is refused before the data are read, and nothing is written."""
    (tmp_path / "own.py").write_text("CATALOG = (\n", encoding="utf-8")
    out = ["--out", tmp_path / "m"] if command == "train" else [tmp_path / "f.parquet"]

    with pytest.raises(DefinitionError, match="line 1"):
        run(command, tmp_path / "no-data", *out, "--catalog", tmp_path / "own.py")

    assert [path.name for path in tmp_path.iterdir()] == ["own.py"]


def test_the_service_serves_the_catalog_of_its_settings(folder: Path, tmp_path: Path, clock: FakeClock) -> None:
    """A service whose settings name the model's catalog starts; without it the model is refused."""
    settings = make_settings(tmp_path, model=folder / "model", catalog=folder / "own.py")
    store = open_store(settings)
    built = build_app(settings, store=store, clock=clock)
    with pytest.raises(ArtifactError, match=r"--catalog own\.py"):
        build_app(make_settings(tmp_path, model=folder / "model"), store=store, clock=clock)
    store.close()

    assert built.state.parts.plan.fingerprint == compile_plan(load_catalog(folder / "own.py")).fingerprint


def test_parity_wants_the_catalog_of_the_model(folder: Path, tmp_path: Path) -> None:
    """`parity --model` refuses a catalog that is not the model's before it opens the database."""
    with pytest.raises(ArtifactError, match=r"--catalog own\.py"):
        run("parity", "--model", folder / "model", "--database", f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(NotReadyError, match="there is no database"):
        run(
            "parity",
            "-m",
            folder / "model",
            "--catalog",
            folder / "own.py",
            "--database",
            f"sqlite:///{tmp_path}/none.db",
        )


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dictionary_fits_a_terminal(lang: str) -> None:
    """Every feature is there by name, in the language chosen, in at most 80 columns."""
    lines = run("--lang", lang, "features").stdout.splitlines()
    columns = compile_plan(CATALOG).columns

    assert [line.split(" ")[0] for line in lines if line and line[0] != " "] == [column.name for column in columns]
    assert max(map(_width, lines)) <= 80
    assert columns[0].title.text(lang) in "\n".join(lines)


def test_the_dictionary_is_one_object_for_machines(folder: Path) -> None:
    """With --json the features of a file are one object, with both languages and the fingerprint."""
    told = json.loads(run("features", "--catalog", folder / "own.py", "--json", "--search", "LOGARITHM").stdout)

    assert told["fingerprint"] == compile_plan(load_catalog(folder / "own.py")).fingerprint
    assert told["features"] == [
        {
            "name": "own_amount_log10",
            "unit": "",
            "group": "own_amount_log10",
            "title": {"zh": "金额的对数", "en": "Logarithm of the amount"},
            "why": {"zh": "试", "en": "A try."},
            "own_normal": None,
        }
    ]


def test_a_group_is_one_thing_over_all_windows() -> None:
    """`--group` picks the features that differ in their window only, with the payer's own normal where there is one."""
    columns = compile_plan(CATALOG).columns
    own = next(column for column in columns if column.own_normal)
    told = json.loads(run("features", "--json", "--group", own.group).stdout)["features"]

    assert [one["name"] for one in told] == [column.name for column in columns if column.group == own.group]
    assert told[0]["own_normal"] == {"name": own.own_normal[0], "factor": own.own_normal[1]} if own.own_normal else None


@pytest.mark.parametrize("words", [("--group", "amount_fe"), ("--search", "nothing says this")])
def test_nothing_found_says_what_may_be_meant(words: tuple[str, str]) -> None:
    """A group or word without a feature is an error, with the nearest group where one is near."""
    with pytest.raises(NotFoundError, match="no feature") as caught:
        run("features", *words)

    assert ("amount_fen" in caught.value.en) == (words[0] == "--group")
