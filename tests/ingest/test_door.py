"""Importing: a foreign file becomes a dataset folder, sorted once, whole or not at all."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.errors import ConflictError, DataError, DefinitionError, FraudguardError
from fraudguard.ingest import Mapping, import_dataset, load_mapping, preview_import
from fraudguard.ingest.parts import AmountPart, EventTimePart, ExtraPart, LabelsPart
from fraudguard.tables import read_dataset
from tests.tables.samples import files_under, transfers

_MAPPINGS = Path(__file__).parents[2] / "data" / "mappings"
_LABELS = LabelsPart(column="label", fraud=(1,), genuine=(0,), unknown=(-1,), delay_s=7 * 86_400)
_BANK_HEADER = (
    "交易流水号,交易日期,交易时间,付款账号,收款账号,交易金额,交易渠道,交易前余额,收款行行号,"
    "是否新收款人,设备号,附言,是否涉诈,摘要码,柜员号"
)
_BANK_LINES = [
    "0012,20260102,110407,p1,q1,49800.00,手机银行,50000.5,1051000,是,d1,货款,是,01,-",
    '0011,20260102,110407,p2,q1,"1,200.10",柜面,NULL,-,否,-,-,否,01,9',
    "0010,20260102,110407,p3,q2,3,其他,-,-,-,-,-,待核实,02,-",
    "0009,20260101,235959,p1,q1,0.01,扫码,1,-,否,-,-,,02,-",
]


def _import(folder: Path, frame: pd.DataFrame, mapping: Mapping | None = None, **options: Any) -> Any:  # noqa: ANN401  # a Dataset
    frame.to_parquet(folder / "source.parquet")
    return import_dataset(folder / "source.parquet", folder / "out", mapping=mapping, **options)


def _bank_file(folder: Path, lines: list[str]) -> Path:
    path = folder / "流水.csv"
    path.write_text("\n".join([_BANK_HEADER, *lines]), encoding="gb18030")
    return path


def test_bank_extract_with_chinese_headers(tmp_path: Path) -> None:
    """The shipped example mapping reads a Chinese extract: encoding, headers, words, yuan, labels, order."""
    mapping = load_mapping(_MAPPINGS / "bank_example.toml")

    import_dataset(_bank_file(tmp_path, _BANK_LINES), tmp_path / "out", mapping=mapping)
    dataset = read_dataset(tmp_path / "out")

    read = dataset.transfers.set_index("transfer_id")
    assert read.index.tolist() == ["0009", "0010", "0011", "0012"]
    assert read["amount_fen"].tolist() == [1, 300, 120_010, 4_980_000]
    assert read.loc["0012", "event_time"] == pd.Timestamp("2026-01-02T03:04:07Z")
    assert read["channel"].fillna("?").tolist() == ["qr", "?", "counter", "mobile_app"]
    assert read["is_new_payee"].tolist() == [False, pd.NA, False, True]
    assert read["payer_balance_before_fen"].tolist() == [100, pd.NA, pd.NA, 5_000_050]
    assert dict(zip(dataset.findings["transfer_id"], dataset.findings["finding"], strict=True)) == {
        "0009": "undetermined",
        "0010": "undetermined",
        "0012": "victim_transfer",
    }
    assert (dataset.meta.unreported, dataset.meta.maturity_days, dataset.meta.dropped) == (
        "genuine",
        30,
        ("摘要码", "柜员号"),
    )


@pytest.mark.parametrize(
    ("old", "new", "column", "word"),
    [
        ("49800.00", "-1", "amount_fen（文件中为“交易金额”）", "为负数"),
        ("49800.00", "1.234", "amount_fen（文件中为“交易金额”）", "两位小数"),
        ("20260102,110407,p1", "20260102,,p1", "event_time（文件中为“交易日期 + 交易时间”）", "为空"),
        ("手机银行", "手机", "channel（文件中为“交易渠道”）", "不认识这个词"),
        ("货款,是", "货款,也许", "是否涉诈", "没有这个标签值"),
        ("0012", "0011", "transfer_id（文件中为“交易流水号”）", "重复"),
    ],
)
def test_bad_cell_is_named_in_the_banks_words(tmp_path: Path, old: str, new: str, column: str, word: str) -> None:
    """An error of an import names the bank's own column and line, and leaves nothing behind."""
    lines = [_BANK_LINES[1], _BANK_LINES[0].replace(old, new)]
    source = _bank_file(tmp_path, lines)

    with pytest.raises(DataError) as caught:
        import_dataset(source, tmp_path / "out", mapping=load_mapping(_MAPPINGS / "bank_example.toml"))

    assert f"{source}：列 {column} 第 2 行（文件第 3 行）" in caught.value.zh
    assert word in caught.value.zh
    assert "row 2 (line 3)" in caught.value.en
    assert files_under(tmp_path) == ["流水.csv"]


