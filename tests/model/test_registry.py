"""The registry of models: one history, and what it comes to."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import ArtifactError, ConflictError, DefinitionError, NotFoundError
from fraudguard.model.artifact import MODEL, Artifact, load_artifact
from fraudguard.model.promotion import Promoter
from fraudguard.model.registry import HISTORY, Action, Registry, Stage, is_registry, live_folder, shadow_folder
from tests.model.small import small_artifact

AT = "2026-01-05T02:00:00+00:00"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Give a registry of three candidates: a, b and c."""
    registry = Registry(tmp_path / "registry")
    for name in "abc":
        acting(registry).add(small_artifact(tmp_path / name, name).folder)
    return registry


def acting(registry: Registry, reason: str = "because") -> Promoter:
    """Return somebody who acts on a registry."""
    return Promoter(registry=registry, by="wang", at=AT, reason=reason)


def versions(registry: Registry) -> list[str]:
    """Return the versions, in the order of adding."""
    return list(registry.standing().stages)


def test_added_model_is_a_candidate(registry: Registry, tmp_path: Path) -> None:
    """A model is copied whole, checked, and stands as a candidate; a second time is refused."""
    first = versions(registry)[0]

    assert set(registry.standing().stages.values()) == {Stage.CANDIDATE}
    assert registry.model(first).text(MODEL) == load_artifact(tmp_path / "a").text(MODEL)
    with pytest.raises(ConflictError, match="already"):
        acting(registry).add(tmp_path / "a")


def test_promotion_retires_the_model_before(registry: Registry) -> None:
    """One model is live at a time; the folder to serve follows it."""
    a, b, _ = versions(registry)
    acting(registry).promote(a)
    acting(registry).promote(b)
    standing = registry.standing()

    assert (standing.champion, standing.stages[a], standing.stages[b]) == (b, Stage.RETIRED, Stage.CHAMPION)
    assert live_folder(registry.folder) == registry.path(b)


def test_rollback_goes_back_one_by_one(registry: Registry) -> None:
    """Each rollback makes the model before live again and withdraws the live one; at the first it stops."""
    a, b, c = versions(registry)
    for version in (a, b, c):
        acting(registry).promote(version)

    assert acting(registry).rollback().version == b
    assert acting(registry).rollback().version == a
    assert registry.standing().stages == {a: Stage.CHAMPION, b: Stage.WITHDRAWN, c: Stage.WITHDRAWN}
    with pytest.raises(ConflictError, match="no earlier"):
        acting(registry).rollback()


def test_rollback_needs_a_reason(registry: Registry) -> None:
    """Nobody withdraws a model without saying why."""
    with pytest.raises(DefinitionError, match="--reason"):
        acting(registry, reason=" ").rollback()


def test_one_model_runs_in_shadow(registry: Registry) -> None:
    """A new shadow ends the one before; promotion of the shadow ends its run."""
    a, b, c = versions(registry)
    acting(registry).promote(a)
    acting(registry).shadow(b)
    acting(registry).shadow(c)
    after_two = registry.standing()
    acting(registry).promote(c)

    assert (after_two.shadow, after_two.stages[b]) == (c, Stage.CANDIDATE)
    assert registry.standing().shadow is None
    assert shadow_folder(registry.folder) is None


def test_shadow_can_be_ended(registry: Registry) -> None:
    """The model goes back to the candidates; where none runs that is said."""
    _, b, _ = versions(registry)
    acting(registry).shadow(b)

    assert shadow_folder(registry.folder) == registry.path(b)
    assert acting(registry).end_shadow() == b
    with pytest.raises(ConflictError, match="shadow"):
        acting(registry).end_shadow()


def test_live_model_cannot_be_its_own_shadow(registry: Registry) -> None:
    """What is live already is neither promoted again nor run in shadow."""
    a, *_ = versions(registry)
    acting(registry).promote(a)

    for act in (acting(registry).promote, acting(registry).shadow):
        with pytest.raises(ConflictError, match="champion already"):
            act(a)


