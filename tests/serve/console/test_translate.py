"""The English catalog is complete."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from fraudguard.serve.console.translate import CATALOG_PATH, gettext

CONSOLE = CATALOG_PATH.parents[1]


def messages() -> set[str]:
    """Return every text that the pages say."""
    found = extract_from_dir(str(CONSOLE), [("**.py", "python")], keywords={"marked": None}, strip_comment_tags=True)
    python = {message for _, _, message, *_ in found if isinstance(message, str)}
    pages = (path.read_text("utf-8") for path in (CONSOLE / "templates").glob("*.html"))
    marked = {text for page in pages for _, text in re.findall(r"_\((['\"])(.+?)\1\)", page)}
    return python | marked


def test_every_text_has_its_english() -> None:
    """Every Chinese text of the pages is in the catalog, and the catalog holds nothing else."""
    with CATALOG_PATH.open("rb") as file:
        catalog = {str(message.id): str(message.string) for message in read_po(file, locale="en") if message.id}

    assert sorted(messages() - set(catalog)) == []
    assert sorted(set(catalog) - messages()) == []
    assert [key for key, text in catalog.items() if not text] == []
    assert [text for text in catalog.values() if re.search(r"[\u4e00-\u9fff]", text)] == []


def test_pages_hold_no_unmarked_chinese() -> None:
    """No template says a Chinese word outside a marked text."""
    for path in Path(CONSOLE / "templates").glob("*.html"):
        bare = re.sub(r"_\((['\"]).+?\1\)", "", path.read_text("utf-8")).replace("中文", "")

        assert re.findall(r"[\u4e00-\u9fff]+", bare) == [], path.name


def test_an_unknown_text_stays_chinese() -> None:
    """A text without English is shown as it is."""
    assert gettext("en", "没有译文") == "没有译文"
