"""Reasons as sentences."""

import math

import pytest

from fraudguard.wording import Bilingual, choice_text, quantity_text, reason_text

TITLE = Bilingual(zh="付款账户近1天转出金额", en="Payer's money out in the last day")


@pytest.mark.parametrize(
    ("unit", "value", "zh", "en"),
    [
        ("fen", 4_980_000, "¥49,800.00", "¥49,800.00"),
        ("fen", 0, "¥0.00", "¥0.00"),
        ("s", 0.0, "0 秒", "0 s"),
        ("s", 59.5, "59.5 秒", "59.5 s"),
        ("s", 60, "1 分钟", "1 min"),
        ("s", 5_400, "1.5 小时", "1.5 h"),
        ("s", 259_200, "3 天", "3 d"),
        ("count", 1_204.0, "1,204", "1,204"),
        ("ratio", 23.7, "23.7", "23.7×"),
        ("ratio", 0.304, "0.30", "0.30×"),
        ("share", 0.625, "62.5%", "62.5%"),
        ("hour", 3.0, "3 时", "3:00"),
        ("log10", 0.5, "0.50", "0.50"),
        ("", math.inf, "inf", "inf"),
    ],
)
def test_quantity_is_written_in_its_unit(unit: str, value: float, zh: str, en: str) -> None:
    """Money stands in yuan, seconds as a duration, ratios as a number (in English a multiple)."""
    text = quantity_text(value, unit)

    assert (text.zh, text.en) == (zh, en)


def test_own_normal_stands_beside_the_value() -> None:
    """The payer's own normal is named as such."""
    text = reason_text(TITLE, unit="fen", value=4_980_000, baseline=210_000, baseline_of="own")

    assert text.zh == "付款账户近1天转出金额 ¥49,800.00，本人平时约 ¥2,100.00"
    assert text.en == "Payer's money out in the last day is ¥49,800.00; usually about ¥2,100.00"


def test_population_normal_is_told_apart() -> None:
    """The normal of genuine transfers is not passed off as the payer's own."""
    text = reason_text(TITLE, unit="fen", value=500, baseline=200, baseline_of="population")

    assert "本人" not in text.zh
    assert "in genuine transfers" in text.en


@pytest.mark.parametrize("baseline", [None, math.nan])
def test_no_normal_is_left_out(baseline: float | None) -> None:
    """Where there is nothing to compare with, only the value stands."""
    text = reason_text(TITLE, unit="count", value=3, baseline=baseline, baseline_of="population")

    assert text.zh == "付款账户近1天转出金额 3"


@pytest.mark.parametrize("value", [None, math.nan])
def test_unknown_value_says_so(value: float | None) -> None:
    """An unknown value is called unknown, not zero."""
    text = reason_text(TITLE, unit="fen", value=value, baseline=1.0, baseline_of="own")

    assert (text.zh, text.en) == (f"{TITLE.zh}：未知", f"{TITLE.en}: unknown")


@pytest.mark.parametrize(("value", "zh"), [(1.0, "是"), (0.0, "否")])
def test_flag_is_yes_or_no(value: float, zh: str) -> None:
    """A flag reads yes or no and needs no normal."""
    text = reason_text(TITLE, unit="flag", value=value, baseline=0.0, baseline_of="population")

    assert text.zh == f"{TITLE.zh}：{zh}"


def test_choice_reads_as_its_word() -> None:
    """A coded field reads as its word, not as its place in a list."""
    text = choice_text(Bilingual(zh="渠道", en="Channel"), kind="channel", code="counter")

    assert (text.zh, text.en) == ("渠道：柜面", "Channel: Counter")