def test_a_version_may_be_shortened(registry: Registry) -> None:
    """The first letters do where they name one; otherwise the models there are named."""
    a, *_ = versions(registry)

    assert registry.full_version(a[:8]) == a
    for begins in ("m-", "x", ""):
        with pytest.raises(NotFoundError, match=a):
            registry.full_version(begins)


@pytest.mark.parametrize("change", ["edit", "drop", "reorder", "junk"])
def test_changed_history_is_refused(registry: Registry, change: str) -> None:
    """A line that was changed, taken out or moved is named."""
    path = registry.folder / HISTORY
    lines = path.read_text("utf-8").splitlines()
    changed = {
        "edit": [lines[0].replace("wang", "li"), *lines[1:]],
        "drop": lines[1:],
        "reorder": [lines[1], lines[0], lines[2]],
        "junk": [*lines, "{}"],
    }[change]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")

    with pytest.raises(ArtifactError, match=r"history.jsonl, line \d: not as it was written"):
        registry.history()


def test_history_says_who_and_why(registry: Registry) -> None:
    """Every act is kept with moment, name, action, version and reason."""
    a, *_ = versions(registry)
    acting(registry, reason="better on June").promote(a)
    last = registry.history()[-1]

    assert (last.at, last.by, last.action, last.version, last.reason) == (
        AT,
        "wang",
        Action.PROMOTE,
        a,
        "better on June",
    )
    assert json.loads((registry.folder / HISTORY).read_text("utf-8").splitlines()[0])["action"] == "add"


def test_damaged_model_is_not_promoted(registry: Registry) -> None:
    """A file changed in the registry is found before anything is written."""
    a, *_ = versions(registry)
    (registry.path(a) / MODEL).write_text("other", encoding="utf-8")
    before = registry.history()

    with pytest.raises(ArtifactError, match=MODEL):
        acting(registry).promote(a)
    assert registry.history() == before


def test_wrong_folders_are_refused(registry: Registry, tmp_path: Path) -> None:
    """A model folder, or a folder with other things, does not become a registry."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(DefinitionError, match="model folder"):
        acting(Registry(tmp_path / "a")).add(tmp_path / "b")
    with pytest.raises(ConflictError, match="other things"):
        acting(Registry(tmp_path / "other")).add(tmp_path / "b")
    with pytest.raises(DefinitionError, match="--by"):
        Promoter(registry=registry, by=" ", at=AT)


def test_a_model_folder_serves_itself(tmp_path: Path) -> None:
    """Where no registry is, the folder named is the model; an empty registry has none to serve."""
    artifact = small_artifact(tmp_path / "m", "m")
    acting(Registry(tmp_path / "r")).add(artifact.folder)

    assert live_folder(artifact.folder) == artifact.folder
    assert shadow_folder(artifact.folder) is None
    assert is_registry(tmp_path / "r")
    with pytest.raises(NotFoundError, match="no live model"):
        live_folder(tmp_path / "r")


@given(acts=st.lists(st.tuples(st.sampled_from(["promote", "shadow", "end_shadow", "rollback"]), st.integers(0, 2))))
def test_never_more_than_one_live_or_in_shadow(tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]) -> None:  # fmt: skip
    """Whatever is done in whatever order, at most one model is live, at most one in shadow, and none is lost."""
    folder = tmp_path_factory.mktemp("acts")
    registry = Registry(folder / "registry")
    added: list[Artifact] = [acting(registry).add(small_artifact(folder / name, name).folder) for name in "abc"]
    for name, place in acts:
        words = () if name in {"end_shadow", "rollback"} else (added[place].version,)
        try:
            getattr(acting(registry), name)(*words)
        except ConflictError:
            continue
    stages = list(registry.standing().stages.values())

    assert len(stages) == len(added)
    assert stages.count(Stage.CHAMPION) <= 1
    assert stages.count(Stage.SHADOW) <= 1
    assert (registry.standing().champion is None) == (Stage.CHAMPION not in stages)
