"""Writing: whole or not at all, and the same back as was given."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudguard.account import Account
from fraudguard.column import Column, Event, columns_of
from fraudguard.errors import ConflictError, DataError, PermissionDeniedError
from fraudguard.tables import Dataset, DatasetMeta, read_dataset, write_dataset
from fraudguard.tables.folder import claim, whole_file, whole_folder
from fraudguard.transfer import AMOUNT_MAX_FEN, Transfer
from tests.tables.samples import META, files_under, findings, transfers

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001  # bounds are naive
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


def _cells(column: Column) -> st.SearchStrategy[Any]:
    of_type: dict[type, st.SearchStrategy[Any]] = {
        str: _TEXT,
        int: st.integers(0, AMOUNT_MAX_FEN),
        float: st.floats(0, 1),
        bool: st.booleans(),
        datetime: _MOMENTS,
        date: st.dates(date(1900, 1, 1), date(9999, 12, 31)),
        tuple: st.lists(_TEXT, max_size=3),
    }
    cell = (
        st.sampled_from([str(word) for word in column.type])
        if issubclass(column.type, StrEnum)
        else of_type[column.type]
    )
    return cell if column.required else st.none() | cell


@st.composite
def _frames(draw: st.DrawFn, event_type: type[Event], key: str) -> pd.DataFrame:
    columns = [c for c in columns_of(event_type) if c.required or draw(st.booleans())]
    n_rows = draw(st.integers(1, 4))
    cells = {c.name: draw(st.lists(_cells(c), min_size=n_rows, max_size=n_rows)) for c in columns}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in cells.items()}).assign(**{
        key: [f"{key}-{place}" for place in range(n_rows)]
    })


def _through(folder: Path, dataset: Dataset) -> Dataset:
    write_dataset(folder, transfers=dataset.transfers, accounts=dataset.accounts, meta=dataset.meta)
    return read_dataset(folder)


@settings(max_examples=25)  # each example writes and reads four folders
@given(given_transfers=_frames(Transfer, "transfer_id"), given_accounts=_frames(Account, "account_id"))
def test_what_is_written_is_read(given_transfers: pd.DataFrame, given_accounts: pd.DataFrame) -> None:
    """Any table that is right comes back cell for cell, and a second time in the same types too."""
    with TemporaryDirectory() as folder:
        once_path, twice_path = Path(folder) / "once", Path(folder) / "twice"
        write_dataset(once_path, transfers=given_transfers, accounts=given_accounts, meta=META)
        once = read_dataset(once_path)
        twice = _through(twice_path, once)

        same_bytes = all(
            (once_path / name).read_bytes() == (twice_path / name).read_bytes()
            for name in ("transfers.parquet", "dataset.json")
        )

    pd.testing.assert_frame_equal(once.transfers, twice.transfers)
    pd.testing.assert_frame_equal(once.accounts, twice.accounts)
    assert same_bytes
    assert once.transfers["amount_fen"].tolist() == given_transfers["amount_fen"].tolist()
    assert once.transfers["event_time"].tolist() == given_transfers["event_time"].tolist()


def test_meta_tells_of_the_data(tmp_path: Path) -> None:
    """Period and counts in dataset.json are those of the rows, whatever was claimed."""
    claimed = DatasetMeta(name="n", source="s", counts={"transfers": 9}, unreported="unknown", dropped=("x",))
    write_dataset(tmp_path / "d", transfers=transfers(3), findings=findings(["t0", "t2"]), meta=claimed)

    meta = read_dataset(tmp_path / "d").meta

    assert meta.counts == {"transfers": 3, "accounts": 0, "signals": 0, "findings": 2}
    assert (meta.period_from, meta.period_until) == (
        datetime(2026, 1, 2, 3, 4, 7, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 6, 7, tzinfo=UTC),
    )
    assert (meta.unreported, meta.dropped) == ("unknown", ("x",))


def test_truth_is_written_and_never_read(tmp_path: Path) -> None:
    """What a simulator knows lies beside the data and does not come in with them."""
    truth = pd.DataFrame({"transfer_id": ["t0"], "campaign": [3]})
    write_dataset(tmp_path / "d", transfers=transfers(3), truth=truth, meta=META)

    assert files_under(tmp_path / "d") == ["dataset.json", "transfers.parquet", "truth.parquet"]
    assert "campaign" not in read_dataset(tmp_path / "d").transfers


@pytest.mark.parametrize(
    "frame",
    [
        transfers(0),
        transfers(2, amount_fen=[-1, 1]),
        transfers(2, channel=["web", 5]),
        transfers(2, colour="red"),
    ],
)
def test_nothing_is_left_of_a_bad_table(tmp_path: Path, frame: pd.DataFrame) -> None:
    """A table that breaks its contract leaves no folder, not even the one above."""
    with pytest.raises(DataError, match="transfers"):
        write_dataset(tmp_path / "above" / "d", transfers=frame, meta=META)

    assert files_under(tmp_path) == []


def test_existing_folder_is_kept(tmp_path: Path) -> None:
    """Without overwrite an existing dataset stays as it is."""
    write_dataset(tmp_path / "d", transfers=transfers(3), meta=META)

    with pytest.raises(ConflictError, match="--overwrite"):
        write_dataset(tmp_path / "d", transfers=transfers(1), meta=META)

    assert len(read_dataset(tmp_path / "d").transfers) == 3


def test_overwrite_replaces_all(tmp_path: Path) -> None:
    """With overwrite the new dataset stands alone: no table of the old one is left."""
    write_dataset(tmp_path / "d", transfers=transfers(3), findings=findings(["t1"]), meta=META)
    write_dataset(tmp_path / "d", transfers=transfers(1), meta=META, overwrite=True)

    assert files_under(tmp_path) == ["d", "d/dataset.json", "d/transfers.parquet"]


def test_overwrite_spares_what_is_no_dataset(tmp_path: Path) -> None:
    """A folder of other things is not overwritten, whatever was asked."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(ConflictError, match="not made by this command"):
        write_dataset(tmp_path / "home", transfers=transfers(1), meta=META, overwrite=True)

    assert files_under(tmp_path) == ["home", "home/letter.txt"]


