"""The programs that check the examples, and what the code says of the names in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from fraudguard.serve.settings import SECRETS, Settings
from tests.house.tree import ROOT

__all__ = ["DEPLOY", "VARIABLES", "documents_of", "run", "served_paths", "tool", "variables_in"]

DEPLOY: Final = ROOT / "deploy"
VARIABLES: Final = frozenset(
    {f"FRAUDGUARD_{name.upper()}" for name in Settings.model_fields}
    | {f"FRAUDGUARD_{name.upper()}_FILE" for name in SECRETS}
)
"""Every variable that the service reads."""

_ELSEWHERE: Final = ("/usr/sbin", str(Path(sys.executable).parent))


def tool(name: str) -> str:
    """Return where a program is, or skip; in CI it must be there."""
    folders = os.pathsep.join([os.defpath, *_ELSEWHERE])
    found = shutil.which(name, path=folders)
    if found is None and os.environ.get("CI") == "true":  # noqa: TID251  # a switch of the tests
        pytest.fail(f"CI checks the examples: {name} is missing, see scripts/system-packages.sh")
    if found is None:
        pytest.skip(f"{name} is not installed: scripts/system-packages.sh deploy")
    return found


def run(*command: str | Path) -> str:
    """Return what a program says on both streams; the test fails with it when the program does."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  # our own words
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def documents_of(path: Path) -> list[dict[str, Any]]:
    """Return the documents of a YAML file."""
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def variables_in(text: str) -> set[str]:
    """Return the settings that a text names."""
    return set(re.findall(r"FRAUDGUARD_[A-Z_]+", text))


def served_paths(document: dict[str, Any]) -> set[str]:
    """Return the paths that the service answers: those of its document, the document and the pages."""
    return {*document["paths"], "/openapi.json", "/console", "/console/alerts"}
