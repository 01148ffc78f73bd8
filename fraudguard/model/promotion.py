"""Acts on a registry of models: add, promote, run in shadow, roll back; each is one line of its history."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from fraudguard.errors import ConflictError, DefinitionError
from fraudguard.model.artifact import MANIFEST, Artifact, load_artifact
from fraudguard.model.registry import HISTORY, Act, Action, Registry, Stage, digest_of_line, is_registry
from fraudguard.tables.folder import whole_file, whole_folder

__all__ = ["Promoter"]

_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoter:
    """One person who acts on a registry at one moment.

    Parameters
    ----------
    registry : Registry
        The folder of models; made with the first one.
    by : str
        Who acts.
    at : str
        Moment, ISO 8601.
    reason : str
        Why.

    Raises
    ------
    DefinitionError
        If nobody is named.
    """

    registry: Registry
    by: str
    at: str
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise DefinitionError("say who acts: --by NAME", "请用 --by 写明操作人")

    def add(self, model: Path) -> Artifact:
        """Copy a model folder into the registry as a candidate.

        Raises
        ------
        ArtifactError
            If the folder is damaged.
        ConflictError
            If the registry has this model.
        """
        artifact = load_artifact(model)
        with self._writing():
            if artifact.version in self.registry.standing().stages:
                raise ConflictError(
                    f"{artifact.version} is in {self.registry.folder} already",
                    f"{self.registry.folder} 中已有 {artifact.version}",
                )
            place = self.registry.path(artifact.version)
            with whole_folder(place) as folder:
                shutil.copytree(model, folder, dirs_exist_ok=True)
            added = load_artifact(place)  # what is there now, not what was read before
            self._append(Action.ADD, added.version)
        return added

    def promote(self, version: str) -> Artifact:
        """Make a model the live one; the one before it is kept to go back to.

        Raises
        ------
        NotFoundError
            If there is no such model.
        ConflictError
            If it is live already.
        ArtifactError
            If its folder is damaged.
        """
        return self._act(Action.PROMOTE, version, refused={Stage.CHAMPION})

    def shadow(self, version: str) -> Artifact:
        """Let a model be scored beside the live one, without acting; the shadow before it ends.

        Raises
        ------
        NotFoundError
            If there is no such model.
        ConflictError
            If it is live, or runs in shadow already.
        ArtifactError
            If its folder is damaged.
        """
        return self._act(Action.SHADOW, version, refused={Stage.CHAMPION, Stage.SHADOW})

    def end_shadow(self) -> str:
        """End the shadow run and return which model it was.

        Raises
        ------
        ConflictError
            If none runs in shadow.
        """
        with self._writing():
            version = self.registry.standing().shadow
            if version is None:
                raise ConflictError("no model runs in shadow", "没有影子运行的模型")
            self._append(Action.END_SHADOW, version)
        return version

    def rollback(self) -> Artifact:
        """Make the model before the live one live again; the live one is withdrawn.

        Raises
        ------
        DefinitionError
            If no reason is given.
        ConflictError
            If there is no earlier one.
        ArtifactError
            If its folder is damaged.
        """
        if not self.reason.strip():
            raise DefinitionError("a rollback needs a reason; give --reason", "回滚须说明原因；请给出 --reason")
        with self._writing():
            earlier = self.registry.standing().champions[:-1]
            if not earlier:
                raise ConflictError("no earlier live model to go back to", "没有可回滚的先前模型")
            artifact = load_artifact(self.registry.path(earlier[-1]))
            self._append(Action.ROLLBACK, earlier[-1])
        return artifact

    def _act(self, action: Action, version: str, *, refused: set[Stage]) -> Artifact:
        with self._writing():
            artifact = self.registry.model(version)
            stage = self.registry.standing().stages[artifact.version]
            if stage in refused:
                raise ConflictError(
                    f"{artifact.version} is {stage.value} already", f"{artifact.version} 已是 {stage.value}"
                )
            self._append(action, artifact.version)
        return artifact

    def _append(self, action: Action, version: str) -> None:
        act = Act(at=self.at, by=self.by, action=action, version=version, reason=self.reason)
        lines = [line for _, line in self.registry.lines()]
        before = digest_of_line(lines[-1] if lines else "")
        lines.append(json.dumps({**asdict(act), "before": before}, ensure_ascii=False))
        with whole_file(self.registry.folder / HISTORY) as path:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        folder = self.registry.folder
        _require_place(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _require_place(folder: Path) -> None:
    if (folder / MANIFEST).is_file():
        raise DefinitionError(
            f"{folder} is a model folder, not a registry; name another folder",
            f"{folder} 是模型文件夹，不是模型库；请另给文件夹",
        )
    if folder.is_dir() and not is_registry(folder) and any(path.name != _LOCK for path in folder.iterdir()):
        raise ConflictError(
            f"{folder} holds other things and is no registry; name another folder",
            f"{folder} 中有其他内容，不是模型库；请另给文件夹",
        )