def test_file_is_not_replaced_by_a_folder(tmp_path: Path) -> None:
    """A file where the folder should go is not overwritten, nor a folder where a file should go."""
    (tmp_path / "f").write_text("", encoding="utf-8")

    with pytest.raises(ConflictError, match="not overwritten"):
        claim(tmp_path / "f", overwrite=True, marker="dataset.json")
    with pytest.raises(ConflictError, match="not overwritten"):
        claim(tmp_path, overwrite=True)


def _half_write(writer: Callable[[Path], Any], out: Path, interruption: type[BaseException]) -> None:
    with writer(out) as temporary:
        (temporary / "half" if temporary.is_dir() else temporary).write_text("half", encoding="utf-8")
        raise interruption


@pytest.mark.parametrize("writer", [whole_folder, whole_file])
@pytest.mark.parametrize("interruption", [KeyboardInterrupt, ValueError, SystemExit])
def test_interrupted_writing_leaves_nothing(
    tmp_path: Path, writer: Callable[[Path], Any], interruption: type[BaseException]
) -> None:
    """Ctrl-C in the middle leaves neither a half file nor the folders made for it."""
    with pytest.raises(interruption):
        _half_write(writer, tmp_path / "a" / "b" / "out", interruption)

    assert files_under(tmp_path) == []


def test_interrupted_overwrite_keeps_the_old(tmp_path: Path) -> None:
    """Ctrl-C while replacing leaves the old folder as it was."""
    write_dataset(tmp_path / "d", transfers=transfers(3), meta=META)

    with pytest.raises(KeyboardInterrupt):
        _half_write(whole_folder, tmp_path / "d", KeyboardInterrupt)

    assert files_under(tmp_path) == ["d", "d/dataset.json", "d/transfers.parquet"]


def test_place_that_may_not_be_written(tmp_path: Path) -> None:
    """A refusal of the file system is told as one of permission."""
    with pytest.raises(PermissionDeniedError, match="may not be written"):
        _half_write(whole_file, tmp_path / "f", PermissionError)

    assert files_under(tmp_path) == []
