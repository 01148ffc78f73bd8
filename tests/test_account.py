"""What is known of an account has an owner and a moment from which it counts."""

from typing import Any

import pytest

from fraudguard.account import Account
from fraudguard.errors import DataError
from tests.fakes import START


def test_smallest_account_row() -> None:
    """An id and a moment are enough; all else is unknown."""
    account = Account(account_id="a", received_at=START)

    assert (account.known_involved, account.prior_victim) == (None, None)


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"account_id": ""}, "account_id is empty"), ({"received_at": START.replace(tzinfo=None)}, "no zone")],
)
def test_wrong_account_cannot_be_made(fields: dict[str, Any], word: str) -> None:
    """What breaks the contract is refused at construction."""
    with pytest.raises(DataError, match=word):
        Account(**{"account_id": "a", "received_at": START, **fields})
