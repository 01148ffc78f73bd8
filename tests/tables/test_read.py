"""Reading: what is right comes in unchanged, what is wrong is named with its place and mend."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fraudguard.errors import DataError, DefinitionError, FraudguardError, NotFoundError
from fraudguard.tables import read_dataset, read_transfers, write_dataset
from fraudguard.tables.raw import FileFormat
from fraudguard.tables.source import open_table
from tests.tables.samples import HEADER, META, files_under, findings, transfers, write_lines

GOOD = "t1,2026-01-02T11:04:07+08:00,payer-1,payee-1,4980000"
ACCOUNT = "6222021234567890123"


@pytest.mark.parametrize(
    ("lines", "column", "row", "count", "mend_en", "mend_zh"),
    [
        (
            [GOOD, "t2,2026-01-02T11:04:07Z,a,b,-5", "t3,2026-01-02T11:04:07Z,a,b,-6"],
            "amount_fen",
            2,
            2,
            "below 0",
            "不得小于",
        ),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,4398046511105"], "amount_fen", 2, 1, "4398046511104", "4398046511104"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,nan"], "amount_fen", 2, 1, "Correct the NaN", "NaN"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,-Infinity"], "amount_fen", 2, 1, "infinity", "无穷大"),
        ([GOOD, GOOD.replace("t1", "t2"), "t3,2026-01-02T11:04:07Z,a,b,12.5"], "amount_fen", 3, 1, "yuan", "yuan"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,99999999999999999999"], "amount_fen", 2, 1, "right column", "对错了"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,twelve"], "amount_fen", 2, 1, "digits only", "只写数字"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,0x1F"], "amount_fen", 2, 1, "digits only", "只写数字"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,"], "amount_fen", 2, 1, "required", "必填"),
        (["t2,2026-01-02 11:04:07,a,b,1", GOOD], "event_time", 1, 1, "--time-zone", "--time-zone"),
        ([GOOD, "t2,2026-13-02T11:04:07Z,a,b,1"], "event_time", 2, 1, "+08:00", "+08:00"),
        ([GOOD, "t2,1767323047,a,b,1"], "event_time", 2, 1, "+08:00", "+08:00"),
        ([GOOD, "t2,0001-01-01T00:00:00Z,a,b,1"], "event_time", 2, 1, "seconds or milliseconds", "秒还是毫秒"),
        ([GOOD, ",2026-01-02T11:04:07Z,a,b,1"], "transfer_id", 2, 1, "required", "必填"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,   ,b,1"], "payer_account_id", 2, 1, "required", "必填"),
        ([GOOD, "t2,2026-01-02T11:04:07Z,a,b,1", GOOD], "transfer_id", 3, 1, "repeated rows", "重复的行"),
    ],
)
def test_bad_cell_is_named(  # a row of the table
    tmp_path: Path, lines: list[str], column: str, row: int, count: int, mend_en: str, mend_zh: str
) -> None:
    """A bad cell's error names file, column, row, line, how many and the mend, in both languages."""
    path = write_lines(tmp_path / "bad.csv", lines)

    with pytest.raises(DataError) as caught:
        read_transfers(path)

    en, zh = caught.value.en, caught.value.zh
    assert all(part in en for part in (str(path), f"column {column}", f"row {row} ", f"(line {row + 1})", mend_en))
    assert all(part in zh for part in (str(path), f"列 {column}", f"第 {row} 行", f"文件第 {row + 1} 行", mend_zh))
    assert f"{count} such row" in en
    assert f"共 {count} 行" in zh
    assert files_under(tmp_path) == ["bad.csv"]