@given(order=st.permutations(range(6)))
def test_row_order_of_the_source_does_not_matter(order: list[int]) -> None:
    """The rows of a file in any order give the same log, ties in time too."""
    frame = transfers(6).assign(event_time=pd.Timestamp("2026-01-02T00:00:00Z"), transfer_id=[8, 9, 10, 11, 100, 7])
    with TemporaryDirectory() as folder:
        dataset = _import(Path(folder), frame.iloc[order])

    assert dataset.transfers["transfer_id"].tolist() == ["7", "8", "9", "10", "11", "100"]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["b", "a10", "a9"], ["a10", "a9", "b"]),
        (["07", "7", "6"], ["6", "7", "07"]),
        (["9" * 30, "1", "2"], ["1", "2", "9" * 30]),
    ],
)
def test_ties_are_ordered_by_id(tmp_path: Path, ids: list[str], expected: list[str]) -> None:
    """At the same moment ids decide: as numbers when all are, as text otherwise."""
    frame = transfers(3).assign(event_time=pd.Timestamp("2026-01-02T00:00:00Z"), transfer_id=ids)

    assert _import(tmp_path, frame).transfers["transfer_id"].tolist() == expected


def test_import_of_our_own_file_needs_no_mapping(tmp_path: Path) -> None:
    """A file with our columns comes in as it is; without labels nothing counts as genuine."""
    dataset = _import(tmp_path, transfers(3))

    read = read_dataset(tmp_path / "out")
    pd.testing.assert_frame_equal(dataset.transfers, read.transfers)
    pd.testing.assert_frame_equal(dataset.findings, read.findings)
    assert (read.meta.name, read.meta.unreported) == ("source", "unknown")


@pytest.mark.parametrize(
    ("unreported", "expected"),
    [
        ("unknown", {"t0": "mule_movement", "t1": "genuine"}),
        ("genuine", {"t0": "mule_movement", "t2": "undetermined", "t3": "undetermined"}),
    ],
)
def test_labels_become_findings(tmp_path: Path, unreported: Any, expected: dict[str, str]) -> None:  # noqa: ANN401  # a literal
    """A finding says what silence would not, and is received when the delay has passed."""
    labels = LabelsPart(
        column="y", fraud=(1,), genuine=(0,), unknown=(-1,), finding="mule_movement", delay_s=60, unreported=unreported
    )
    dataset = _import(tmp_path, transfers(4, y=[1.0, 0.0, -1.0, np.nan]), Mapping(labels=labels))

    found = dataset.findings.set_index("transfer_id")
    times = dataset.transfers.set_index("transfer_id")["event_time"]
    assert found["finding"].to_dict() == expected
    assert ((found["received_at"] - times.reindex(found.index)) == timedelta(seconds=60)).all()
    assert dataset.meta.maturity_days == 1


def test_order_in_place_of_a_clock(tmp_path: Path) -> None:
    """A set without times takes the row number for one."""
    part = EventTimePart(kind="order", start=pd.Timestamp("2026-01-01T00:00:00Z").to_pydatetime(), step_s=60)

    dataset = _import(tmp_path, transfers(3).drop(columns="event_time"), Mapping(event_time=part))

    assert dataset.meta.period_until - dataset.meta.period_from == timedelta(seconds=120)


