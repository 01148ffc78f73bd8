"""Hypothesis strategies: logs of transfers, rich in ties, window edges and late events."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from fraudguard.transfer import AMOUNT_MAX_FEN, Channel, Transfer

__all__ = ["logs"]

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ACCOUNTS: Final = ("A", "B", "C", "D")
_GAPS_MS: Final = (
    0,
    1,
    599_999,
    600_000,
    600_001,
    3_600_000,
    86_400_000,
    7 * 86_400_000,
    30 * 86_400_000,
    -1,
    -600_001,
)
_AMOUNTS_FEN: Final = st.one_of(
    st.sampled_from([0, 1, 10_000, 100_000, AMOUNT_MAX_FEN]), st.integers(0, AMOUNT_MAX_FEN)
)


@st.composite
def logs(draw: st.DrawFn, max_size: int = 40) -> list[Transfer]:
    """Draw a log: few accounts, self-transfers too, gaps on window edges, some transfers late."""
    log, now = [], _START
    for i, gap_ms in enumerate(draw(st.lists(st.sampled_from(_GAPS_MS), max_size=max_size))):
        now += timedelta(milliseconds=gap_ms)
        log.append(
            Transfer(
                transfer_id=f"t{i}",
                event_time=now,
                payer_account_id=draw(st.sampled_from(_ACCOUNTS)),
                payee_account_id=draw(st.sampled_from(_ACCOUNTS)),
                amount_fen=draw(_AMOUNTS_FEN),
                channel=draw(st.sampled_from([None, *Channel])),
                active_call=draw(st.sampled_from([None, False, True])),
                payer_balance_before_fen=draw(st.sampled_from([None, 0, 5_000, 10**9])),
            )
        )
    return log