@pytest.mark.parametrize(
    ("columns", "column", "row", "word"),
    [
        ({"amount_fen": [1, 2, 3, -4, -5]}, "amount_fen", 4, "negative"),
        ({"amount_fen": [1.0, 2.0, np.nan, 4.0, 5.0]}, "amount_fen", 3, "empty"),
        ({"amount_fen": [1.0, 2.0, np.inf, 4.0, 5.0]}, "amount_fen", 3, "finite"),
        ({"amount_fen": [1.0, 2.5, 3.0, 4.0, 5.0]}, "amount_fen", 2, "whole"),
        ({"amount_fen": [True] * 5}, "amount_fen", 1, "wrong type bool"),
        ({"event_time": pd.date_range("2026-01-02", periods=5)}, "event_time", 1, "zone"),
        ({"event_time": [1, 2, 3, 4, 5]}, "event_time", 1, "wrong type int64"),
        ({"transfer_id": [1.0, 2.0, 3.0, 4.0, 5.0]}, "transfer_id", 1, "wrong type double"),
        ({"transfer_id": ["a", "b", None, "d", "e"]}, "transfer_id", 3, "empty"),
        ({"transfer_id": ["a", "b", "a", "b", "e"]}, "transfer_id", 3, "earlier"),
        ({"channel": ["web", "mobile_ap", "web", "web", "web"]}, "channel", 2, "Did you mean mobile_app"),
        ({"active_call": ["yes"] * 5}, "active_call", 1, "true nor false"),
        ({"auth_attempts": [1.0, np.nan, 2.5, 1.0, 1.0]}, "auth_attempts", 3, "whole"),
    ],
)
def test_bad_parquet_cell_is_named(tmp_path: Path, columns: dict[str, Any], column: str, row: int, word: str) -> None:
    """A typed file's error names column and row as well, and its own type when that is the trouble."""
    transfers(5, **columns).to_parquet(tmp_path / "bad.parquet")

    with pytest.raises(DataError) as caught:
        read_transfers(tmp_path / "bad.parquet")

    assert f"column {column}" in caught.value.en
    assert f"row {row}" in caught.value.en
    assert word in caught.value.en
    assert f"第 {row} 行" in caught.value.zh


def test_missing_column_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A missing column's error offers the header that looks like it, as an option to paste."""
    path = write_lines(tmp_path / "a.csv", [GOOD], header=HEADER.replace("payee_account_id", "payee_acct"))

    with pytest.raises(DataError) as caught:
        read_transfers(path, {})

    assert "required column payee_account_id" in caught.value.en
    assert "--column payee_account_id=payee_acct" in caught.value.en
    assert "--column payee_account_id=payee_acct" in caught.value.zh


def test_missing_column_without_others(tmp_path: Path) -> None:
    """A file that lacks a required column is told which, what it means and what there is."""
    transfers(2).drop(columns="payee_account_id").to_parquet(tmp_path / "a.parquet")

    with pytest.raises(DataError, match=r"required column payee_account_id \(Payee account token\) is missing"):
        read_transfers(tmp_path / "a.parquet")


