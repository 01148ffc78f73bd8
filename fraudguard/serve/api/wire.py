"""What comes over the wire: models made from the columns of an event, and back.

No field is written down here. Shape, type and words come from `columns_of`;
the pointer of a column says in which object it stands.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from fraudguard.column import Column, Event, columns_of
from fraudguard.finding import Finding
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer

__all__ = ["FINDING_IN", "TRANSFER_IN", "WireModel", "to_columns"]

_UNKNOWN: Final = "unknown"
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_SAFE_INTEGER: Final = 2**53 - 1
_SHORT, _LONG = 256, 2_000
_LONG_TEXTS: Final = frozenset({"/note", "/remittance_info"})
# Control characters have no place in an id, and PostgreSQL cannot store U+0000.
# A blank text says nothing, and a dataset made of the log would be refused for it.
_ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_SEVERAL_LINES: Final = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"


class WireModel(BaseModel):
    """Base of request models: no unknown field, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def to_columns(model: WireModel, event_type: type[Event]) -> dict[str, Any]:
    """Return the columns of an event that a request fills in.

    Parameters
    ----------
    model : WireModel
        A checked request.
    event_type : type of Event
        What it describes.

    Returns
    -------
    dict
        By column name, without those that are absent or unknown.
    """
    values = {}
    for name, group, leaf in _paths(event_type):
        holder = model if group is None else getattr(model, group, None)
        value = None if holder is None else getattr(holder, leaf, None)
        if value is not None:
            values[name] = value
    return values


@cache
def _paths(event_type: type[Event]) -> tuple[tuple[str, str | None, str], ...]:
    return tuple((column.name, *_split(column.pointer)) for column in columns_of(event_type) if column.pointer)


def _split(pointer: str) -> tuple[str | None, str]:
    first, _, second = pointer.removeprefix("/").partition("/")
    return (first, second) if second else (None, first)


def _request_model(
    name: str, event_type: type[Event], *, without: frozenset[str] = frozenset(), optional: frozenset[str] = frozenset()
) -> type[WireModel]:
    groups: dict[str, dict[str, Any]] = {"": {}}
    for column in columns_of(event_type):
        if not column.pointer or column.name in without:
            continue
        group, leaf = _split(column.pointer)
        groups.setdefault(group or "", {})[leaf] = _field(
            column, required=column.required and column.name not in optional
        )
    top = groups.pop("")
    top |= {group: _group_field(name, group, fields) for group, fields in groups.items()}
    top["metadata"] = (dict[str, Any] | None, Field(None, description="Yours; kept out of scoring and of the record"))
    return create_model(name, __base__=WireModel, **top)


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
    return None if value == _UNKNOWN else value


def _kind(column: Column) -> Any:  # noqa: ANN401  # an annotation has no narrower type
    if column.pointer in _SPECIAL:
        return _SPECIAL[column.pointer]
    if column.type is str:
        is_long = column.pointer in _LONG_TEXTS
        constraints = StringConstraints(
            min_length=1, max_length=_LONG if is_long else _SHORT, pattern=_SEVERAL_LINES if is_long else _ONE_LINE
        )
        return Annotated[str, constraints]
    return _KINDS.get(column.type, column.type)


def _parsed(parse: Callable[[str], Any]) -> BeforeValidator:
    def convert(value: object) -> object:
        if value is None or value == _UNKNOWN:
            return None
        if not isinstance(value, str):
            raise PydanticCustomError("time_type", "Write a time as text, such as 2026-01-02T11:04:07.250Z")
        return parse(value)

    return BeforeValidator(convert)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("time_format", "Write a time like 2026-01-02T11:04:07.250Z") from error
    if moment.tzinfo is None:
        raise PydanticCustomError("time_zone", "The time has no zone; add Z or +08:00")
    if not _FIRST <= moment < _LAST:
        raise PydanticCustomError("time_range", "The time must lie between the years 1970 and 2200")
    return moment.astimezone(UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date_format", "Write a date like 2026-01-02") from error


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


_Line = Annotated[str, StringConstraints(min_length=1, max_length=_SHORT, pattern=_ONE_LINE)]
_KINDS: Final[Mapping[type, Any]] = {
    int: Annotated[int, Field(ge=-_SAFE_INTEGER, le=_SAFE_INTEGER)],
    float: Annotated[float, Field(allow_inf_nan=False)],
    datetime: Annotated[AwareDatetime, _parsed(_moment)],
    date: Annotated[date, _parsed(_day)],
    tuple: Annotated[tuple[_Line, ...], Field(max_length=32), BeforeValidator(_tuple)],
}
_SPECIAL: Final[Mapping[str, Any]] = {
    "/amount/value": Annotated[int, Field(ge=0, le=AMOUNT_MAX_FEN)],
    "/amount/currency": Literal["CNY"],
    "/loss_fen": Annotated[int, Field(ge=0, le=AMOUNT_MAX_FEN)],
}

TRANSFER_IN: Final = _request_model("TransferIn", Transfer)
"""The request of an assessment."""

# The server says when it learned of a finding; a caller that retries names the finding itself.
FINDING_IN: Final = _request_model(
    "FindingIn", Finding, without=frozenset({"received_at"}), optional=frozenset({"finding_id"})
)
"""The request that records a finding."""
