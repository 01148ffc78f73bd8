"""A catalog of one's own: a Python file that defines CATALOG."""

import hashlib
from pathlib import Path
from typing import Final

import pytest

from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.features import CATALOG, compile_plan, load_catalog
from fraudguard.features.catalog_file import chosen_catalog, read_catalog_file

OWN: Final = """\
from fraudguard.features import CATALOG, Expression, field
from fraudguard.wording import Bilingual

LARGE = Expression(
    name="own_amount_log10",
    value=field("amount_fen").log10(),
    unit="",
    title=Bilingual("金额的对数", "Logarithm of the amount"),
    why=Bilingual("试", "A try."),
)
"""


def _written(folder: Path, text: str | bytes, name: str = "own.py") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_gives_its_catalog(tmp_path: Path) -> None:
    """What the file calls CATALOG is the catalog, and another run of it has the same fingerprint."""
    path = _written(tmp_path, OWN + "CATALOG = CATALOG.extended(LARGE)\n")

    first, second = compile_plan(load_catalog(path)), compile_plan(load_catalog(path))

    assert first.names == (*compile_plan(CATALOG).names, "own_amount_log10")
    assert first.fingerprint == second.fingerprint != compile_plan(CATALOG).fingerprint


def test_the_hash_is_of_what_was_run(tmp_path: Path) -> None:
    """A file is known by its name and the hash of its bytes, wherever it lies."""
    path = _written(tmp_path, OWN + "CATALOG = CATALOG.extended(LARGE)\n")

    file = read_catalog_file(path)

    assert (file.name, file.sha256) == ("own.py", hashlib.sha256(path.read_bytes()).hexdigest())


def test_no_file_named_is_the_catalog_that_ships(tmp_path: Path) -> None:
    """Without a file there is the shipped catalog, with one there is the file's."""
    path = _written(tmp_path, OWN + "CATALOG = CATALOG.extended(LARGE)\n")

    assert chosen_catalog(None) is CATALOG
    assert len(chosen_catalog(path).items) == len(CATALOG.items) + 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\nCATALOG = (\n", "own.py, line 2: this is not Python: '\\(' was never closed"),
        (b"CATALOG = '\xff'\n", "own.py.*this is not Python"),
        (b"CATALOG = 1\0\n", "own.py.*this is not Python.*null bytes"),
        ("import math\n\nmath.sqrt(-1)\n", "own.py, line 3: ValueError: math domain error"),
        ("def broken():\n    raise KeyError('x')\n\n\nbroken()\n", "own.py, line 2: KeyError"),
        ("import nowhere_at_all\n", "own.py, line 1: ModuleNotFoundError"),
        ("raise SystemExit(0)\n", "own.py, line 1: SystemExit"),
        (
            "from fraudguard.features import field\nfield('colour')\n",
            "line 2: DefinitionError: no numeric field 'colour'",
        ),
        ("x = 1\n", "own.py: CATALOG is not in it; end the file with CATALOG = Catalog"),
        (
            OWN + "MINE = CATALOG.extended(LARGE)\ndel CATALOG\n",
            "CATALOG is not in it; end the file with CATALOG = MINE",
        ),
        (OWN + "MINE = CATALOG.extended(LARGE)\n", "that ships, unchanged; end the file with CATALOG = MINE"),
        (OWN + "CATALOG = (LARGE,)\n", "CATALOG is a tuple, not a Catalog"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(tmp_path: Path, text: str | bytes, says: str) -> None:
    """The file, the line where there is one, what is wrong, and the mend stand in the message."""
    with pytest.raises(DefinitionError, match=says):
        load_catalog(_written(tmp_path, text))


def test_the_message_is_in_both_languages(tmp_path: Path) -> None:
    """An error of ours that came up in the file keeps its Chinese words, and the line is said in Chinese."""
    path = _written(tmp_path, "from fraudguard.features import field\nfield('colour')\n")

    with pytest.raises(DefinitionError) as caught:
        load_catalog(path)

    assert "own.py 第 2 行：DefinitionError：没有可计算的字段 'colour'" in caught.value.zh


@pytest.mark.parametrize(
    ("name", "kind", "says"),
    [
        ("nothing.py", NotFoundError, "there is no catalog .*nothing.py"),
        (".", NotFoundError, "there is no catalog"),
        ("own.toml", DefinitionError, "own.toml is no Python file.* ends in .py"),
    ],
)
def test_what_is_no_catalog_file_is_refused(tmp_path: Path, name: str, kind: type[Exception], says: str) -> None:
    """A path without a file, and a file that is no Python file, are refused before anything is run."""
    _written(tmp_path, "CATALOG = 1\n", "own.toml")

    with pytest.raises(kind, match=says):
        load_catalog(tmp_path / name)
