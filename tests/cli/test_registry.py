"""The commands of the registry: every act asked for by name, every refusal with its code."""

import json
from pathlib import Path

import pytest

from fraudguard.errors import ArtifactError, DefinitionError, NotFoundError
from fraudguard.model.artifact import load_artifact
from tests.cli.runner import invoke
from tests.model.small import small_artifact


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Give a registry with two models added from the command line."""
    for name in "ab":
        small_artifact(tmp_path / name, name)
        invoke("model", "add", tmp_path / "registry", tmp_path / name, "--by", "wang", "--reason", f"try {name}")
    return tmp_path / "registry"


def version(registry: Path, name: str) -> str:
    """Return the version of a model made for the registry."""
    return load_artifact(registry.parent / name).version


def test_list_shows_stage_and_measures(registry: Path) -> None:
    """One row a model: stage in the reader's language, data, measures, signer; --json has the same."""
    zh, en = invoke("--lang", "zh", "model", "list", registry), invoke("--lang", "en", "model", "list", registry)
    rows = json.loads(invoke("model", "list", registry, "--json").stdout)

    assert zh.stdout.splitlines()[1].split("\t")[:2] == [version(registry, "a"), "候选"]
    assert en.stdout.splitlines()[1].split("\t")[1:] == ["candidate", en.stdout.splitlines()[1].split("\t")[2], "a", "0.4", "0.5", "–"]  # fmt: skip
    assert [row["stage"] for row in rows] == ["candidate", "candidate"]
    assert rows[0]["recall"] == 0.5


def test_promote_compares_before_it_acts(registry: Path) -> None:
    """The first becomes live; for the second both stand side by side, and the history names who and why."""
    a, b = version(registry, "a"), version(registry, "b")
    first = invoke("model", "promote", registry, a, "--yes", "--by", "wang", "--reason", "first")
    second = invoke("--lang", "en", "model", "promote", registry, b, "--yes", "--by", "li", "--reason", "better")
    history = json.loads(invoke("model", "history", registry, "--json").stdout)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert second.stdout.splitlines()[0].split("\t") == ["", a, b]
    assert "is live; restart the service" in second.stderr
    assert [(act["action"], act["by"], act["reason"]) for act in history[2:]] == [
        ("promote", "wang", "first"),
        ("promote", "li", "better"),
    ]
    assert "better" in invoke("model", "history", registry).stdout


def test_nobody_to_ask_means_no_promotion(registry: Path) -> None:
    """Without a terminal and without --yes nothing is done."""
    done = invoke("model", "promote", registry, version(registry, "a"))

    assert isinstance(done.exception, DefinitionError)
    assert "--yes" in str(done.exception)
    assert {row["stage"] for row in json.loads(invoke("model", "list", registry, "--json").stdout)} == {"candidate"}


def test_shadow_begins_and_ends(registry: Path) -> None:
    """A shadow run needs no question, since it acts on nothing."""
    b = version(registry, "b")
    begun = invoke("--lang", "en", "model", "promote", registry, b, "--shadow")
    ended = invoke("--lang", "en", "model", "end-shadow", registry)

    assert f"{b} runs in shadow" in begun.stderr
    assert f"shadow run of {b} has ended" in ended.stderr


def test_rollback_returns_to_the_model_before(registry: Path) -> None:
    """The reason is required; the model before is live again."""
    a, b = version(registry, "a"), version(registry, "b")
    for one in (a, b):
        invoke("model", "promote", registry, one, "--yes")
    done = invoke("--lang", "en", "model", "rollback", registry, "--reason", "too many alerts", "--yes")

    assert f"{b} is withdrawn, {a} is live again" in done.stderr
    assert invoke("model", "rollback", registry, "--yes").exit_code == 2
    assert invoke("model", "show", registry).stdout.startswith(a)


def test_show_prints_card_or_manifest(registry: Path) -> None:
    """The card of a version, or of a model folder; the manifest with --json."""
    a = version(registry, "a")

    assert "# a" in invoke("model", "show", registry, a).stdout
    assert "# a" in invoke("model", "show", registry.parent / "a").stdout
    assert json.loads(invoke("model", "show", registry, a, "--json").stdout)["version"] == a


def test_different_features_are_said(registry: Path) -> None:
    """A model on other features needs its catalog at the service: said before it is promoted."""
    other = small_artifact(registry.parent / "c", "c", catalog={"fingerprint": "f-2", "names": ["x"]})
    invoke("model", "add", registry, other.folder)
    invoke("model", "promote", registry, version(registry, "a"), "--yes")

    assert "--catalog" in invoke("--lang", "en", "model", "promote", registry, other.version, "--yes").stderr


def test_signing_from_key_to_promotion(registry: Path) -> None:
    """A pair of keys, a signature, a check, a promotion that asks for it; without it none."""
    home = registry.parent
    made = invoke("model", "keygen", home / "wang")
    folder = home / "registry" / "models" / version(registry, "a")
    signed = invoke("--lang", "en", "model", "sign", folder, "--key", home / "wang", "--by", "wang")
    checked = invoke("--lang", "en", "model", "verify", folder, "--keys", home / "wang.pub")
    keys = ("--yes", "--keys", home / "wang.pub")

    assert made.stdout.strip() in signed.stderr
    assert "signed by wang" in checked.stderr
    assert invoke("model", "promote", registry, version(registry, "a"), *keys).exit_code == 0
    assert isinstance(invoke("model", "promote", registry, version(registry, "b"), *keys).exception, ArtifactError)
    assert "wang" in invoke("model", "list", registry).stdout


def test_no_registry_is_said_with_the_mend(tmp_path: Path) -> None:
    """A folder without a history is named with the command that begins one."""
    for words in (("list",), ("history",), ("promote", "m-1"), ("rollback", "--reason", "x"), ("end-shadow",)):
        done = invoke("model", words[0], tmp_path, *words[1:])
        assert isinstance(done.exception, NotFoundError)
        assert "model add" in str(done.exception)
