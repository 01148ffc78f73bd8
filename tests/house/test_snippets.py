"""What people copy from a page runs: its Python, and of some pages the commands, too, from top to bottom."""

import doctest
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.cli.runner import invoke
from tests.house.tree import ROOT, shown
from tests.journeys.load import serving
from tests.serve.fakes import add_key, make_settings, open_store

PAGES: Final = [ROOT / "README.md", ROOT / "README.en.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_COMMANDS: Final = {"your-own-features.md"}
WITH_SERVICE: Final = {"integrate-a-bank.md"}
SAMPLE: Final = ROOT / "data" / "sample"


class Block(NamedTuple):
    """A fenced block of a page."""

    line: int
    language: str
    text: str


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text("utf-8")
    for match in re.finditer(r"^( *)```(python|pycon|sh)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL):
        yield Block(text.count("\n", 0, match.start(3)) + 1, match[2], re.sub(f"(?m)^{match[1]}", "", match[3]))


def _runs(page: Path) -> list[Block]:
    kinds = {"python", "pycon", "sh"} if page.name in WITH_COMMANDS else {"python", "pycon"}
    return [] if "_build" in page.parts else [block for block in _blocks(page) if block.language in kinds]


@contextmanager
def _service(page: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Give what stands on a page for the address and the key of a service, and what to put there; start one if need be."""
    if page.name not in WITH_SERVICE:
        yield {}
        return
    settings = make_settings(folder)
    store = open_store(settings)
    token = add_key(store)
    store.close()
    with serving(settings) as (_process, port):
        yield {"127.0.0.1:8000": f"127.0.0.1:{port}", "fg_…": token}


def _filled(block: Block, known: dict[str, str]) -> Block:
    text = block.text
    for shown_there, real in known.items():
        text = text.replace(shown_there, real)
    return block._replace(text=text)


def _run_python(block: Block, page: Path, names: dict[str, Any]) -> None:
    """Run a block, and save it where its first line names a file."""
    named = re.match(r"# (\w+\.py)\n", block.text)
    if named:
        Path(named[1]).write_text(block.text, encoding="utf-8")
    else:
        exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec", dont_inherit=True), names)  # noqa: S102  # our own page


def _run_session(block: Block, page: Path, names: dict[str, Any]) -> None:
    """Run a session as `doctest` does, in the names that the page has so far."""
    session = doctest.DocTestParser().get_doctest(block.text, {}, page.name, str(page), block.line - 1)
    session.globs = names
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.REPORT_NDIFF
    told: list[str] = []
    failed = doctest.DocTestRunner(optionflags=options).run(session, out=told.append, clear_globs=False).failed
    assert not failed, "".join(told)


def _run_commands(block: Block) -> None:
    """Run the commands that end by themselves."""
    for command in block.text.splitlines():
        words = command.split()
        if words[:1] == ["fraudguard"] and words[1] != "serve":
            done = invoke("--quiet", *words[1:])
            assert done.exit_code == 0, (command, done.output)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [page for page in PAGES if _runs(page)], ids=shown)
def test_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything on the page runs in order, beside the sample and a folder of the name that pages give one's own."""
    (tmp_path / "data").mkdir()
    for name in ("data/sample", "our-bank"):
        (tmp_path / name).symlink_to(SAMPLE)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "page"}
    with _service(page, tmp_path) as known:
        for block in (_filled(block, known) for block in _runs(page)):
            if block.language == "python":
                _run_python(block, page, names)
            elif block.language == "pycon":
                _run_session(block, page, names)
            else:
                _run_commands(block)

    assert len(_runs(page)) > 0
