"""Which model is live, which one runs in shadow, since when, by whom and why.

A registry is a folder: ``models/<version>/`` are model folders, and
``history.jsonl`` holds one line an act, each with the digest of the line
before it. What stands now is folded from the history; nothing else is kept,
so nothing can disagree with it. `fraudguard.model.promotion` writes it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from fraudguard.errors import ArtifactError, NotFoundError
from fraudguard.model.artifact import Artifact, load_artifact

__all__ = [
    "HISTORY",
    "Act",
    "Action",
    "Registry",
    "Stage",
    "Standing",
    "digest_of_line",
    "is_registry",
    "live_folder",
    "shadow_folder",
]

HISTORY: Final = "history.jsonl"
_MODELS: Final = "models"


class Action(StrEnum):
    """What was done."""

    ADD = "add"
    PROMOTE = "promote"
    SHADOW = "shadow"
    END_SHADOW = "end_shadow"
    ROLLBACK = "rollback"


class Stage(StrEnum):
    """What a model is for at present."""

    CANDIDATE = "candidate"
    SHADOW = "shadow"
    CHAMPION = "champion"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the history.

    Parameters
    ----------
    at : str
        Moment, ISO 8601.
    by : str
        Who did it.
    action : Action
        What.
    version : str
        With which model; after a rollback, the one that is live again.
    reason : str
        Why.
    """

    at: str
    by: str
    action: Action
    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a history comes to.

    Parameters
    ----------
    stages : dict of str to Stage
        By version, in the order of adding.
    since : dict of str to str
        When each came to its stage.
    champions : tuple of str
        Live models, the present one last; a rollback takes the last away.
    """

    stages: dict[str, Stage]
    since: dict[str, str]
    champions: tuple[str, ...]

    @property
    def champion(self) -> str | None:
        """The live model."""
        return self.champions[-1] if self.champions else None

    @property
    def shadow(self) -> str | None:
        """The model that is scored beside the live one."""
        return next((version for version, stage in self.stages.items() if stage is Stage.SHADOW), None)


class Registry:
    """A folder of models with their history.

    Parameters
    ----------
    folder : Path
        Where it is, or will be with the first model.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def history(self) -> tuple[Act, ...]:
        """Return every act, earliest first.

        Raises
        ------
        ArtifactError
            If a line was changed, taken out or put in.
        """
        return tuple(act for act, _ in self.lines())

    def standing(self) -> Standing:
        """Return what each model is for at present."""
        return _folded(self.history())

    def model(self, version: str) -> Artifact:
        """Return a model of the registry, checked; the first letters of its version do, if no other begins with them.

        Raises
        ------
        NotFoundError
            If there is none, or several begin so.
        ArtifactError
            If its folder is damaged.
        """
        return load_artifact(self.path(self.full_version(version)))

    def path(self, version: str) -> Path:
        """Return where a model is kept."""
        return self.folder / _MODELS / version

    def full_version(self, begins: str) -> str:
        """Return the one version that begins so.

        Raises
        ------
        NotFoundError
            If there is none, or several.
        """
        known = list(self.standing().stages)
        found = [version for version in known if version == begins] or [v for v in known if v.startswith(begins)]
        if len(found) != 1 or not begins:
            there = ", ".join(known) or "-"
            raise NotFoundError(
                f"{self.folder} has {len(found) or 'no'} model {begins!r}; there are: {there}",
                f"{self.folder} 中有 {len(found)} 个模型以 {begins!r} 开头；现有：{there}",
            )
        return found[0]

    def lines(self) -> Iterator[tuple[Act, str]]:
        """Yield every act with its line, earliest first.

        Raises
        ------
        ArtifactError
            If a line was changed, taken out or put in.
        """
        path, before = self.folder / HISTORY, ""
        for number, line in enumerate(path.read_text("utf-8").splitlines() if path.is_file() else (), start=1):
            yield _parsed(line, before, place=(path, number)), line
            before = line


def is_registry(folder: Path) -> bool:
    """Return whether a folder is a registry of models."""
    return (folder / HISTORY).is_file()


def live_folder(folder: Path) -> Path:
    """Return the model folder to serve: the folder itself, or the live model of a registry.

    Parameters
    ----------
    folder : Path
        A model folder or a registry.

    Returns
    -------
    Path
        Not yet checked.

    Raises
    ------
    NotFoundError
        If the registry has no live model.
    """
    if not is_registry(folder):
        return folder
    registry = Registry(folder)
    champion = registry.standing().champion
    if champion is None:
        raise NotFoundError(
            f"registry {folder} has no live model; make one: fraudguard model promote {folder} VERSION",
            f"模型库 {folder} 没有运行中的模型；请先 fraudguard model promote {folder} VERSION",
        )
    return registry.path(champion)


def shadow_folder(folder: Path) -> Path | None:
    """Return the model folder to score in shadow, if `folder` is a registry that names one."""
    if not is_registry(folder):
        return None
    registry = Registry(folder)
    shadow = registry.standing().shadow
    return None if shadow is None else registry.path(shadow)


def digest_of_line(line: str) -> str:
    """Return what the next line of a history says of this one; of the empty text before the first."""
    return hashlib.sha256(line.encode()).hexdigest()


def _folded(history: tuple[Act, ...]) -> Standing:
    stages: dict[str, Stage] = {}
    since: dict[str, str] = {}
    champions: list[str] = []
    for act in history:
        becomes, (held, then) = _BECOMES[act.action]
        changed = {version: then for version, stage in stages.items() if stage is held} | {act.version: becomes}
        stages |= changed
        since |= dict.fromkeys(changed, act.at)
        if act.action is Action.PROMOTE:
            champions.append(act.version)
        elif act.action is Action.ROLLBACK:
            champions.pop()
    return Standing(stages=stages, since=since, champions=tuple(champions))


# What the model of an act becomes, and what becomes of the one that held the place until then.
_BECOMES: Final[dict[Action, tuple[Stage, tuple[Stage | None, Stage]]]] = {
    Action.ADD: (Stage.CANDIDATE, (None, Stage.CANDIDATE)),
    Action.SHADOW: (Stage.SHADOW, (Stage.SHADOW, Stage.CANDIDATE)),
    Action.END_SHADOW: (Stage.CANDIDATE, (Stage.SHADOW, Stage.CANDIDATE)),
    Action.PROMOTE: (Stage.CHAMPION, (Stage.CHAMPION, Stage.RETIRED)),
    Action.ROLLBACK: (Stage.CHAMPION, (Stage.CHAMPION, Stage.WITHDRAWN)),
}


def _parsed(line: str, before: str, *, place: tuple[Path, int]) -> Act:
    try:
        said = json.loads(line)
        if said.pop("before") == digest_of_line(before):
            return Act(**{**said, "action": Action(said["action"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _changed(*place) from error
    raise _changed(*place)


def _changed(path: Path, number: int) -> ArtifactError:
    return ArtifactError(
        f"{path}, line {number}: not as it was written; take the file from a backup",
        f"{path} 第 {number} 行与写入时不同；请从备份恢复",
    )
