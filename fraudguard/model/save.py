"""Write a model folder, whole or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fraudguard.model.artifact import FORMAT, MANIFEST, Artifact, digest_of, version_of
from fraudguard.tables.folder import claim, whole_folder

__all__ = ["save_artifact"]


def save_artifact(
    out: Path, files: Mapping[str, str], content: Mapping[str, Any], *, created_at: str, overwrite: bool = False
) -> Artifact:
    """Write a model folder, whole or not at all.

    Parameters
    ----------
    out : Path
        Folder to make.
    files : mapping of str to str
        Name and text of every file but the manifest.
    content : Mapping
        Plain values of the manifest.
    created_at : str
        When it was made; not part of the version.
    overwrite : bool
        Whether an artifact at `out` may be replaced.

    Returns
    -------
    Artifact
        What was written.

    Raises
    ------
    ConflictError
        If `out` exists and may not be replaced.
    """
    claim(out, overwrite=overwrite, marker=MANIFEST)
    digests = {name: digest_of(text.encode()) for name, text in sorted(files.items())}
    manifest = {**content, "format": FORMAT, "files": digests}
    manifest = {"version": version_of(manifest), "created_at": created_at, **manifest}
    texts = {**files, MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1, allow_nan=False) + "\n"}
    with whole_folder(out) as folder:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return Artifact(folder=out, manifest=manifest)
