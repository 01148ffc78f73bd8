"""A table as it stands in a file, before anything is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from fraudguard.errors import DefinitionError
from fraudguard.wording import Bilingual

__all__ = ["FileFormat", "RawTable", "no_line"]

_NO_DELIMITER: Final = '"\r\n'


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

    Raises
    ------
    DefinitionError
        If the delimiter is not one character.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    null_values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in _NO_DELIMITER:
            raise DefinitionError(
                f'[file] delimiter is "{self.delimiter}"; write one character, such as "," or ";" or "\\t"',
                f'[file] delimiter 为“{self.delimiter}”；请写一个字符，如 ","、";" 或 "\\t"',
            )


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
    found : pyarrow.Table, optional
        The cells as the file has them, where `table` holds them turned: messages show these.
    """

    path: Path
    table: Any
    origins: Mapping[str, str] = field(default_factory=dict)
    line_of: Callable[[int], int | None] = no_line
    found: Any = None

    def label(self, name: str) -> Bilingual:
        """Return the words for a column: ours, and the file's own where it differs."""
        origin = self.origins.get(name, name)
        if origin == name:
            return Bilingual(name, name)
        return Bilingual(f"{name}（文件中为“{origin}”）", f'{name} ("{origin}" in the file)')

    def with_table(self, table: Any) -> "RawTable":  # noqa: ANN401  # pyarrow has no types
        """Return the same file with other columns; the rows must be the same."""
        return replace(self, table=table, found=self.table if self.found is None else self.found)
