"""Replay as an analyst calls it: tables in, tables out."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace

from fraudguard.errors import ConflictError, DefinitionError
from fraudguard.features import (
    Catalog,
    Expression,
    FeaturePlan,
    OnlineFeatures,
    account,
    compile_plan,
    count,
    coverage,
    feature,
    feature_view,
    field,
    network,
    replay,
)
from fraudguard.transfer import Channel
from fraudguard.wording import Bilingual
from tests.fakes import make_transfer
from tests.features.replays import dataset_of
from tests.features.samples import paid, row

REQUIRED = ("transfer_id", "event_time", "payer_account_id", "payee_account_id", "amount_fen")
WHY = Bilingual("试", "a try")


@pytest.fixture
def transfers() -> pd.DataFrame:
    return pd.DataFrame({
        "transfer_id": ["t0", "t1", "t2"],
        "event_time": pd.to_datetime(["2026-01-01T00:00Z", "2026-01-01T00:05Z", "2026-01-02T00:00Z"]),
        "payer_account_id": ["a", "a", "b"],
        "payee_account_id": ["b", "c", "a"],
        "amount_fen": [500, 700, 900],
    })


def test_parts_on_disk_equal_the_table(tmp_path: Path, transfers: pd.DataFrame) -> None:
    """With a folder named, the same features are written there and nothing else is left behind."""
    replay(transfers, out=tmp_path / "features")

    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "features"), replay(transfers))
    assert [path.name for path in tmp_path.iterdir()] == ["features"]


def test_a_log_of_several_parts_is_one_log(tmp_path: Path) -> None:
    """Where one part ends and the next begins, nothing is lost and no row of an account counts early."""
    view = feature_view("payer", "out", "1h", count(), why=WHY)
    catalog = Catalog((view, feature("limit", account("payee", "daily_limit_fen").or_else(0), why=WHY)))
    payees = ["cde"[number % 3] for number in range(50_020)]
    log = [paid(number, at_s=number, payer="ab"[number % 2], payee=payee) for number, payee in enumerate(payees)]
    known_from = {payees[place]: place for place in (49_999, 50_000, 50_010)}
    learned = [row(payee, at_s=at, daily_limit_fen=1) for payee, at in known_from.items()]
    dataset = dataset_of([*log, *learned])

    replay(dataset, catalog=catalog, out=tmp_path / "features")

    parts = sorted((tmp_path / "features").iterdir())
    got = pd.concat([pd.read_parquet(part) for part in parts])
    pd.testing.assert_frame_equal(got, replay(dataset, catalog=catalog))
    assert len(parts) == 2
    assert got["limit"].tolist() == [known_from[payee] <= place for place, payee in enumerate(payees)]


def test_optional_columns_may_be_missing(transfers: pd.DataFrame) -> None:
    """A table of the five required columns is replayed; what it does not have is unknown."""
    views = [feature_view(of, side, "1h", count(), why=WHY) for of, side in (("device", None), ("holder", "out"))]
    terms = [field("channel"), network("payer_loan_fen"), coverage("bank")]
    catalog = Catalog((*views, *(feature(f"e{number}", term, why=WHY) for number, term in enumerate(terms))))

    got = replay(transfers, catalog=catalog)

    assert got.iloc[:, :3].isna().all(axis=None)
    assert (got.iloc[:, 3:] == 0).all(axis=None)


@pytest.mark.parametrize("threads", [0, -1])
def test_no_threads_are_refused(transfers: pd.DataFrame, threads: int) -> None:
    """Less than one thread is refused by number."""
    with pytest.raises(DefinitionError, match=f"threads is {threads}"):
        replay(transfers, threads=threads)


def test_more_threads_than_accounts_are_no_harm(transfers: pd.DataFrame) -> None:
    """Threads without an account of their own do nothing."""
    pd.testing.assert_frame_equal(replay(transfers, threads=64), replay(transfers, threads=1))


def test_existing_folder_is_not_overwritten(tmp_path: Path, transfers: pd.DataFrame) -> None:
    """A folder that is there already is refused by name and left as it is."""
    (tmp_path / "features").mkdir()

    with pytest.raises(ConflictError, match="features exists"):
        replay(transfers, out=tmp_path / "features")


def test_failure_leaves_nothing(tmp_path: Path, transfers: pd.DataFrame) -> None:
    """When the work stops half way, no half-written folder stays."""

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(transfers, out=tmp_path / "features", progress=interrupt)

    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_the_total(transfers: pd.DataFrame) -> None:
    """Who listens is told at the end that all transfers are done."""
    told: list[tuple[int, int]] = []

    replay(transfers, progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (3, 3)


def test_no_transfers_give_no_rows(transfers: pd.DataFrame, plan: FeaturePlan) -> None:
    """An empty log has the columns and no row."""
    assert replay(transfers.iloc[:0]).shape == (0, len(plan.names))


def test_fields_are_the_same_numbers_online_and_in_batch() -> None:
    """Words, moments, flags and absent values become numbers in one way only."""
    names = ("channel", "payee_added_at", "active_call", "auth_attempts", "payer_balance_before_fen")
    catalog = Catalog(tuple(Expression(name=n, value=field(n) + 0, unit="", title=WHY, why=WHY) for n in names))
    moment = datetime(2026, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)
    bare = make_transfer(transfer_id="t1")
    full = replace(
        bare, transfer_id="t0", channel=Channel.ATM, payee_added_at=moment, active_call=False, auth_attempts=3
    )
    bare = replace(bare, payer_balance_before_fen=2**42)
    table = pd.DataFrame({n: [getattr(full, n), getattr(bare, n)] for n in (*REQUIRED, *names)}).astype({
        "channel": "str",
        "active_call": "boolean",
        "auth_attempts": "Int64",
        "payer_balance_before_fen": "Int64",
    })
    features = OnlineFeatures(compile_plan(catalog))

    got = replay(table.astype({"payee_added_at": "datetime64[ms, UTC]"}), catalog=catalog).to_numpy()

    np.testing.assert_array_equal(got, [features.query(full), features.query(bare)])
    assert got[0, :4].tolist() == [2.0, 1_767_225_600_001.0, 0.0, 3.0]
