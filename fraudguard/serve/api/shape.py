"""What a request may hold, told once for its quick and its careful reader: fields, lengths, patterns, moments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Final

from pydantic_core import PydanticCustomError

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Transfer

__all__ = [
    "ACCOUNT",
    "ASSESSMENT",
    "DEADLINE_MAX_MS",
    "FINDING",
    "ONE_LINE",
    "SAFE_INTEGER",
    "SEVERAL_LINES",
    "SHORT",
    "SIGNAL",
    "TRANSFER",
    "UNKNOWN",
    "Shape",
    "is_within_range",
    "length_of",
    "parse_day",
    "parse_moment",
    "paths_of",
    "split_pointer",
]

UNKNOWN: Final = "unknown"
"""The same as absent, for every field that may be absent."""

DEADLINE_MAX_MS: Final = 60_000
"""No caller waits longer for one answer."""

SAFE_INTEGER: Final = 2**53 - 1
SHORT: Final = 256
_LONG: Final = 2_000
_LONG_TEXTS: Final = frozenset({"/note", "/remittance_info"})
# Control characters have no place in an id, and PostgreSQL cannot store U+0000.
# A blank text says nothing, and a dataset made of the log would be refused for it.
ONE_LINE: Final = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
SEVERAL_LINES: Final = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Which columns of an event a request has.

    Parameters
    ----------
    name : str
        Of the schema.
    event_type : type of Event
        What it describes.
    without : frozenset of str
        Columns that the server fills in.
    optional : frozenset of str
        Columns that the server fills in where the caller does not.
    beside : tuple of str
        What a request says of itself and not of the event: keys of `BESIDE`.
    """

    name: str
    event_type: type[Event]
    without: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    beside: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str | None, tuple[tuple[str, Column], ...]]:
        """The columns with their leaf names, by the object they stand in; None for the request itself."""
        groups: dict[str | None, list[tuple[str, Column]]] = {None: []}
        for column in columns_of(self.event_type):
            if column.pointer and column.name not in self.without:
                group, leaf = split_pointer(column.pointer)
                groups.setdefault(group, []).append((leaf, column))
        return {group: tuple(those) for group, those in groups.items()}

    def requires(self, column: Column) -> bool:
        """Return whether the caller must send a column."""
        return column.required and column.name not in self.optional


TRANSFER: Final = Shape(name="TransferIn", event_type=Transfer)
ASSESSMENT: Final = Shape(name="AssessmentIn", event_type=Transfer, beside=("mode", "deadline_ms"))
# The server says when it learned of something; a caller that retries names it itself.
FINDING: Final = Shape(
    name="FindingIn",
    event_type=Finding,
    without=frozenset({"received_at"}),
    optional=frozenset({"finding_id"}),
)
SIGNAL: Final = Shape(
    name="SignalIn", event_type=Signal, without=frozenset({"received_at"}), optional=frozenset({"signal_id"})
)
ACCOUNT: Final = Shape(name="AccountIn", event_type=Account, without=frozenset({"received_at"}))


@cache
def paths_of(event_type: type[Event]) -> tuple[tuple[str, str | None, str], ...]:
    """Return the columns of an event that go over the wire: name, object they stand in, leaf."""
    return tuple((column.name, *split_pointer(column.pointer)) for column in columns_of(event_type) if column.pointer)


def split_pointer(pointer: str) -> tuple[str | None, str]:
    """Return the object that a pointer leads into, None for the request itself, and the leaf."""
    first, _, second = pointer.removeprefix("/").partition("/")
    return (first, second) if second else (None, first)


def length_of(column: Column) -> tuple[int, str]:
    """Return the greatest length of a text and its pattern."""
    return (_LONG, SEVERAL_LINES) if column.pointer in _LONG_TEXTS else (SHORT, ONE_LINE)


def parse_moment(text: str) -> datetime:
    """Return a moment in UTC.

    Raises
    ------
    PydanticCustomError
        If it is none, has no zone, or lies outside the years 1970 to 2199.
    """
    try:
        moment = datetime.fromisoformat(text.replace("z", "Z"))
    except ValueError as error:
        raise PydanticCustomError("time_format", "Write a time like 2026-01-02T11:04:07.250Z") from error
    if moment.tzinfo is None:
        raise PydanticCustomError("time_zone", "The time has no zone; add Z or +08:00")
    if not is_within_range(moment):
        raise PydanticCustomError("time_range", "The time must lie between the years 1970 and 2200")
    return moment.astimezone(UTC)


def is_within_range(moment: datetime) -> bool:
    """Return whether a moment lies within the years 1970 to 2199, UTC."""
    return _FIRST <= moment < _LAST


def parse_day(text: str) -> date:
    """Return a day.

    Raises
    ------
    PydanticCustomError
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date_format", "Write a date like 2026-01-02") from error
