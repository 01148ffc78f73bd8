"""Where the house's own files are."""

import ast
from pathlib import Path
from typing import Final

import fraudguard

__all__ = ["COMPILED", "MODULES", "PACKAGE", "ROOT", "TEXTS", "listed_names", "shown"]

PACKAGE: Final = Path(fraudguard.__file__).parent
ROOT: Final = PACKAGE.parent
MODULES: Final = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
_INLINED: Final = {"codes", "machine"}
COMPILED: Final = tuple(
    f"fraudguard.{folder}.{path.stem}"
    for folder in ("features", "model")
    for path in sorted((PACKAGE / folder).glob("*.pxd"))
    if path.stem not in _INLINED
)
"""The kernel and the trees: every module with a ``.pxd``, but for those that C has as constants and inline functions."""

_FOLDERS: Final = (
    "fraudguard",
    "tests",
    "docs",
    "scripts",
    "benchmarks",
    "notebooks",
    "data/mappings",
    "deploy",
    ".ci",
)
_BUILT: Final = {".git", "_build", "__pycache__", "vendor", "out"}
_WRITTEN: Final = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".sh",
    ".html",
    ".css",
    ".po",
    ".txt",
    ".ipynb",
    ".ini",
    ".mako",
    "",
}
TEXTS: Final = sorted(
    path
    for path in (*ROOT.glob("*"), *(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*")))
    if path.is_file()
    and path.suffix in _WRITTEN
    and not _BUILT & set(path.parts)
    and not path.name.startswith(".coverage")
)
"""Every text a person wrote, without asking git: a checkout may come without it."""


def shown(path: Path) -> str:
    """Return a path as a test names it."""
    return str(path.relative_to(ROOT))


def listed_names(path: Path) -> list[str] | None:
    """Return a module's ``__all__``, None when it has none."""
    for node in ast.parse(path.read_text("utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__" and isinstance(node, ast.Assign | ast.AnnAssign):
            return list(ast.literal_eval(node.value)) if node.value else None
    return None
