"""A field is written down once, and everything about it is read from there."""

from datetime import UTC, date, datetime
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of, from_ms, to_ms
from fraudguard.finding import Finding
from fraudguard.signal import Signal
from fraudguard.transfer import Channel, Transfer

_EVENTS = (Transfer, Account, Signal, Finding)


@pytest.mark.parametrize("event_type", _EVENTS)
def test_every_field_has_its_words(event_type: type[Event]) -> None:
    """Each column has a name, a text in both languages and a type the tables know."""
    columns = columns_of(event_type)

    assert all(column.name and column.zh and column.en for column in columns)
    assert all(column.is_enum or column.type in {str, int, float, bool, datetime, date, tuple} for column in columns)


@pytest.mark.parametrize("event_type", _EVENTS)
def test_wire_pointers_are_distinct(event_type: type[Event]) -> None:
    """No two columns of an event stand at the same place on the wire."""
    pointers = [column.pointer for column in columns_of(event_type) if column.pointer]

    assert len(set(pointers)) == len(pointers)


@pytest.mark.parametrize("event_type", _EVENTS)
def test_money_is_in_fen(event_type: type[Event]) -> None:
    """A column ends in _fen exactly when its unit is fen."""
    columns = columns_of(event_type)

    assert [column.name.endswith("_fen") for column in columns] == [column.unit == "fen" for column in columns]


def test_only_five_columns_of_a_transfer_are_required() -> None:
    """All other fields may be absent."""
    required = [column.name for column in columns_of(Transfer) if column.required]

    assert required == ["transfer_id", "event_time", "payer_account_id", "payee_account_id", "amount_fen"]


def test_column_knows_its_closed_list() -> None:
    """A field of a closed list of words has that list for its type."""
    channel = next(column for column in columns_of(Transfer) if column.name == "channel")

    assert (channel.type, channel.is_enum, channel.required) == (Channel, True, False)


def test_field_without_contract_is_refused() -> None:
    """A field that nobody described cannot enter a schema."""

    class Bare(Event, frozen=True, kw_only=True):
        described: Annotated[str, Column(zh="有", en="yes")]
        bare: int

    with pytest.raises(TypeError, match="bare"):
        columns_of(Bare)


@given(moment_ms=st.integers(-(10**13), 10**14))
def test_milliseconds_are_exact_both_ways(moment_ms: int) -> None:
    """A count of milliseconds becomes a moment and the same count again."""
    assert to_ms(from_ms(moment_ms)) == moment_ms


def test_milliseconds_round_down_before_1970() -> None:
    """Half a millisecond before the epoch lies in the millisecond before it."""
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)) == -1
