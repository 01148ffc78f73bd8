"""A mapping: how the columns of a foreign file become a table of transfers."""

import tomllib
from collections.abc import Mapping as Mapped
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from fraudguard.column import Column, columns_of
from fraudguard.errors import DefinitionError, NotFoundError
from fraudguard.ingest.parts import (
    AmountPart,
    DatasetPart,
    EventTimePart,
    ExtraPart,
    LabelsPart,
    require_known,
    require_zone,
)
from fraudguard.ingest.shape import Shape, reshape
from fraudguard.tables.raw import FileFormat, RawTable
from fraudguard.transfer import Transfer

__all__ = ["Mapping", "load_mapping"]

_COLUMNS: Final[dict[str, Column]] = {column.name: column for column in columns_of(Transfer)}
_FREE_KEYS: Final = ("columns", "values")  # their keys are names of columns and words, checked by Mapping


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """How a bank's extract or a public set becomes a dataset.

    Parameters
    ----------
    dataset : DatasetPart
        Name, source, currency, time zone.
    columns : mapping of str to str or tuple of str
        Our column to the file's; several are joined by a space, for a date
        and a time of day. A column that is named as ours needs no entry.
    event_time : EventTimePart
        How times are written.
    amount : AmountPart
        How money is written.
    values : mapping of str to mapping of str to str
        For a column of ours, the file's word to our word.
    labels : LabelsPart, optional
        Which column says what is fraud.
    extra : ExtraPart
        What happens to columns that nothing names.
    file : FileFormat
        Encoding and delimiter of a CSV.

    Raises
    ------
    DefinitionError
        If a name or word is not known, or two settings contradict each other.
    """

    dataset: DatasetPart = DatasetPart()
    columns: dict[str, str | tuple[str, ...]] = {}
    event_time: EventTimePart = EventTimePart()
    amount: AmountPart = AmountPart()
    values: dict[str, dict[str, str]] = {}
    labels: LabelsPart | None = None
    extra: ExtraPart = ExtraPart()
    file: FileFormat = FileFormat()

    def __post_init__(self) -> None:
        for ours, theirs in self.columns.items():
            require_known("[columns]", ours, tuple(_COLUMNS))
            if not isinstance(theirs, str) and (ours != "event_time" or not theirs):
                raise DefinitionError(
                    f"[columns] {ours}: only event_time may be joined from several columns",
                    f"[columns] {ours}：只有 event_time 可由多列拼成",
                )
        self._refuse_twice()
        for ours, words in self.values.items():
            require_known("[values]", ours, tuple(_COLUMNS))
            if _COLUMNS[ours].is_enum:
                _require_words(_COLUMNS[ours], words)

    def _refuse_twice(self) -> None:
        named = [name for theirs in self.columns.values() for name in _listed(theirs)]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice is not None:
            raise DefinitionError(
                f"[columns]: the file's column {twice} is given to two of ours; keep one",
                f"[columns]：文件的列 {twice} 对应了我们的两列；请只留一个",
            )

    def with_columns(self, columns: Mapped[str, str]) -> Self:
        """Return the mapping with some columns given anew, as from the command line."""
        return msgspec.structs.replace(self, columns={**self.columns, **columns})

    def with_file(self, *, encoding: str | None = None, time_zone: str | None = None) -> Self:
        """Return the mapping for a file in another encoding, or whose times are of a zone."""
        changed = self
        if encoding is not None:
            told = {entry.name: getattr(self.file, entry.name) for entry in dataclass_fields(FileFormat)}
            changed = msgspec.structs.replace(changed, file=FileFormat(**{**told, "encoding": encoding}))
        if time_zone is not None:
            require_zone("--time-zone", time_zone)
            event_time = msgspec.structs.replace(self.event_time, time_zone=time_zone)
            changed = msgspec.structs.replace(changed, event_time=event_time)
        return changed

    def reshape(self, raw: RawTable) -> RawTable:
        """Return the file's rows under our columns, amounts in fen and times in UTC, not yet checked."""
        return reshape(raw, self.shape(raw), values=self.values, event_time=self.event_time, amount=self.amount)

    def shape(self, raw: RawTable) -> Shape:
        """Return which column of the file becomes which of ours, and which are left out."""
        given = {ours: _listed(theirs) for ours, theirs in self.columns.items()}
        label = None if self.labels is None else self.labels.column
        return Shape.of(raw, given, label=label, extra=self.extra, ordered=self.event_time.kind == "order")


def load_mapping(path: Path) -> Mapping:
    """Return the mapping written in a TOML file.

    Parameters
    ----------
    path : Path
        See `data/mappings/` for examples.

    Returns
    -------
    Mapping
        Checked.

    Raises
    ------
    NotFoundError
        If there is no such file.
    DefinitionError
        If it is not TOML, or a key, type, name or word in it is not known.
    """
    if not path.is_file():
        raise NotFoundError(f"{path}: no such mapping file. Check the path.", f"{path}：没有这个映射文件。请检查路径。")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        _refuse_keys(values, Mapping, "")
        return msgspec.convert(values, Mapping)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise DefinitionError(f"{path}: {error}. Correct the file.", f"{path}：{error}。请改正该文件。") from error
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error.en}", f"{path}：{error.zh}") from error


def _refuse_keys(values: dict[str, Any], kind: Any, place: str) -> None:  # noqa: ANN401  # a Struct or a dataclass
    known = {field.name: field.type for field in msgspec.inspect.type_info(kind).fields}  # type: ignore[attr-defined]  # both have fields
    for key, value in values.items():
        require_known(f"[{place}]" if place else "file", key, tuple(known))
        if isinstance(value, dict) and key not in _FREE_KEYS:
            _refuse_keys(value, _part_type(known[key]), key)


def _part_type(info: Any) -> Any:  # noqa: ANN401  # msgspec's own description of a type
    options = getattr(info, "types", (info,))
    return next((option.cls for option in options if hasattr(option, "cls")), dict)


def _require_words(column: Column, words: Mapped[str, str]) -> None:
    allowed = tuple(word.value for word in column.type)  # type: ignore[attr-defined]  # a StrEnum
    for word in words.values():
        require_known(f"[values.{column.name}]", word, (*allowed, "unknown"))


def _listed(theirs: str | tuple[str, ...]) -> tuple[str, ...]:
    return (theirs,) if isinstance(theirs, str) else tuple(theirs)
