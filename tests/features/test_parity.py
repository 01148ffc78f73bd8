"""Laws of the features: batch, online and the definition agree to the bit."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fraudguard.features import CATALOG, OnlineFeatures, compile_plan, replay
from fraudguard.transfer import Transfer
from tests.oracle import naive_features
from tests.strategies import logs

PLAN = compile_plan(CATALOG)
Log = list[Transfer]


def frame(log: Log) -> pd.DataFrame:
    """Return a log as the table an analyst has."""
    columns = ("transfer_id", "event_time", "payer_account_id", "payee_account_id", "amount_fen")
    optional = ("channel", "active_call", "payer_balance_before_fen")
    table = pd.DataFrame({name: [getattr(t, name) for t in log] for name in (*columns, *optional)})
    types = {"amount_fen": "int64", "active_call": "boolean", "payer_balance_before_fen": "Int64", "channel": "str"}
    return table.astype({**types, "event_time": "datetime64[ms, UTC]"})


def online(log: Log, features: OnlineFeatures | None = None) -> NDArray[np.float64]:
    """Return the rows a running service would compute."""
    features = features or OnlineFeatures(PLAN)
    rows = []
    for transfer in log:
        rows.append(features.query(transfer))
        features.push(transfer)
    return np.array(rows, dtype=np.float64).reshape(-1, len(PLAN.columns))


def bits(rows: NDArray[np.float64]) -> bytes:
    """Return what must be equal: every bit, NaN too."""
    return np.where(np.isnan(rows), np.nan, rows).tobytes()


@given(log=logs())
def test_batch_equals_definition(log: Log) -> None:
    """Replaying any log gives exactly what the definition says."""
    expected = np.array(naive_features(log, CATALOG)).reshape(-1, len(PLAN.columns))

    got = replay(frame(log))

    np.testing.assert_array_equal(got.to_numpy(), expected)
    assert got.index.tolist() == [t.transfer_id for t in log]


@given(log=logs())
def test_online_equals_batch(log: Log) -> None:
    """A service that scores one transfer at a time gets the bits that training got."""
    got = online(log)

    assert bits(got) == bits(replay(frame(log)).to_numpy())


@given(log=logs(), future=logs(max_size=15), cut=st.integers(0, 40))
def test_future_changes_nothing(log: Log, future: Log, cut: int) -> None:
    """Whatever comes after a transfer, its features stay the same."""
    cut = min(cut, len(log))

    got = online([*log[:cut], *future])[:cut]

    assert bits(got) == bits(online(log)[:cut])


@given(log=logs(), cut=st.integers(0, 40))
def test_restart_changes_nothing(log: Log, cut: int) -> None:
    """A state rebuilt from the log scores the rest as if it had never stopped."""
    restarted = OnlineFeatures(PLAN)
    for transfer in log[:cut]:
        restarted.push(transfer)

    got = online(log[cut:], restarted)

    assert bits(got) == bits(online(log)[cut:])


@given(log=logs(), asked=logs(max_size=10))
def test_query_changes_nothing(log: Log, asked: Log) -> None:
    """Asking what a transfer would score, even one far in the future, leaves no trace."""
    features = OnlineFeatures(PLAN)
    for transfer in log[: len(log) // 2]:
        features.push(transfer)
    for transfer in asked:
        features.query(transfer)

    got = online(log[len(log) // 2 :], features)

    assert bits(got) == bits(online(log)[len(log) // 2 :])


@given(log=logs(), names=st.permutations(["A", "B", "C", "D"]))
def test_names_do_not_matter(log: Log, names: list[str]) -> None:
    """Renaming the accounts permutes no feature."""
    called = dict(zip("ABCD", names, strict=True))
    renamed = [
        Transfer(
            transfer_id=t.transfer_id,
            event_time=t.event_time,
            payer_account_id=called[t.payer_account_id],
            payee_account_id=called[t.payee_account_id],
            amount_fen=t.amount_fen,
            channel=t.channel,
            active_call=t.active_call,
            payer_balance_before_fen=t.payer_balance_before_fen,
        )
        for t in log
    ]

    got = online(renamed)

    assert bits(got) == bits(online(log))
