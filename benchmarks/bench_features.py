"""Speed of the features: a replay in rows per second, one pending transfer in microseconds.

Prints one line per promise and ends with 1 when one is not kept. Times are those of the
thread's processor, so that a busy machine does not spoil a worst case.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from fraudguard.features import CATALOG, OnlineFeatures, compile_plan, replay
from fraudguard.transfer import Transfer

N_ROWS: Final = 100_000
N_ACCOUNTS: Final = 5_000
N_ONLINE: Final = 20_000
START: Final = datetime(2026, 1, 5, tzinfo=UTC)
STEP_S: Final = 8

REPLAY_ROWS_PER_S: Final = 50_000
ONLINE_P99_US: Final = 100.0


def log_of(n: int) -> pd.DataFrame:
    """Return a random log of `n` transfers, a few accounts far busier than the rest."""
    rng = np.random.default_rng(7)
    payers, payees = (N_ACCOUNTS * rng.random((2, n)) ** 3).astype(int)
    return pd.DataFrame({
        "transfer_id": [f"T{row}" for row in range(n)],
        "event_time": pd.date_range(START, periods=n, freq=f"{STEP_S}s", unit="ms"),
        "payer_account_id": [f"payer-{account}" for account in payers],
        "payee_account_id": [f"payee-{account}" for account in payees],
        "amount_fen": rng.integers(1, 5_000_000, n),
    })


def replay_rows_per_s(log: pd.DataFrame) -> float:
    """Return the best of three replays."""
    seconds = []
    for _ in range(3):
        started = time.thread_time()
        replay(log)
        seconds.append(time.thread_time() - started)
    return len(log) / min(seconds)


def online_us(log: pd.DataFrame) -> tuple[float, float]:
    """Return median and 99th percentile of a query and a push, in microseconds."""
    features = OnlineFeatures(compile_plan(CATALOG))
    rows = zip(log["transfer_id"], log["payer_account_id"], log["payee_account_id"], log["amount_fen"], strict=True)
    spent = np.empty(len(log))
    for place, (transfer_id, payer, payee, amount_fen) in enumerate(rows):
        transfer = Transfer(
            transfer_id=transfer_id,
            event_time=START + timedelta(seconds=STEP_S * place),
            payer_account_id=payer,
            payee_account_id=payee,
            amount_fen=int(amount_fen),
        )
        started = time.thread_time_ns()
        features.query(transfer)
        features.push(transfer)
        spent[place] = time.thread_time_ns() - started
    p50, p99 = np.percentile(spent / 1_000, [50, 99])
    return float(p50), float(p99)


def main() -> int:
    """Measure, print, and return the exit code."""
    log = log_of(N_ROWS)
    speed = replay_rows_per_s(log)
    p50, p99 = online_us(log.head(N_ONLINE))
    print(f"replay   {speed:12,.0f} rows/s   promised at least {REPLAY_ROWS_PER_S:,}")
    print(f"online   {p99:12,.1f} us p99    promised at most {ONLINE_P99_US:,.0f}   (p50 {p50:,.1f})")
    return int(speed < REPLAY_ROWS_PER_S or p99 > ONLINE_P99_US)


if __name__ == "__main__":
    sys.exit(main())
