"""A place that cannot be written is refused before the work, not after it."""

from pathlib import Path

import pytest

from fraudguard.errors import NotFoundError
from fraudguard.tables.folder import claim


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
