"""A place that cannot be written is refused before the work, not after it."""

import errno
from pathlib import Path

import pytest

from fraudguard.errors import NotFoundError
from fraudguard.tables.folder import claim, whole_file


def test_file_above_is_refused(tmp_path: Path) -> None:
    """A file where a folder would have to be is named."""
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(NotFoundError, match="is a file, not a folder") as caught:
        claim(tmp_path / "file" / "a" / "out", overwrite=False)

    assert str(tmp_path / "file") in caught.value.zh


def test_missing_folders_above_are_fine(tmp_path: Path) -> None:
    """Folders above may be missing, and asking makes none."""
    claim(tmp_path / "a" / "b" / "out", overwrite=False)

    assert list(tmp_path.iterdir()) == []


def _fill_the_disk(out: Path) -> None:
    with whole_file(out) as path:
        path.write_text("half", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_names_the_place_and_leaves_nothing(tmp_path: Path) -> None:
    """The output is named, not the part beside it, and neither is left."""
    out = tmp_path / "new" / "out.csv"

    with pytest.raises(OSError, match="No space left") as caught:
        _fill_the_disk(out)

    assert caught.value.filename == str(out)
    assert list(tmp_path.iterdir()) == []
