"""A mapping: how the columns of a foreign file become a table of transfers."""

import re
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
from fraudguard.wording import Bilingual

__all__ = ["Mapping", "load_mapping"]

_COLUMNS: Final[dict[str, Column]] = {column.name: column for column in columns_of(Transfer)}
_MSGSPEC_ZH: Final = (
    ("Object missing required field", "缺少"),
    ("Invalid enum value", "不认识"),
    ("Invalid RFC3339 encoded datetime", "不是带时区的时刻，如 2026-01-02T00:00:00+08:00"),
    ("Expected", "应为"),
    (r", got\b", "，此处为"),
    (r"\barray\b", "列表"),
    (r"\bobject\b", "一节"),
    (r"\bstr\b", "文字"),
    (r"\bint\b", "整数"),
    (r"\bbool\b", " true 或 false"),
    (r"\|", "或"),
)


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
    except msgspec.ValidationError as error:
        told = _told(str(error))
        raise DefinitionError(f"{path}: {told.en}. Correct the file.", f"{path}：{told.zh}。请改正该文件。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(
            f"{path} is not TOML in UTF-8: {error}. Correct the file.",
            f"{path} 不是 UTF-8 编码的 TOML：{error}。请改正该文件。",
        ) from error
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error.en}", f"{path}：{error.zh}") from error


def _refuse_keys(values: dict[str, Any], kind: Any, place: str) -> None:  # noqa: ANN401  # a Struct or a dataclass
    known = {field.name: field.type for field in msgspec.inspect.type_info(kind).fields}  # type: ignore[attr-defined]  # both have fields
    for key, value in values.items():
        require_known(f"[{place}]" if place else "[ ]", key, tuple(known))
        part, words = _part_type(known[key]), _words_of(known[key])
        if isinstance(value, dict) and part is not None:
            _refuse_keys(value, part, key)
        if isinstance(value, str) and words:
            require_known(f"[{place}] {key}", value, words)


def _options(info: Any) -> tuple[Any, ...]:  # noqa: ANN401  # msgspec's own description of a type
    return getattr(info, "types", (info,))


def _part_type(info: Any) -> Any:  # noqa: ANN401  # msgspec's own description of a type
    """Return the type of a section; None for a single value and for a section of free keys."""
    return next((option.cls for option in _options(info) if hasattr(option, "cls")), None)


def _words_of(info: Any) -> tuple[str, ...]:  # noqa: ANN401  # msgspec's own description of a type
    return next((tuple(option.values) for option in _options(info) if hasattr(option, "values")), ())


def _told(message: str) -> Bilingual:
    """Return what msgspec says of a value, with the place as the file writes it."""
    what, _, path = message.partition(" - at `$")
    section, _, key = re.sub(r"\[.*?\]", "", path).rstrip("`").strip(".").partition(".")
    place = f"[{section}] {key}".strip() + ": " if section else ""
    zh = what.replace("`", "")
    for word, ours in _MSGSPEC_ZH:
        zh = re.sub(rf"{word}\s*", ours, zh, flags=re.ASCII)
    return Bilingual(f"{place.replace(': ', '：')}{zh}", place + what)


def _require_words(column: Column, words: Mapped[str, str]) -> None:
    allowed = tuple(word.value for word in column.type)  # type: ignore[attr-defined]  # a StrEnum
    for word in words.values():
        require_known(f"[values.{column.name}]", word, (*allowed, "unknown"))


def _listed(theirs: str | tuple[str, ...]) -> tuple[str, ...]:
    return (theirs,) if isinstance(theirs, str) else tuple(theirs)