def test_unmapped_column_is_an_error(tmp_path: Path) -> None:
    """A column that nothing names stops the import and is listed with both ways out."""
    with pytest.raises(DataError, match=r"colour, size.*\[extra\]"):
        _import(tmp_path, transfers(2, colour="red", size=1), Mapping(extra=ExtraPart(drop=())))

    assert files_under(tmp_path) == ["source.parquet"]


@pytest.mark.parametrize("extra", [ExtraPart(policy="drop"), ExtraPart(drop=("colour",))])
def test_dropped_column_is_noted(tmp_path: Path, extra: ExtraPart) -> None:
    """A column left out on purpose is noted in the dataset."""
    assert _import(tmp_path, transfers(2, colour="red"), Mapping(extra=extra)).meta.dropped == ("colour",)


def test_column_of_the_mapping_that_is_not_there(tmp_path: Path) -> None:
    """A mapping made for another file is answered with the nearest column."""
    with pytest.raises(DefinitionError, match="Did you mean label"):
        _import(tmp_path, transfers(2, label=0), Mapping(labels=LabelsPart(column="labell", fraud=(1,))))


def test_columns_argument_goes_first(tmp_path: Path) -> None:
    """A column given in the call replaces that of the mapping."""
    frame = transfers(2).rename(columns={"amount_fen": "yuan"})
    mapping = Mapping(amount=AmountPart(unit="yuan"), columns={"amount_fen": "nothing"})

    assert _import(tmp_path, frame, mapping, columns={"amount_fen": "yuan"}).transfers["amount_fen"][0] == 498_000_000


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda frame: frame.assign(amount_fen=-1), "negative"),
        (lambda frame: frame.iloc[:0], "0 rows"),
        (lambda frame: frame.drop(columns="amount_fen"), "amount_fen"),
    ],
)
def test_nothing_is_left_of_a_failed_import(
    tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame], word: str
) -> None:
    """A file that breaks the contract leaves no folder."""
    with pytest.raises(DataError, match=word):
        _import(tmp_path, change(transfers(3)))

    assert files_under(tmp_path) == ["source.parquet"]


def test_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C during an import leaves no folder."""

    def interrupt(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _import(tmp_path, transfers(3), progress=interrupt)

    assert files_under(tmp_path) == ["source.parquet"]


def test_existing_out_is_told_before_any_work(tmp_path: Path) -> None:
    """An existing dataset stops the import before the source is even opened."""
    _import(tmp_path, transfers(3))

    with pytest.raises(ConflictError, match="exists already"):
        import_dataset(tmp_path / "nowhere.csv", tmp_path / "out")


def test_preview_writes_nothing(tmp_path: Path) -> None:
    """A preview tells what an import would give and leaves the disk alone."""
    transfers(3, label=[0, 1, 0]).to_parquet(tmp_path / "source.parquet")

    dataset = preview_import(tmp_path / "source.parquet", mapping=Mapping(labels=_LABELS))

    assert (dataset.path, dataset.meta.counts["findings"]) == (None, 3)
    assert files_under(tmp_path) == ["source.parquet"]


@given(content=st.binary(max_size=60), mapping=st.sampled_from([Mapping(), Mapping(amount=AmountPart(unit="yuan"))]))
def test_any_bytes_end_in_our_own_error(content: bytes, mapping: Mapping) -> None:
    """Whatever the file holds, an import fails in our own words and leaves nothing."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "a.csv"
        source.write_bytes(content)
        with pytest.raises(FraudguardError) as caught:
            import_dataset(source, Path(folder) / "out", mapping=mapping)
        left = files_under(Path(folder))

    assert caught.value.zh
    assert left == ["a.csv"]


def test_bad_amount_is_shown_as_the_file_has_it(tmp_path: Path) -> None:
    """An amount in yuan that breaks the contract is shown in yuan."""
    frame = transfers(2).assign(amount_fen=["1.50", "-5.00"])

    with pytest.raises(DataError) as caught:
        _import(tmp_path, frame, Mapping(amount=AmountPart(unit="yuan")))

    assert "“-5.00”" in caught.value.zh
    assert '"-5.00"' in caught.value.en
