"""The shape of every module: short, with its public names listed, in the house's words."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tests.house.tree import MODULES, ROOT, listed_names, shown

MAX_LINES: Final = 400
BANNED: Final = re.compile(
    r"(^|_)(txn|trx|tx|cust|acct|amt|info|util|utils|helper|helpers|manager|misc|common|core|base|handler|processor"
    r"|process|handle)($|_)"
)
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=shown)
def test_module_is_short(path: Path) -> None:
    """A module that outgrows the limit holds two ideas."""
    lines = path.read_text("utf-8").splitlines()

    assert len(lines) <= MAX_LINES


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_public_names_are_listed(path: Path) -> None:
    """`__all__` is there, sorted, and names every public class and undecorated function."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = {
        n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and not n.decorator_list
    }
    classes = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
    public = {name for name in functions | classes if not name.startswith("_")}
    listed = listed_names(path)
    only_docstring = len(tree.body) <= 1

    assert only_docstring or (listed is not None and sorted(set(listed)) == sorted(listed) and public <= set(listed))


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_words_come_from_the_glossary(path: Path) -> None:
    """No name of a module, class or function is built from a word the glossary bans."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    names = {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)}

    assert sorted(name for name in {*names, path.stem} if BANNED.search(_words(name))) == []