def test_unknown_column_is_refused(tmp_path: Path) -> None:
    """A column of no meaning is refused, not carried along."""
    transfers(2, colour="red").to_parquet(tmp_path / "a.parquet")

    with pytest.raises(DataError, match="unknown column colour"):
        read_transfers(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.csv", b"", "0 bytes"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", HEADER.encode() + b"\n", "0 rows"),
        ("a.csv", b"a,a\n1,2\n", "stands twice"),
        ("a.csv", b"a,,b\n1,2,3\n", "is empty"),
        ("a.csv", HEADER.encode() + b"\nt1,2026\nt2,2\n", "row 1 (line 2) has 2 cells"),
        ("a.csv", HEADER.encode() + f"\n{GOOD}\nt2,x\xff,a,b,1\n".encode("latin-1"), "line 3 is not utf-8"),
        ("a.csv.gz", gzip.compress(f"{HEADER}\n{GOOD}\n".encode() * 500)[:-12], "cut short"),
        ("a.csv.gz", b"\x1f\x8b and then nothing", "cut short"),
        ("a.parquet", b"PAR1 is how it begins", "Parquet"),
        ("a.parquet", b"transfer_id\n1\n", "Parquet"),
        ("a.xlsx", b"PK\x03\x04", "not known"),
    ],
)
def test_bad_file_is_named(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    """A file that cannot be read at all is named, with the reason and the mend."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(DataError) as caught:
        read_transfers(path)

    assert str(path) in caught.value.en
    assert str(path) in caught.value.zh
    assert word in caught.value.en


def test_missing_file() -> None:
    """A path to nothing is said to be one."""
    with pytest.raises(NotFoundError, match="no such file"):
        read_transfers("nowhere.csv")


@pytest.mark.parametrize(
    "line",
    [
        f"t1,2026-01-02T11:04:07Z,{ACCOUNT},b,-1",
        f"t1,2026-01-02T11:04:07Z,a,b,{ACCOUNT}",
        f"t1,{ACCOUNT},a,b,1",
        f"t1,2026-01-02T11:04:07Z,{ACCOUNT},b,1,more",
    ],
)
def test_no_account_in_a_message(tmp_path: Path, line: str) -> None:
    """A message never carries a whole account id, even when the columns are shifted."""
    path = write_lines(tmp_path / "a.csv", [line])

    with pytest.raises(DataError) as caught:
        read_transfers(path)

    assert ACCOUNT not in caught.value.en + caught.value.zh


def test_no_account_in_a_message_of_a_file_without_header(tmp_path: Path) -> None:
    """When the header is a row of data, it is not printed as the list of columns."""
    path = tmp_path / "a.csv"
    path.write_text(f"t1,2026,{ACCOUNT},b,1\nt2,2026,c,d,2\n", encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_transfers(path)

    assert ACCOUNT not in caught.value.en + caught.value.zh


def test_line_is_right_after_quoted_newlines_and_blank_lines(tmp_path: Path) -> None:
    """The line is that of the file even when a cell spans two lines and blank lines lie between."""
    text = f'{HEADER},remittance_info\n{GOOD},"two\nlines"\n\nt2,2026-01-02T11:04:07Z,a,b,-1,x\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=r"row 2 \(line 5\)"):
        read_transfers(tmp_path / "a.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_csv_equals_parquet(tmp_path: Path, encoding: str, ending: str) -> None:
    """The same transfers come out of CSV, with and without mark, zipped or not, as out of Parquet."""
    frame = transfers(7, channel="mobile_app", active_call=pd.array([True, None, False] * 2 + [None], dtype="boolean"))
    frame.to_csv(tmp_path / f"a{ending}", index=False, encoding=encoding)
    frame.to_parquet(tmp_path / "a.parquet")

    from_csv, from_parquet = read_transfers(tmp_path / f"a{ending}"), read_transfers(tmp_path / "a.parquet")

    pd.testing.assert_frame_equal(from_csv, from_parquet)


def test_types_are_as_promised(tmp_path: Path) -> None:
    """Text is str, moments are UTC milliseconds, required integers int64, optional ones Int64, flags boolean."""
    frame = transfers(2, is_new_payee=[True, False], auth_attempts=[1, 2], teller_observation=[["coached"], None])
    frame.to_parquet(tmp_path / "a.parquet")

    read = read_transfers(tmp_path / "a.parquet")

    assert {name: str(kind) for name, kind in read.dtypes.items()} == {
        "transfer_id": "str",
        "event_time": "datetime64[ms, UTC]",
        "payer_account_id": "str",
        "payee_account_id": "str",
        "amount_fen": "int64",
        "is_new_payee": "boolean",
        "auth_attempts": "Int64",
        "teller_observation": "object",
    }
    assert read["teller_observation"].tolist() == [("coached",), None]


def test_unknown_is_absent_and_not_false(tmp_path: Path) -> None:
    """The word unknown is read as absent, for flags and for closed lists."""
    path = write_lines(tmp_path / "a.csv", [f"{GOOD},unknown,unknown"], header=f"{HEADER},active_call,channel")

    read = read_transfers(path)

    assert read[["active_call", "channel"]].isna().all(axis=None)


def test_rows_are_never_sorted(tmp_path: Path) -> None:
    """Row order is the log order: reading keeps it though times run backwards."""
    frame = transfers(4).iloc[::-1]
    frame.to_parquet(tmp_path / "a.parquet")

    assert read_transfers(tmp_path / "a.parquet")["transfer_id"].tolist() == ["t3", "t2", "t1", "t0"]


def test_columns_may_be_renamed_on_the_way(tmp_path: Path) -> None:
    """A plain mapping of our column to the file's is enough for a file that is otherwise right."""
    transfers(2).rename(columns={"amount_fen": "分"}).to_parquet(tmp_path / "a.parquet")

    assert read_transfers(tmp_path / "a.parquet", {"amount_fen": "分"})["amount_fen"].tolist() == [4_980_000, 4_980_001]


def test_mapping_to_a_column_that_is_not_there(tmp_path: Path) -> None:
    """A mapping that names a missing column is answered with the nearest one."""
    transfers(2).rename(columns={"amount_fen": "amount"}).to_parquet(tmp_path / "a.parquet")

    with pytest.raises(DefinitionError, match="Did you mean amount"):
        read_transfers(tmp_path / "a.parquet", {"amount_fen": "amuont"})


def _dataset(folder: Path) -> Path:
    write_dataset(folder / "d", transfers=transfers(3), findings=findings(["t1"]), meta=META)
    return folder / "d"


def test_dataset_without_optional_tables(tmp_path: Path) -> None:
    """A table without a file has no rows and all its columns in their types."""
    dataset = read_dataset(_dataset(tmp_path))

    assert len(dataset.accounts) == 0
    assert str(dataset.accounts["known_involved"].dtype) == "str"
    assert str(dataset.signals["received_at"].dtype) == "datetime64[ms, UTC]"
    assert dataset.findings["transfer_id"].tolist() == ["t1"]


def _rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "dataset.json"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda d: (d / "dataset.json").write_text("{", encoding="utf-8"), "not JSON"),
        (lambda d: (d / "dataset.json").write_text("[]", encoding="utf-8"), "not a JSON object"),
        (lambda d: (d / "dataset.json").write_text('{"namee": 1}', encoding="utf-8"), "did you mean name"),
        (lambda d: (d / "dataset.json").write_text('{"name": 1, "source": ""}', encoding="utf-8"), "str"),
        (lambda d: _rewrite(d, "Asia/Shanghai", "Mars"), "time_zone Mars"),
        (lambda d: _rewrite(d, '"maturity_days": ', '"maturity_days": -'), "maturity_days -"),
        (lambda d: (d / "dataset.json").unlink(), "not a dataset folder"),
        (lambda d: (d / "transfers.parquet").unlink(), "no such file"),
        (lambda d: (d / "findings.parquet").unlink(), "0 rows where dataset.json counts 1"),
        (lambda d: transfers(2).to_parquet(d / "transfers.parquet"), "2 rows where dataset.json counts 3"),
        (lambda d: transfers(0).to_parquet(d / "transfers.parquet"), "0 rows"),
        (lambda d: (d / "transfers.parquet").write_bytes(b"PAR1"), "Parquet"),
    ],
)
def test_damaged_folder_is_refused(tmp_path: Path, damage: Any, word: str) -> None:  # noqa: ANN401  # a lambda
    """A folder that was changed or is not whole is refused with the file that is wrong."""
    folder = _dataset(tmp_path)
    damage(folder)

    with pytest.raises(FraudguardError, match=word):
        read_dataset(folder)


