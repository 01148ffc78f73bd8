"""A transfer that exists is right."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from fraudguard.errors import DataError
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.fakes import START, make_transfer

_NAIVE = START.replace(tzinfo=None)


@pytest.mark.parametrize("amount_fen", [0, 1, AMOUNT_MAX_FEN])
def test_amounts_on_the_edge_are_right(amount_fen: int) -> None:
    """Zero and the largest amount are accepted."""
    assert make_transfer(amount_fen=amount_fen).amount_fen == amount_fen


@pytest.mark.parametrize(
    ("fields", "en", "zh"),
    [
        ({"amount_fen": -1}, "amount_fen is -1", "amount_fen 为 -1"),
        ({"amount_fen": AMOUNT_MAX_FEN + 1}, "within 0 and", "之间"),
        ({"payer_account_id": ""}, "payer_account_id is empty", "payer_account_id 为空"),
        ({"payee_account_id": ""}, "payee_account_id is empty", "payee_account_id 为空"),
        ({"event_time": _NAIVE}, "without a zone", "没有时区"),
        ({"payee_added_at": _NAIVE}, "without a zone", "没有时区"),
        ({"device_first_seen_at": _NAIVE}, "without a zone", "没有时区"),
    ],
)
def test_wrong_transfer_cannot_be_made(fields: dict[str, Any], en: str, zh: str) -> None:
    """What breaks the contract is refused at construction, in both languages."""
    with pytest.raises(DataError) as caught:
        make_transfer(**fields)

    assert en in caught.value.en
    assert zh in caught.value.zh


def test_empty_id_is_refused() -> None:
    """A transfer without an id cannot be told from another."""
    with pytest.raises(DataError, match="transfer_id is empty"):
        make_transfer("")


def test_transfer_is_frozen_and_compared_by_value() -> None:
    """Two transfers of the same content are equal, and neither can be changed."""
    transfer = make_transfer()

    with pytest.raises(AttributeError):
        transfer.amount_fen = 1  # type: ignore[misc]  # the attempt is the test

    assert transfer == make_transfer()


def test_absent_is_not_false() -> None:
    """A fact that nobody told is unknown."""
    assert make_transfer().active_call is None


def test_transfer_survives_json() -> None:
    """A transfer written as JSON and read again is the same value."""
    transfer = make_transfer(channel="mobile_app", payee_added_at=START - timedelta(days=1))

    again = msgspec.json.decode(msgspec.json.encode(transfer), type=Transfer)

    assert msgspec.to_builtins(again) == msgspec.to_builtins(transfer)
    assert isinstance(again.event_time, datetime)
