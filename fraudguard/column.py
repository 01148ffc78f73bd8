"""What stands beside a field of an event: wire pointer, privacy class, wording.

Each event type (`Transfer`, `Account`, `Signal`, `Finding`) is a frozen
`msgspec.Struct` whose fields are ``Annotated[type, Column(...)]``. The table
schema, the wire schema, the import and the docs are all made from
`columns_of`, so a field is written down once.
"""

import types
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

__all__ = ["Column", "Event", "columns_of", "from_ms", "to_ms"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the four event types: frozen, keyword-only, compared by value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The contract of one field.

    Parameters
    ----------
    pointer : str
        JSON pointer on the wire; empty for a field that never goes over it.
    pii : {"C1", "C2"}
        Class of JR/T 0171-2020. C3 data (passwords, biometrics, track data)
        has no field anywhere.
    zh, en : str
        What the field says, for docs, OpenAPI and the console.
    unit : str
        Unit of a number: ``fen``, ``s``, ``ms``; empty for none.
    name : str
        Set by `columns_of` from the field's own name.
    type : type
        Set by `columns_of`: str, int, float, bool, datetime, date, tuple or a StrEnum.
    required : bool
        Set by `columns_of`: the field has no default.
    """

    pointer: str = ""
    pii: Literal["C1", "C2"] = "C1"
    zh: str
    en: str
    unit: str = ""
    name: str = ""
    type: type = str
    required: bool = False

    @property
    def is_enum(self) -> bool:
        """Whether the field takes one of a closed list of words."""
        return issubclass(self.type, StrEnum)


@cache
def columns_of(event_type: type[Event]) -> tuple[Column, ...]:
    """Return the columns of an event type, in field order.

    Parameters
    ----------
    event_type : type of Event
        `Transfer`, `Account`, `Signal` or `Finding`.

    Returns
    -------
    tuple of Column
        With name, type and required filled in.

    Examples
    --------
    >>> from fraudguard.transfer import Transfer
    >>> [column.name for column in columns_of(Transfer) if column.required]
    ['transfer_id', 'event_time', 'payer_account_id', 'payee_account_id', 'amount_fen']
    """
    hints = get_type_hints(event_type, include_extras=True)
    fields = {field.name: field for field in msgspec.structs.fields(event_type)}
    return tuple(_column(name, hints[name], required=field.required) for name, field in fields.items())


def _column(name: str, hint: Any, *, required: bool) -> Column:  # noqa: ANN401  # a type hint has no narrower type
    if get_origin(hint) is not Annotated:
        raise TypeError(f"field {name} is not Annotated with a Column")
    declared, contract = get_args(hint)
    if not isinstance(contract, Column):
        raise TypeError(f"field {name} is not Annotated with a Column")
    return replace(contract, name=name, type=_plain(declared), required=required)


def _plain(declared: Any) -> type:  # noqa: ANN401  # a type hint has no narrower type
    if get_origin(declared) in {Union, types.UnionType}:
        declared = next(part for part in get_args(declared) if part is not type(None))
    plain: type = get_origin(declared) or declared
    return plain


def to_ms(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970 UTC, rounded down.

    Parameters
    ----------
    moment : datetime
        Aware.

    Returns
    -------
    int
        Exact: no float is passed through.

    Examples
    --------
    >>> to_ms(datetime(1970, 1, 1, 0, 0, 1, 999, tzinfo=UTC))
    1000
    """
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(moment_ms: int) -> datetime:
    """Return the moment of a count of milliseconds since 1970.

    Parameters
    ----------
    moment_ms : int
        Milliseconds since 1970 UTC.

    Returns
    -------
    datetime
        Aware UTC.
    """
    return _EPOCH + moment_ms * _MILLISECOND
