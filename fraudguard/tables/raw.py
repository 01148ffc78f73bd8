"""A table as it stands in a file, before anything is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fraudguard.wording import Bilingual

__all__ = ["FileFormat", "RawTable", "no_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """How a CSV file is written; a Parquet file needs none of it.

    Parameters
    ----------
    encoding : str
        ``utf-8`` (a byte order mark may stand before it), ``gb18030`` or another codec.
    delimiter : str
        One character.
    null_values : tuple of str
        Words that mean an empty cell, beside the empty cell itself.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    null_values: tuple[str, ...] = ()


def no_line(_row: int) -> int | None:
    """Return no line number: a Parquet file and a frame have rows only."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Columns of a file under our names, values as the file has them.

    Parameters
    ----------
    path : Path
        Where it came from, for messages.
    table : pyarrow.Table
        Rows in the order of the file.
    origins : mapping of str to str
        Our column to the column of the file, where the two differ.
    line_of : callable
        From a row (0-based) to the line of the file (1-based), if it has lines.
    """

    path: Path
    table: Any
    origins: Mapping[str, str] = field(default_factory=dict)
    line_of: Callable[[int], int | None] = no_line

    def label(self, name: str) -> Bilingual:
        """Return the words for a column: ours, and the file's own where it differs."""
        origin = self.origins.get(name, name)
        if origin == name:
            return Bilingual(name, name)
        return Bilingual(f"{name}（文件中为“{origin}”）", f'{name} ("{origin}" in the file)')

    def with_table(self, table: Any) -> "RawTable":  # noqa: ANN401  # pyarrow has no types
        """Return the same file with other columns; the rows must be the same."""
        return replace(self, table=table)
