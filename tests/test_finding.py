"""A finding speaks of one transfer or of one account."""

from typing import Any

import pytest

from fraudguard.errors import DataError
from fraudguard.finding import Finding, FindingValue
from tests.fakes import START


def _finding(**fields: Any) -> Finding:  # noqa: ANN401  # fields of many types
    plain = {"finding_id": "f", "finding": FindingValue.VICTIM_TRANSFER, "event_time": START, "received_at": START}
    return Finding(**{**plain, "transfer_id": "t", **fields})


def test_finding_on_an_account() -> None:
    """A finding may name an account in place of a transfer."""
    assert _finding(transfer_id=None, account_id="a").account_id == "a"


def test_no_loss_is_a_loss_of_nothing() -> None:
    """A loss of zero is a statement and is accepted."""
    assert _finding(loss_fen=0).loss_fen == 0


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"finding_id": ""}, "finding_id is empty"),
        ({"transfer_id": None}, "either transfer_id or account_id"),
        ({"account_id": "a"}, "either transfer_id or account_id"),
        ({"event_time": START.replace(tzinfo=None)}, "without a zone"),
        ({"received_at": START.replace(tzinfo=None)}, "without a zone"),
        ({"loss_fen": -1}, "loss_fen is negative"),
    ],
)
def test_wrong_finding_cannot_be_made(fields: dict[str, Any], word: str) -> None:
    """What breaks the contract is refused at construction, in both languages."""
    with pytest.raises(DataError, match=word) as caught:
        _finding(**fields)

    assert "结论" in caught.value.zh or "finding_id 为空" in caught.value.zh
