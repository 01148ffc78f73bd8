"""A dataset is written in pieces, whole or not at all."""

from pathlib import Path

import pytest

from fraudguard.errors import ConflictError, DataError
from fraudguard.tables import read_dataset
from fraudguard.tables.piecewise import dataset_in_pieces
from tests.tables.samples import META, files_under, findings, transfers


def test_pieces_make_a_dataset(tmp_path: Path) -> None:
    """Pieces are read back as one table; counts and period are those of all pieces, and no rows write no file."""
    rows = transfers(6)
    with dataset_in_pieces(tmp_path / "out", meta=META) as writer:
        writer.append("transfers", rows.iloc[:4])
        writer.append("transfers", rows.iloc[4:].reset_index(drop=True))
        writer.append("findings", findings(["t1", "t5"]))
        writer.append("signals", rows.iloc[:0])
    dataset = read_dataset(tmp_path / "out")

    assert dataset.transfers["transfer_id"].tolist() == rows["transfer_id"].tolist()
    assert dataset.meta.counts == {"transfers": 6, "accounts": 0, "signals": 0, "findings": 2}
    assert dataset.meta.period_until == rows["event_time"].iloc[-1].to_pydatetime()
    assert writer.told(META) == dataset.meta
    assert files_under(tmp_path / "out") == ["dataset.json", "findings.parquet", "transfers.parquet"]


def write_backwards(out: Path) -> None:
    """Write the later half of some transfers first."""
    rows = transfers(4)
    with dataset_in_pieces(out, meta=META) as writer:
        writer.append("transfers", rows.iloc[2:].reset_index(drop=True))
        writer.append("transfers", rows.iloc[:2])


def test_a_piece_out_of_order_spoils_the_whole(tmp_path: Path) -> None:
    """A piece that begins before the last one ended is refused and no folder is left."""
    with pytest.raises(DataError, match="begins before"):
        write_backwards(tmp_path / "out")

    assert list(tmp_path.iterdir()) == []


def test_a_dataset_without_transfers_is_none(tmp_path: Path) -> None:
    """Without a transfer there is no dataset and no folder."""
    with pytest.raises(DataError, match="no rows"), dataset_in_pieces(tmp_path / "out", meta=META):
        pass

    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_kept(tmp_path: Path) -> None:
    """A folder that stands already is refused before anything is drawn."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ConflictError), dataset_in_pieces(tmp_path, meta=META):
        pass

    assert files_under(tmp_path) == ["notes.txt"]
