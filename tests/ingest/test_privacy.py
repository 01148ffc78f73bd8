"""Personal data are found by name and by look, and never shown."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.ingest.privacy import is_card_number, is_identity_number, scan_privacy

CARD, IDENTITY, PHONE = "6222020000000007", "11010519491231002X", "13800000000"


@given(digits=st.text("0123456789", min_size=15, max_size=18))
def test_one_check_digit_fits(digits: str) -> None:
    """Of the ten digits that may end a card number exactly one passes."""
    assert sum(is_card_number(digits + last) for last in "0123456789") == 1


@given(digits=st.text("0123456789", min_size=17, max_size=17))
def test_one_check_character_fits(digits: str) -> None:
    """Of the eleven characters that may end an ID number exactly one passes."""
    assert sum(is_identity_number(digits + last) for last in "0123456789X") == 1


@pytest.mark.parametrize(
    ("value", "kind", "level"),
    [
        (CARD, "bank card number", "C2"),
        (IDENTITY, "resident ID number", "C2"),
        (PHONE, "mobile phone number", "C2"),
        ("6222020000000007=30012010000000000", "track data", "C3"),
    ],
)
def test_each_kind_is_told_by_its_look(value: str, kind: str, level: str) -> None:
    """A column of such values is found, with its class, its count and its first row, and without the value."""
    hits = scan_privacy("t", pa.table({"x": [None, value, value], "y": ["a", "b", "c"]}))
    hit = next(hit for hit in hits if hit.kind.en == kind)

    assert (hit.table, hit.column, hit.level, hit.rows, hit.first_row) == ("t", "x", level, 2, 2)
    assert all(value not in repr(one) for one in hits)


@pytest.mark.parametrize(
    "name", ["pin", "card_pin", "CVV2", "password", "支付密码", "track2", "短信验证码", "face_template", "卡有效期"]
)
def test_secrets_are_told_by_their_name(name: str) -> None:
    """A column called so is refused even when it is empty."""
    hits = scan_privacy("t", pa.table({name: pa.array([None], pa.string())}))

    assert [(hit.column, hit.level) for hit in hits] == [(name, "C3")]


@pytest.mark.parametrize("name", ["spinning", "pincode_region", "opinion", "amount_fen", "tracking"])
def test_harmless_names_are_left_alone(name: str) -> None:
    """Names that only contain such letters are no secrets."""
    assert scan_privacy("t", pa.table({name: ["x"]})) == []


def test_personal_data_hide_in_remarks() -> None:
    """One phone number among a thousand remarks is found; one that looks like a card among ids is chance."""
    remarks = ["货款"] * 999 + [f"联系 {PHONE}"]
    ids = ["8000000000000000"] * 999 + [CARD]

    assert [hit.rows for hit in scan_privacy("t", pa.table({"remittance_info": remarks}))] == [1]
    assert scan_privacy("t", pa.table({"reference": ids})) == []


def test_numbers_count_as_text_unless_they_measure() -> None:
    """A phone number written as a number is found; an amount of so many fen is none."""
    table = pa.table({"contact": [13_800_000_000], "balance_fen": [13_800_000_000], "ratio": [0.5]})

    assert [hit.column for hit in scan_privacy("t", table)] == ["contact"]


def test_secrets_come_first() -> None:
    """C3 stands before C2."""
    assert [hit.level for hit in scan_privacy("t", pa.table({"a": [PHONE], "pin": ["1"], "姓名": ["甲"]}))] == [
        "C3",
        "C2",
        "C2",
    ]
