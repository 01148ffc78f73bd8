"""How values are written for people."""

import pytest

from fraudguard.column import columns_of
from fraudguard.serve.console.show import fact, masked, yuan
from fraudguard.transfer import Transfer
from tests.fakes import START

COLUMNS = {column.name: column for column in columns_of(Transfer)}


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (123_456_789, "1,234,567.89"), (-150, "-1.50")])
def test_yuan(fen: int, text: str) -> None:
    """Fen are written as yuan with two places."""
    assert yuan(fen) == text


@pytest.mark.parametrize("token", ["", "1", "12", "123", "12345678", "6217000012341004"])
def test_masking_hides_most(token: str) -> None:
    """At most eight letters of a token are shown, and never a whole one."""
    shown = masked(token).replace("*", "")

    assert len(shown) <= 8
    assert not token or shown != token


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("active_call", True, "是"),
        ("active_call", False, "否"),
        ("amount_fen", 150, "1.50"),
        ("event_time", START, "2026-01-05 10:00:00"),
        ("channel", COLUMNS["channel"].type("web"), "网上银行"),
        ("payee_name_match", COLUMNS["payee_name_match"].type("CMTC"), "户名相近"),
        ("device_id", "device-0123456789", "devi****6789"),
        ("remittance_info", "货款", "货款"),
        ("teller_observation", ("a", "b"), "a、b"),
        ("auth_attempts", 3, "3"),
    ],
)
def test_facts_are_written_for_people(name: str, value: object, text: str) -> None:
    """Each kind of field has its own way of being written; what names a person's thing is masked."""
    assert fact(COLUMNS[name], value, "zh") == text
