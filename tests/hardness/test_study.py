"""The whole card, its page and its pictures."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from fraudguard.cli.hardness import hardness_command, print_card, refuse_outside
from fraudguard.errors import DataError, GateError
from fraudguard.hardness import hardness
from fraudguard.hardness.card import Card, judge
from fraudguard.hardness.laws import check_laws
from fraudguard.hardness.page import card_page, check_rows
from fraudguard.hardness.pictures import FIGURES, draw_figures
from fraudguard.hardness.views import VIEWS, columns_of_view
from fraudguard.tables import Dataset, read_dataset
from fraudguard.wording import Bilingual

TITLE = Bilingual(zh="甲", en="A")


@pytest.fixture(scope="module")
def card(folder: Path) -> Card:
    """Give the card of the small world."""
    return hardness(folder)


def test_a_card_has_every_check(card: Card) -> None:
    """All acceptance checks are there, every figure is a number, and the laws are kept."""
    codes = [check.code for check in card.checks]

    assert len(set(codes)) == len(codes) == 12
    assert all(check.value == check.value for check in card.checks)  # NaN is not itself
    assert {check.verdict for check in card.checks if check.code in {"over_limit", "below_zero", "out_of_order"}} == {
        "inside"
    }
    assert {row.among for row in card.recalls} >= {"all", "brushing"}
    assert set(card.facts["auc"]) == {"message_fields", *VIEWS, "expert_rules"}


def test_few_cases_are_no_verdict() -> None:
    """With fewer than twenty cases a figure far outside its band is no failure, and the card says so."""
    few = judge("x", TITLE, 0.99, low=0.5, high=0.85, cases=19)
    many = judge("x", TITLE, 0.99, low=0.5, high=0.85, cases=20)
    near = judge("x", TITLE, 0.99, low=0.5, high=0.85, cases=20, error=0.2)

    assert (few.verdict, few.detail) == ("too few", "19/20 cases")
    assert (many.verdict, near.verdict) == ("outside", "inside")


def test_broken_laws_are_counted(folder: Path) -> None:
    """A limit broken, a balance exceeded and a row out of order are each counted once."""
    dataset, truth = read_dataset(folder), pd.read_parquet(folder / "truth.parquet")
    classes = dataset.accounts.drop_duplicates("account_id").set_index("account_id")["account_class"]
    transfers = dataset.transfers.copy()
    place = int(transfers.index[transfers["payer_account_id"].map(classes) == "II"][5])
    transfers.loc[place, "amount_fen"] = 1_000_001
    transfers.loc[place, "payer_balance_before_fen"] = 1_000_000
    transfers.loc[9, "event_time"] = transfers["event_time"].iloc[8] - pd.Timedelta(seconds=1)
    broken = Dataset(None, dataset.meta, transfers, dataset.accounts, dataset.signals, dataset.findings)
    laws = check_laws(broken, truth)

    assert (laws.over_limit, laws.below_zero, laws.out_of_order) == (1, 1, 1)
    assert check_laws(dataset, truth).over_limit == 0


def test_views_widen() -> None:
    """A clearing house sees less than a bank, a bank less than two, and a payer's bank nothing of the payee's account."""
    names = [
        "amount_fen",
        "payer_drain_share",
        "payee_account_age_d",
        "payee_in_payers_distinct_1d",
        "payee_type",
        "active_call",
    ]

    assert columns_of_view("message_only", names) == ("amount_fen", "payee_in_payers_distinct_1d")
    assert columns_of_view("bank_payer_view", names) == ("amount_fen", "payer_drain_share", "payee_type", "active_call")
    assert columns_of_view("bank_both_sides", names) == tuple(names)


def test_page_and_pictures_are_made(card: Card, tmp_path: Path) -> None:
    """The page names every check in both languages and shows each picture, which is the same when drawn again."""
    page = card_page(card, source="a test", figures=True)
    first = [path.read_bytes() for path in draw_figures(card, tmp_path)]
    again = [path.read_bytes() for path in draw_figures(card, tmp_path)]

    assert all(row[0] in page for lang in ("zh", "en") for row in check_rows(card, lang))
    assert all(f"hardness-{name}.svg" in page for name in FIGURES)
    assert "hardness-areas.svg" not in card_page(card, source="a test", figures=False)
    assert first == again


def test_command_writes_json_and_report_and_is_the_same_again(
    card: Card, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints one JSON object and writes the report whatever the verdict; same data and seed, same card."""
    with suppress(GateError):
        hardness_command(folder, report=tmp_path / "report", as_json=True)
    told = json.loads(capsys.readouterr().out)

    assert (tmp_path / "report" / "hardness.md").is_file()
    assert [check["value"] for check in told["checks"]] == [check.value for check in card.checks]
    assert next(check["high"] for check in told["checks"] if check["code"] == "episodes_per_case") is None


def test_card_is_printed_as_tables(card: Card, capsys: pytest.CaptureFixture[str]) -> None:
    """Piped, the tables are lines with tabs, one a check and one a recall, with a head each."""
    print_card(card)
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == 2 + len(card.checks) + len(card.recalls)
    assert lines[1].startswith("单个特征的 AUC 上限\t")


def test_what_is_outside_is_named(card: Card) -> None:
    """A card with a figure outside its band fails, and names the figure in both languages; one without passes."""
    failed = judge("x", Bilingual(zh="甲项", en="item A"), 0.99, low=0.5, high=0.85, detail="column b")
    with pytest.raises(GateError, match=r"item A \(column b\)") as caught:
        refuse_outside(replace(card, checks=[failed]))

    assert "甲项（column b）" in caught.value.zh
    refuse_outside(replace(card, checks=[]))


def test_a_window_without_victims_is_refused(folder: Path, tmp_path: Path) -> None:
    """Where the test window has no victim the card cannot judge, and says what to do."""
    dataset, truth = read_dataset(folder), pd.read_parquet(folder / "truth.parquet")
    late = dataset.transfers["event_time"] > dataset.transfers["event_time"].quantile(0.5)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    truth.assign(is_victim_transfer=truth["is_victim_transfer"] & ~late).to_parquet(tmp_path / "truth.parquet")

    with pytest.raises(DataError, match="test window"):
        hardness(tmp_path)
