"""The careful reader of requests: models made from the columns of an event, which name every fault.

No field is written down here. Shape, type and words come from `columns_of`;
the pointer of a column says in which object it stands.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from fraudguard.column import Column
from fraudguard.serve.api.shape import (
    ACCOUNT,
    ASSESSMENT,
    DEADLINE_MAX_MS,
    FINDING,
    ONE_LINE,
    SAFE_INTEGER,
    SHORT,
    SIGNAL,
    TRANSFER,
    UNKNOWN,
    Shape,
    length_of,
    parse_day,
    parse_moment,
    paths_of,
)
from fraudguard.serve.mode import Mode
from fraudguard.transfer import AMOUNT_MAX_FEN

__all__ = ["MODELS", "WireModel", "to_columns", "whole"]


class WireModel(BaseModel):
    """Base of request models: no unknown field, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def to_columns(model: WireModel, shape: Shape) -> dict[str, Any]:
    """Return the columns of an event that a request fills in, and what it says of itself.

    Parameters
    ----------
    model : WireModel
        A checked request.
    shape : Shape
        What it may hold.

    Returns
    -------
    dict
        By column name, without those that are absent or unknown; what the shape has beside is always there.
    """
    values = {name: getattr(model, name) for name in shape.beside}
    for name, group, leaf in paths_of(shape.event_type):
        holder = model if group is None else getattr(model, group, None)
        value = None if holder is None else getattr(holder, leaf, None)
        if value is not None:
            values[name] = value
    return values


def _request_model(shape: Shape) -> type[WireModel]:
    fields = {
        group: {leaf: _field(column, required=shape.requires(column)) for leaf, column in those}
        for group, those in shape.columns.items()
    }
    top: dict[str, Any] = fields.pop(None)
    top |= {str(group): _group_field(shape.name, str(group), inside) for group, inside in fields.items()}
    top |= {name: _BESIDE[name] for name in shape.beside}
    top["metadata"] = (dict[str, Any] | None, None)
    return create_model(shape.name, __base__=WireModel, **top)


def _group_field(name: str, group: str, fields: Mapping[str, Any]) -> tuple[Any, Any]:
    model: Any = create_model(f"{name}{group.title()}", __base__=WireModel, **fields)
    required = any(info.is_required() for _, info in fields.values())
    return (model, Field()) if required else (model | None, Field(None))


def _field(column: Column, *, required: bool) -> tuple[Any, FieldInfo]:
    extra = {"x-pii": column.pii} | ({"x-unit": column.unit} if column.unit else {})
    text: dict[str, Any] = {"title": column.zh, "description": column.en, "json_schema_extra": extra}
    kind = _kind(column)
    if required:
        return kind, Field(**text)
    return Annotated[kind | None, BeforeValidator(_none_if_unknown)], Field(None, **text)


def _none_if_unknown(value: object) -> object:
    return None if value == UNKNOWN else value


def _kind(column: Column) -> Any:  # noqa: ANN401  # an annotation has no narrower type
    if column.pointer in _SPECIAL:
        return _SPECIAL[column.pointer]
    if column.type is str:
        longest, pattern = length_of(column)
        return Annotated[str, StringConstraints(min_length=1, max_length=longest, pattern=pattern)]
    return _KINDS.get(column.type, column.type)


def _parsed(parse: Callable[[str], Any]) -> BeforeValidator:
    def convert(value: object) -> object:
        if value is None or value == UNKNOWN:
            return None
        if not isinstance(value, str):
            raise PydanticCustomError("time_type", "Write a time as text, such as 2026-01-02T11:04:07.250Z")
        return parse(value)

    return BeforeValidator(convert)


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def whole(value: object) -> object:
    """Return a number with nothing behind the point as an integer, anything else as it is."""
    # JSON has one kind of number, and some programs write all of them with a point.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Line = Annotated[str, StringConstraints(min_length=1, max_length=SHORT, pattern=ONE_LINE)]
_KINDS: Final[Mapping[type, Any]] = {
    int: Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER), BeforeValidator(whole)],
    float: Annotated[float, Field(allow_inf_nan=False)],
    datetime: Annotated[AwareDatetime, _parsed(parse_moment)],
    date: Annotated[date, _parsed(parse_day)],
    tuple: Annotated[tuple[_Line, ...], Field(max_length=32), BeforeValidator(_tuple)],
}
_SPECIAL: Final[Mapping[str, Any]] = {
    "/amount/value": Annotated[int, Field(ge=0, le=AMOUNT_MAX_FEN), BeforeValidator(whole)],
    "/amount/currency": Literal["CNY"],
    "/loss_fen": Annotated[int, Field(ge=0, le=AMOUNT_MAX_FEN), BeforeValidator(whole)],
}

_BESIDE: Final[Mapping[str, Any]] = {
    "mode": (Mode, Field(Mode.LIVE)),
    "deadline_ms": (Annotated[int, Field(ge=1, le=DEADLINE_MAX_MS), BeforeValidator(whole)] | None, Field(None)),
}

MODELS: Final[Mapping[Shape, type[WireModel]]] = {
    shape: _request_model(shape) for shape in (ASSESSMENT, TRANSFER, FINDING, SIGNAL, ACCOUNT)
}
"""The requests: an assessment, a transfer, a finding, a signal, what is known of an account."""
