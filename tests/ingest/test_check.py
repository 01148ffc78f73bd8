"""What a dataset is worth."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.cli.check import check_command, tokenise_command
from fraudguard.errors import DataError, DefinitionError, NotFoundError
from fraudguard.ingest import check_dataset
from fraudguard.ingest.check import refuse_secrets, wilson
from fraudguard.simulate import simulate_dataset

PHONE = "13800000000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small dataset."""
    out = tmp_path_factory.mktemp("check") / "world"
    simulate_dataset(out, days=14, accounts=600, preset="dense")
    return out


def changed(folder: Path, tmp_path: Path, **columns: str) -> Path:
    """Return a copy with columns of the transfers replaced."""
    out = tmp_path / "changed"
    out.mkdir()
    for path in folder.iterdir():
        (out / path.name).write_bytes(path.read_bytes())
    pd.read_parquet(out / "transfers.parquet").assign(**columns).to_parquet(out / "transfers.parquet")
    return out


def test_a_good_dataset_has_no_fault(folder: Path) -> None:
    """Rows, coverage, labels, signals and views of a simulated set are told, and nothing is refused."""
    report = check_dataset(folder)
    by_name = {(one.table, one.column): one.known_share for one in report.coverage}
    payer, both = (
        next(view for view in report.views if view.view == name) for name in ("bank_payer_view", "bank_both_sides")
    )

    assert report.faults == ()
    assert report.privacy == ()
    assert by_name["transfers", "amount_fen"] == 1
    assert 0 < by_name["transfers", "active_call"] < 1
    assert by_name["transfers", "ip_hash"] == 0
    assert set(report.signals) == {"app", "bank", "police", "telecom"}
    assert both.fields == payer.fields + 1
    assert "purpose_code" in both.missing
    refuse_secrets(report)


def test_labels_are_counted(folder: Path) -> None:
    """Victim transfers, base rate and delay are those of the findings."""
    findings = pd.read_parquet(folder / "findings.parquet")
    labels = check_dataset(folder).labels

    assert labels is not None
    assert labels.fraud_transfers == (findings["finding"] == "victim_transfer").sum()
    assert labels.base_rate_low < labels.base_rate < labels.base_rate_high
    assert labels.delay_days_median is not None
    assert 0 < labels.delay_days_median < (labels.delay_days_p90 or 0)


def test_a_set_of_mules_has_a_base_rate_too(folder: Path, tmp_path: Path) -> None:
    """Where only movements between mule accounts are known, the rate is of those, and says so."""
    out = changed(folder, tmp_path)
    findings = pd.read_parquet(out / "findings.parquet")
    findings.assign(finding=findings["finding"].replace("victim_transfer", "mule_movement")).to_parquet(
        out / "findings.parquet"
    )
    labels = check_dataset(out).labels

    assert labels is not None
    assert labels.target == "mule_movement"
    assert labels.base_rate > 0


@given(hits=st.integers(0, 50), more=st.integers(1, 5000))
def test_interval_holds_the_share(hits: int, more: int) -> None:
    """The interval is within 0 and 1 and holds the share itself."""
    low, high = wilson(hits, hits + more)

    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_secrets_are_refused_even_in_a_broken_dataset(folder: Path, tmp_path: Path) -> None:
    """A column of PINs is named, in both languages, before the column that nobody knows."""
    report = check_dataset(changed(folder, tmp_path, card_pin="1234"))

    assert [hit.column for hit in report.secrets] == ["card_pin"]
    assert len(report.faults) == 1
    with pytest.raises(DataError, match=r"C3.*transfers\.card_pin") as caught:
        refuse_secrets(report)
    assert "拒收" in caught.value.zh


def test_plain_numbers_are_a_warning(folder: Path, tmp_path: Path) -> None:
    """Phone numbers for accounts are warned about and do not stop the check."""
    report = check_dataset(changed(folder, tmp_path, device_id=PHONE))

    assert [(hit.column, hit.kind.en) for hit in report.privacy] == [("device_id", "mobile phone number")]
    refuse_secrets(report)


def test_a_broken_contract_is_told(folder: Path, tmp_path: Path) -> None:
    """An unknown column is the fault; a file that is no table is one too."""
    out = changed(folder, tmp_path, colour="red")
    (out / "signals.parquet").write_bytes(b"PAR1 but no table")
    report = check_dataset(out)

    assert "signals.parquet" in report.faults[0].en
    with pytest.raises(DataError):
        refuse_secrets(report)


def test_a_single_file_is_judged_for_privacy(tmp_path: Path) -> None:
    """An extract can be looked at before it is imported."""
    path = tmp_path / "extract.csv"
    path.write_text(f"卡号,密码\n{PHONE},1\n", "utf-8")

    assert [hit.level for hit in check_dataset(path).privacy] == ["C3", "C2"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing path is not found; an empty folder is no dataset."""
    with pytest.raises(NotFoundError, match="missing"):
        check_dataset(tmp_path / "missing")
    with pytest.raises(NotFoundError, match="not a dataset folder"):
        refuse_secrets(check_dataset(tmp_path))


def test_a_dataset_without_labels_or_signals_has_none(folder: Path, tmp_path: Path) -> None:
    """Without findings there is no delay and the rate is zero."""
    out = changed(folder, tmp_path)
    for name in ("signals", "findings", "accounts"):
        (out / f"{name}.parquet").unlink()
    meta = json.loads((out / "dataset.json").read_text("utf-8"))
    meta["counts"] = {**meta["counts"], "signals": 0, "findings": 0, "accounts": 0}
    (out / "dataset.json").write_text(json.dumps(meta), "utf-8")
    report = check_dataset(out)

    assert report.labels is not None
    assert (report.labels.base_rate, report.labels.delay_days_median, report.signals) == (0.0, None, {})


def test_commands_print_and_make_tokens(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`check` prints tables or JSON and offers tokens where there are plain numbers; `tokenise` makes them."""
    plain = changed(folder, tmp_path, device_id=PHONE)
    check_command(plain)
    told = capsys.readouterr()
    check_command(folder, as_json=True)
    report = json.loads(capsys.readouterr().out)

    assert "手机号" in told.out
    assert "fraudguard tokenise" in told.err
    assert PHONE not in told.out + told.err
    assert report["labels"]["fraud_transfers"] > 0

    key = tmp_path / "key"
    key.write_bytes(b"0123456789abcdef")
    tokenise_command(plain, tmp_path / "tokens", key_file=key)
    assert "device\t1" in capsys.readouterr().out
    assert check_dataset(tmp_path / "tokens").privacy == ()
    tokenise_command(plain, tmp_path / "tokens", key_file=key, digest="sha256", overwrite=True)
    with pytest.raises(DefinitionError, match="sm3 or sha256"):
        tokenise_command(plain, tmp_path / "again", key_file=key, digest="md5")


def test_command_shows_faults(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault is printed and then raised, so that the exit code tells it."""
    with pytest.raises(DataError, match="colour"):
        check_command(changed(folder, tmp_path, colour="red"))

    assert "不合规" in capsys.readouterr().err
