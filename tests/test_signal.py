"""A signal names somebody and says how sure it is."""

from typing import Any

import pytest

from fraudguard.errors import DataError
from fraudguard.signal import Signal, SignalType
from tests.fakes import START


def _signal(**fields: Any) -> Signal:  # noqa: ANN401  # fields of many types
    plain = {"signal_id": "s", "signal_type": SignalType.SIM_CHANGED, "event_time": START, "received_at": START}
    return Signal(**{**plain, "account_id": "a", **fields})


@pytest.mark.parametrize("confidence", [None, 0.0, 1.0])
def test_confidence_on_the_edge_is_right(confidence: float | None) -> None:
    """Nothing, zero and one are accepted."""
    assert _signal(confidence=confidence).confidence == confidence


def test_holder_stands_for_an_account() -> None:
    """A signal may name a holder and no account."""
    fields = {"account_id": None, "holder_token": "h"}

    assert _signal(**fields).account_id is None


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"signal_id": ""}, "signal_id is empty"),
        ({"account_id": None}, "name account_id or holder_token"),
        ({"event_time": START.replace(tzinfo=None)}, "without a zone"),
        ({"received_at": START.replace(tzinfo=None)}, "without a zone"),
        ({"expires_at": START.replace(tzinfo=None)}, "without a zone"),
        ({"confidence": -0.1}, "within 0 and 1"),
        ({"confidence": 1.1}, "within 0 and 1"),
        ({"confidence": float("nan")}, "within 0 and 1"),
    ],
)
def test_wrong_signal_cannot_be_made(fields: dict[str, Any], word: str) -> None:
    """What breaks the contract is refused at construction."""
    with pytest.raises(DataError, match=word):
        _signal(**fields)
