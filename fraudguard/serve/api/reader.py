"""The quick reader of requests; what it cannot read goes to the careful one, which names every fault.

It is a msgspec struct made from the same columns as the pydantic model of `fraudguard.serve.api.wire`, and accepts less: a number sent as
``"unknown"``, or a moment in an unusual form, goes the careful way. What it accepts, the careful reader would read as the same.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

from fraudguard.column import Column
from fraudguard.serve.api.shape import (
    DEADLINE_MAX_MS,
    ONE_LINE,
    SAFE_INTEGER,
    SHORT,
    UNKNOWN,
    Shape,
    length_of,
    parse_day,
    parse_moment,
    paths_of,
)
from fraudguard.serve.api.wire import MODELS, to_columns
from fraudguard.serve.mode import Mode
from fraudguard.transfer import AMOUNT_MAX_FEN

__all__ = ["READERS", "Reader", "kind_of"]

_MOMENT: Final = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)\Z"
_DAY: Final = r"\A\d{4}-\d\d-\d\d\Z"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_PARSERS: Final[Mapping[type, Callable[[str], Any]]] = {datetime: parse_moment, date: parse_day}


class Reader:
    """Reads one kind of request.

    Parameters
    ----------
    shape : Shape
        What it may hold.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._decoder = msgspec.json.Decoder(_struct(shape))
        columns = {column.name: column for those in shape.columns.values() for _, column in those}
        self._places: dict[str | None, dict[str, _Place]] = {group: {} for group in shape.columns}
        for name, group, leaf in paths_of(shape.event_type):
            if name in columns:
                self._places[group][leaf] = _Place(name, _parser_of(columns[name]), shape.requires(columns[name]))

    def read(self, body: bytes) -> dict[str, Any]:
        """Return the columns that a request fills in, without those that are absent or unknown.

        Raises
        ------
        ValidationError
            pydantic's, with every fault, if the request does not fit.
        """
        try:
            return self.read_quickly(body)
        except (msgspec.DecodeError, ValueError, RecursionError):  # errors of fields and moments; metadata too deep
            return to_columns(MODELS[self.shape].model_validate_json(body), self.shape)

    def read_quickly(self, body: bytes) -> dict[str, Any]:
        """Return the same, or raise msgspec's error or ValueError for what is not read quickly."""
        request = self._decoder.decode(body)
        values: dict[str, Any] = {name: getattr(request, name) for name in self.shape.beside}
        sent = msgspec.to_builtins(request)  # without what is absent: a transfer fills in a third of what it may
        for group, places in self._places.items():
            for leaf, value in (sent if group is None else sent.get(group, _NOTHING)).items():
                place = places.get(leaf)
                if place is not None and (place.is_required or value != UNKNOWN):
                    values[place.name] = value if place.parse is None else place.parse(value)
        return values


class _Place(NamedTuple):
    name: str
    parse: Callable[[Any], Any] | None
    is_required: bool


def _parser_of(column: Column) -> Callable[[Any], Any] | None:
    return column.type if column.is_enum else _PARSERS.get(column.type)


def _struct(shape: Shape) -> Any:  # noqa: ANN401  # a struct type made here
    groups = {group: [_field(leaf, column, shape) for leaf, column in those] for group, those in shape.columns.items()}
    top: list[Any] = groups.pop(None)
    for group, fields in groups.items():
        inside = _made(f"{shape.name}{str(group).title()}", fields)
        is_required = any(len(field) == 2 for field in fields)  # name and type, no default
        top.append((group, inside) if is_required else (group, inside | None, None))
    beside = [(name, *_BESIDE[name]) for name in shape.beside]
    return _made(shape.name, [*top, *beside, ("metadata", dict[str, Any] | None, None)])


def _made(name: str, fields: list[Any]) -> Any:  # noqa: ANN401  # a struct type made here
    return msgspec.defstruct(name, fields, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True)


def _field(leaf: str, column: Column, shape: Shape) -> tuple[Any, ...]:
    kind = kind_of(column)
    return (leaf, kind) if shape.requires(column) else (leaf, kind | None, None)


def kind_of(column: Column) -> Any:  # noqa: ANN401  # an annotation has no narrower type
    """Return the type of a column with its limits, for a msgspec struct; moments and days are text."""
    if column.pointer == "/amount/currency":
        return Literal["CNY"]
    if column.pointer in {"/amount/value", "/loss_fen"}:
        return Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)]
    if column.type is str:
        longest, pattern = length_of(column)
        return Annotated[str, msgspec.Meta(min_length=1, max_length=longest, pattern=_to_the_end(pattern))]
    return _KINDS.get(column.type, column.type)


def _to_the_end(pattern: str) -> str:
    # In Python's patterns $ also stands before a last line feed.
    return pattern.removesuffix("$") + r"\Z"


_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=SHORT, pattern=_to_the_end(ONE_LINE))]
_KINDS: Final[Mapping[type, Any]] = {
    int: Annotated[int, msgspec.Meta(ge=-SAFE_INTEGER, le=SAFE_INTEGER)],
    datetime: Annotated[str, msgspec.Meta(pattern=_MOMENT)],
    date: Annotated[str, msgspec.Meta(pattern=_DAY)],
    tuple: Annotated[tuple[_Line, ...], msgspec.Meta(max_length=32)],
}

_BESIDE: Final[Mapping[str, tuple[Any, Any]]] = {
    "mode": (Mode, Mode.LIVE),
    "deadline_ms": (Annotated[int, msgspec.Meta(ge=1, le=DEADLINE_MAX_MS)] | None, None),
}

READERS: Final[Mapping[Shape, Reader]] = {shape: Reader(shape) for shape in MODELS}
"""By what a request may hold."""
