"""The folder a model is shipped in: trees, manifest, policy and card.

The version is a hash of all that decides a score, so the same data, catalog,
spec and seed give the same version on any day. The moment of making stands in
the manifest beside it, outside the hash, and so does the file that the catalog
came from: a comment in it decides no score. Nothing is trusted before its hash
is checked.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fraudguard.errors import ArtifactError
from fraudguard.features.plan import FeaturePlan
from fraudguard.model.difference import name_difference
from fraudguard.wording import Bilingual

__all__ = [
    "CARD",
    "CARD_PAGE",
    "CATALOG_FILE",
    "FORMAT",
    "MANIFEST",
    "MODEL",
    "POLICY",
    "REFERENCE",
    "SCAM_TYPES",
    "Artifact",
    "digest_of",
    "load_artifact",
    "version_of",
]

FORMAT: Final = 3
MODEL: Final = "model.txt"
MANIFEST: Final = "manifest.json"
POLICY: Final = "policy.toml"
CARD: Final = "card.md"
CARD_PAGE: Final = "card.html"
SCAM_TYPES: Final = "scam_types.txt"
REFERENCE: Final = "reference.json"
_REQUIRED: Final = (MODEL, POLICY, CARD)
CATALOG_FILE: Final = "catalog_file"
_UNHASHED: Final = ("version", "created_at", CATALOG_FILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A model folder that has been checked.

    Parameters
    ----------
    folder : Path
        Where it is.
    manifest : Mapping
        The content of ``manifest.json``.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Name of the model in every decision."""
        return str(self.manifest["version"])

    @property
    def digest(self) -> str:
        """sha256 of the whole manifest, which holds the digest of every other file."""
        return digest_of(_canonical(self.manifest))

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the feature plan it was trained on."""
        return str(self.manifest["catalog"]["fingerprint"])

    def require_plan(self, plan: FeaturePlan) -> None:
        """Go on only if it was trained on this plan.

        Raises
        ------
        ArtifactError
            If it was trained on another; the features that differ are named, and the catalog that fits.
        """
        if self.fingerprint != plan.fingerprint:
            differ, own = name_difference(self.manifest["catalog"]["names"], plan.names), self._catalog_file()
            raise ArtifactError(
                f"{self.folder} was trained on features {self.fingerprint}, this catalog gives {plan.fingerprint}: "
                f"{differ.en}; pass the catalog the model was trained with{own.en}, or train again with this one",
                f"{self.folder} 训练所用特征为 {self.fingerprint}，当前目录为 {plan.fingerprint}：{differ.zh}；"
                f"请用 --catalog 给出训练所用的目录{own.zh}，或用当前目录重新训练",
            )

    def _catalog_file(self) -> Bilingual:
        file = self.manifest.get(CATALOG_FILE)
        if file is None:
            return Bilingual("（随包目录则不写）", " (--catalog FILE.py; none for the one that ships)")
        said = f"{file['name']}, sha256 {file['sha256'][:12]}…"
        return Bilingual(f"（{said}）", f" (--catalog {said})")

    def text(self, name: str) -> str:
        """Return one of its files."""
        return (self.folder / name).read_text("utf-8")


def version_of(content: Mapping[str, Any]) -> str:
    """Return the version of a manifest's content.

    Parameters
    ----------
    content : Mapping
        Plain values; ``version``, ``created_at`` and ``catalog_file`` are left out of the hash.

    Returns
    -------
    str
        ``m-`` and twelve hexadecimal digits.
    """
    hashed = {key: value for key, value in content.items() if key not in _UNHASHED}
    return f"m-{digest_of(_canonical(hashed))[:12]}"


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(
        dict(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def digest_of(content: bytes) -> str:
    """Return the sha256 of a file's content, in hexadecimal digits.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    str
        64 digits.
    """
    return hashlib.sha256(content).hexdigest()


def load_artifact(folder: Path) -> Artifact:
    """Return a model folder after checking every file in it.

    Parameters
    ----------
    folder : Path
        As `save_artifact` wrote it.

    Returns
    -------
    Artifact
        Checked.

    Raises
    ------
    ArtifactError
        If a file is missing, changed, or of another format; it names the file.
    """
    manifest = _manifest(folder)
    for name in sorted({*_REQUIRED, *manifest["files"]}):
        _require_unchanged(folder / name, manifest["files"].get(name))
    return Artifact(folder=folder, manifest=manifest)


def _require_unchanged(path: Path, digest: str | None) -> None:
    if not path.is_file():
        raise _damaged(path, "is missing", "缺失")
    if digest_of(path.read_bytes()) != digest:
        raise _damaged(path, "is not as it was saved (its sha256 differs)", "与保存时不同（sha256 不符）")


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise ArtifactError(
            f"no model at {folder}: {MANIFEST} is missing; make one with: fraudguard train DATA --out {folder}",
            f"{folder} 没有模型：缺少 {MANIFEST}；可用 fraudguard train DATA --out {folder} 训练",
        )
    try:
        manifest = json.loads(path.read_text("utf-8"))
        written_as, version = manifest["format"], manifest["version"]
        whole = isinstance(manifest["files"], dict) and version == version_of(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, f"cannot be read ({error})", f"无法读取（{error}）") from error
    if written_as != FORMAT:
        raise _damaged(
            path,
            f"has format {written_as}, this fraudguard reads {FORMAT}",
            f"格式为 {written_as}，本版本读取 {FORMAT}",
        )
    if not whole:
        raise _damaged(
            path, "is not as it was saved (its content does not give its version)", "与保存时不同（内容与版本号不符）"
        )
    return dict(manifest)


def _damaged(path: Path, en: str, zh: str) -> ArtifactError:
    return ArtifactError(
        f"{path} {en}; copy the model folder again, or train it again", f"{path} {zh}；请重新复制模型目录或重新训练"
    )