def test_no_folder() -> None:
    """A path to no folder is said to be one."""
    with pytest.raises(NotFoundError, match="no such folder"):
        read_dataset("nowhere")


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ({"account_id": "a"}, "transfer_id, account_id"),
        ({"transfer_id": None}, "transfer_id, account_id"),
        ({"loss_fen": -1}, "loss_fen"),
        ({"finding": "guilty"}, "finding"),
    ],
)
def test_bad_finding_is_refused(tmp_path: Path, columns: dict[str, Any], word: str) -> None:
    """A finding breaks the same rules in a table as alone."""
    with pytest.raises(DataError, match=f"findings: column {word}"):
        write_dataset(tmp_path / "d", transfers=transfers(3), findings=findings(["t1"]).assign(**columns), meta=META)


@pytest.mark.parametrize(
    ("columns", "word"),
    [({"account_id": None}, "account_id, holder_token"), ({"confidence": 1.5}, "confidence"), ({}, "")],
)
def test_signal_rules(tmp_path: Path, columns: dict[str, Any], word: str) -> None:
    """A signal names somebody, and its confidence is a share."""
    moment = pd.to_datetime(["2026-01-09T00:00:00Z"])
    signal = {"signal_id": "s", "signal_type": "sim_changed", "event_time": moment, "received_at": moment}
    frame = pd.DataFrame({**signal, "account_id": "a", "confidence": 0.5, **columns})
    if not word:
        write_dataset(tmp_path / "d", transfers=transfers(3), signals=frame, meta=META)

        assert read_dataset(tmp_path / "d").signals["confidence"].tolist() == [0.5]
        return

    with pytest.raises(DataError, match=f"signals: column {word}"):
        write_dataset(tmp_path / "d", transfers=transfers(3), signals=frame, meta=META)


def test_folder_is_not_a_file_of_transfers(tmp_path: Path) -> None:
    """A folder where a file is wanted is called a folder."""
    with pytest.raises(NotFoundError, match="is a folder, not a file"):
        read_transfers(tmp_path)


def test_another_encoding_is_proposed(tmp_path: Path) -> None:
    """What cannot be read in one encoding is not proposed to be read in the same."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"transfer_id\n\xff\xff\n")

    with pytest.raises(DataError, match="for example utf-8"):
        open_table(path, FileFormat(encoding="gb18030"))
