"""A small table of transfers with one case in it, made once."""

import pandas as pd
import pytest

__all__ = ["FRAME"]

_ROWS = [
    ("T1", "2026-01-05 10:00", "payer-9", "mule-1", 100_00, "transfer"),
    ("T2", "2026-01-05 10:02", "victim-1", "mule-1", 50_000_00, "transfer"),
    ("T3", "2026-01-05 10:05", "mule-1", "mule-2", 30_000_00, "transfer"),
    ("T4", "2026-01-05 10:09", "mule-2", "desk", 20_000_00, "cash_withdrawal"),
    ("T5", "2026-01-05 10:30", "victim-1", "mule-1", 8_000_00, "transfer"),
    ("T6", "2026-01-05 11:00", "mule-1", "desk", 1_000_00, "cash_withdrawal_booking"),
    ("T7", "2026-01-05 11:30", "mule-1", "mule-1", 10_00, "transfer"),
    ("T8", "2026-01-06 12:00", "mule-1", "mule-3", 25_000_00, None),
    ("T9", "2026-01-09 12:00", "shop", "other", 25_00, "transfer"),
]
FRAME = pd.DataFrame(
    _ROWS, columns=["transfer_id", "event_time", "payer_account_id", "payee_account_id", "amount_fen", "event_type"]
).assign(event_time=lambda frame: pd.to_datetime(frame["event_time"]).dt.tz_localize("Asia/Shanghai"))


@pytest.fixture
def frame() -> pd.DataFrame:
    """Give the table of one's own."""
    return FRAME.copy()
