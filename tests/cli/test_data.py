"""The commands simulate, import and replay, run as a user runs them."""

from pathlib import Path

import pandas as pd
import pytest

from fraudguard.cli import data as commands
from fraudguard.cli.data import import_command, replay_command, simulate_command
from fraudguard.errors import ConflictError, DataError, DefinitionError
from fraudguard.tables import read_dataset, write_dataset
from tests.tables.samples import META, files_under, transfers

_MAP = """
[columns]
amount_fen = "元"
[amount]
unit = "yuan"
[extra]
drop = ["颜色"]
"""


def _source(folder: Path) -> Path:
    frame = transfers(3, 元=["1.50", "2", "3"], 颜色="红").drop(columns="amount_fen")
    frame = frame.assign(event_time=["2026-01-02 12:00:02", "2026-01-02 12:00:01", "2026-01-02 12:00:00"])
    frame.to_csv(folder / "流水.csv", index=False, encoding="gb18030")
    (folder / "m.toml").write_text(_MAP, encoding="utf-8")
    return folder / "流水.csv"


def test_import_with_all_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mapping, column, encoding and zone together make a dataset; stdout is data, stderr is talk."""
    import_command(
        _source(tmp_path),
        tmp_path / "out",
        map_file=tmp_path / "m.toml",
        column=["amount_fen=元"],
        encoding="gb18030",
        time_zone="Asia/Shanghai",
    )
    said = capsys.readouterr()

    dataset = read_dataset(tmp_path / "out")
    assert dataset.transfers["amount_fen"].tolist() == [300, 200, 150]
    assert dataset.meta.period_from.isoformat() == "2026-01-02T04:00:00+00:00"
    assert "transfers\t3" in said.out
    assert "舍去的列：颜色" in said.err


def test_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run checks, counts, and leaves the disk alone."""
    source = _source(tmp_path)
    import_command(
        source,
        tmp_path / "out",
        map_file=tmp_path / "m.toml",
        encoding="gb18030",
        time_zone="Asia/Shanghai",
        dry_run=True,
    )

    assert "transfers\t3" in capsys.readouterr().out
    assert files_under(tmp_path) == ["m.toml", "流水.csv"]


@pytest.mark.parametrize("text", ["amount_fen", "=a", "amount_fen="])
def test_column_that_is_no_pair(tmp_path: Path, text: str) -> None:
    """A --column that is no pair is answered with how to write it."""
    with pytest.raises(DefinitionError, match="--column amount_fen=AMOUNT"):
        import_command(tmp_path / "a.csv", tmp_path / "out", column=[text])


def test_column_the_wrong_way_round(tmp_path: Path) -> None:
    """A --column with the sides exchanged is refused with the names there are."""
    with pytest.raises(DefinitionError, match="not known"):
        import_command(tmp_path / "a.csv", tmp_path / "out", column=["金额=amount_fen"])


def test_simulate_makes_a_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command simulates what was asked for and reports what it wrote."""
    simulate_command(tmp_path / "out", days=14, accounts=500, seed=1, signal_coverage=0.5)

    meta = read_dataset(tmp_path / "out").meta
    assert 12 <= (meta.period_until - meta.period_from).days <= 14
    assert f"transfers\t{meta.counts['transfers']}" in capsys.readouterr().out


@pytest.mark.parametrize("as_dataset", [True, False])
@pytest.mark.parametrize("name", ["features.parquet", "features"])
def test_replay_writes_features(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], *, as_dataset: bool
) -> None:
    """Features of a dataset or of a file come out in log order, as one file or a folder of parts."""
    source = tmp_path / ("d" if as_dataset else "d.parquet")
    if as_dataset:
        write_dataset(source, transfers=transfers(3), meta=META)
    else:
        transfers(3).to_parquet(source)

    replay_command(source, tmp_path / name)

    written = pd.read_parquet(tmp_path / name).reset_index()
    assert written["transfer_id"].tolist() == ["t0", "t1", "t2"]
    assert (
        f"features\t{len(written.columns) - len({'transfer_id', 'index'} & set(written.columns))}"
        in capsys.readouterr().out
    )


def test_replay_refuses_stdout(tmp_path: Path) -> None:
    """Features are not printed."""
    with pytest.raises(DefinitionError, match="stdout"):
        replay_command(tmp_path, Path("-"))


def test_replay_refuses_an_existing_file(tmp_path: Path) -> None:
    """An existing output is kept, and told before any work."""
    (tmp_path / "f.parquet").write_text("", encoding="utf-8")

    with pytest.raises(ConflictError, match="--overwrite"):
        replay_command(tmp_path / "nowhere", tmp_path / "f.parquet")


def test_failed_replay_leaves_nothing(tmp_path: Path) -> None:
    """A file that breaks the contract leaves no features."""
    transfers(2, amount_fen=[-1, 1]).to_parquet(tmp_path / "a.parquet")

    with pytest.raises(DataError):
        replay_command(tmp_path / "a.parquet", tmp_path / "f.parquet", overwrite=True)

    assert files_under(tmp_path) == ["a.parquet"]


def test_commands_explain_themselves_in_both_languages() -> None:
    """The first line of a command's help is Chinese, then English."""
    texts = [command.__doc__ or "" for command in (simulate_command, import_command, replay_command)]

    assert all(" / " in text for text in texts)
    assert sorted(commands.__all__) == ["import_command", "replay_command", "simulate_command"]
