"""The whole simulator: arguments, bytes, rates, laws of the log, no shortcuts."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from fraudguard.errors import ConflictError, DefinitionError
from fraudguard.simulate import PRESETS, simulate_dataset
from fraudguard.tables import read_dataset
from tests.simulate.conftest import Simulated

Series = pd.Series | np.ndarray

TEXT = ("event_type", "channel", "payee_type", "payer_bank_code", "payee_bank_code", "currency")
SHORTCUT_AUC = 0.85


def hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def auc(is_victim: pd.Series, values: Series) -> float:
    """Return how well values separate victims, whatever the direction; unknown is -1."""
    numbers = pd.Series(np.asarray(values)).astype("Float64").fillna(-1).to_numpy(dtype=float)
    area = float(roc_auc_score(is_victim.to_numpy(dtype=bool), numbers))
    return max(area, 1 - area)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"days": 13}, "days"),
        ({"accounts": 499}, "accounts"),
        ({"preset": "heavy"}, "heavy"),
        ({"seed": -1}, "seed"),
        ({"workers": 0}, "workers"),
        ({"signal_coverage": 1.5}, "signal_coverage"),
    ],
)
def test_wrong_argument_is_named(tmp_path: Path, wrong: dict[str, Any], word: str) -> None:
    """An argument out of range is refused in both languages and nothing is left behind."""
    with pytest.raises(DefinitionError, match=word) as caught:
        simulate_dataset(tmp_path / "out", **wrong)

    assert word in caught.value.zh
    assert list(tmp_path.iterdir()) == []


def test_existing_folder_is_kept(tmp_path: Path) -> None:
    """A folder that stands already is not touched unless asked for."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")

    with pytest.raises(ConflictError):
        simulate_dataset(tmp_path, days=14, accounts=500)
    with pytest.raises(ConflictError):
        simulate_dataset(tmp_path, days=14, accounts=500, overwrite=True)

    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """Every file of two runs is the same to the byte; another seed gives another world."""
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        simulate_dataset(tmp_path / name, days=14, accounts=600, preset="dense", seed=seed)
    other = hashes(tmp_path / "other")
    one = hashes(tmp_path / "one")

    assert one == hashes(tmp_path / "two")
    assert all(one[name] != other[name] for name in one)


def test_workers_change_nothing(tmp_path: Path) -> None:
    """Three processes write the bytes that one writes."""
    for name, workers in (("one", 1), ("three", 3)):
        simulate_dataset(tmp_path / name, days=21, accounts=600, preset="dense", seed=5, workers=workers)

    assert hashes(tmp_path / "one") == hashes(tmp_path / "three")


def test_progress_reaches_its_total(tmp_path: Path) -> None:
    """Progress goes up to the days it names."""
    heard: list[tuple[int, int]] = []
    simulate_dataset(tmp_path / "out", days=16, accounts=500, progress=lambda done, total: heard.append((done, total)))

    assert heard == [(7, 16), (14, 16), (16, 16)]


def test_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    """A run that is stopped half-way leaves no folder, and the workers are let go."""

    def stop(done: int, total: int) -> None:
        if done < total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_dataset(tmp_path / "out", days=21, accounts=500, workers=2, progress=stop)

    assert list(tmp_path.iterdir()) == []


def test_meta_tells_what_was_written(tmp_path: Path) -> None:
    """Counts and period are those of the tables."""
    meta = simulate_dataset(tmp_path / "out", days=14, accounts=500, preset="dense")
    dataset = read_dataset(tmp_path / "out")

    assert meta == dataset.meta
    assert meta.counts["signals"] == len(dataset.signals)
    assert meta.period_until == dataset.transfers["event_time"].iloc[-1].to_pydatetime()


def test_base_rate_is_the_presets(simulated: Simulated) -> None:
    """Victim transfers are about as rare as the preset says."""
    rate = simulated.truth["is_victim_transfer"].mean()

    assert 0.7 * PRESETS["dense"] < rate < 1.4 * PRESETS["dense"]


def test_log_is_in_order(simulated: Simulated) -> None:
    """Rows ascend by time and id, ids are unique, and truth stands in the same order."""
    transfers = simulated.dataset.transfers
    ordered = transfers.sort_values(["event_time", "transfer_id"], kind="stable")

    assert ordered.index.equals(transfers.index)
    assert transfers["transfer_id"].is_unique
    assert simulated.truth["transfer_id"].equals(transfers["transfer_id"])


def test_balances_are_never_negative(simulated: Simulated) -> None:
    """Nobody pays more than is there."""
    transfers = simulated.dataset.transfers

    assert (transfers["payer_balance_before_fen"] >= transfers["amount_fen"]).all()


def test_no_raw_column_separates(simulated: Simulated) -> None:
    """No column by itself, nor its gaps, nor the order of ids, nor roundness tells victims apart."""
    rows = simulated.transfers
    victim = rows["is_victim_transfer"]
    numbers = rows[simulated.dataset.transfers.columns].select_dtypes(["number", "boolean"])
    rates = {name: victim.groupby(rows[name]).transform("mean") for name in TEXT}
    local = rows["event_time"].dt.tz_convert("Asia/Shanghai")
    made = {
        "row": np.arange(len(rows)),
        "hour": local.dt.hour,
        "millisecond": local.dt.microsecond,
        "whole yuan": rows["amount_fen"] % 100 == 0,
        "whole hundreds": rows["amount_fen"] % 10_000 == 0,
        "payer id": rows["payer_account_id"].str[1:].map(lambda text: int(text, 16)),
        "payee id": rows["payee_account_id"].str[1:].map(lambda text: int(text, 16)),
    }
    gaps = {f"{name} unknown": rows[name].isna() for name in rows if rows[name].isna().any() and name in numbers}
    areas = {name: auc(victim, values) for name, values in ({**numbers, **rates, **made, **gaps}).items()}

    assert {name: area for name, area in areas.items() if area >= SHORTCUT_AUC} == {}


def test_ids_have_one_form(simulated: Simulated) -> None:
    """Ids of transfers and accounts look the same whoever is behind them."""
    transfers = simulated.dataset.transfers

    assert transfers["transfer_id"].str.fullmatch(r"T\d{10}").all()
    assert transfers["payer_account_id"].str.fullmatch(r"a[0-9a-f]{10}").all()
    assert transfers["payee_account_id"].str.fullmatch(r"a[0-9a-f]{10}").all()


def test_victims_amounts_overlap_with_honest_ones(simulated: Simulated) -> None:
    """Thousands of honest payments are larger than most of the victims'."""
    rows = simulated.transfers
    median = rows.loc[rows["is_victim_transfer"], "amount_fen"].median()
    honest_and_larger = (~rows["is_victim_transfer"] & (rows["amount_fen"] > median)).sum()

    assert honest_and_larger > 20 * rows["is_victim_transfer"].sum()
