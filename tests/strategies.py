"""Hypothesis strategies: logs of all four events, rich in ties, window edges, late and repeated events."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from hypothesis import strategies as st
from msgspec.structs import replace

from fraudguard.account import Account, AccountClass, KnownInvolved
from fraudguard.column import Event
from fraudguard.finding import Finding, FindingValue
from fraudguard.signal import Signal, SignalSource, SignalType
from fraudguard.transfer import AMOUNT_MAX_FEN, Channel, EventType, Transfer

__all__ = ["ACCOUNTS", "DEVICES", "HOLDERS", "SIGNAL_TYPES", "START", "logs", "mixed_logs"]

T = TypeVar("T")

START: Final = datetime(2026, 1, 1, 16, tzinfo=UTC)
"""Midnight in China, so that hours lead to the edges of the night."""
ACCOUNTS: Final = ("A", "B", "C", "账户 D")
DEVICES: Final = ("d1", "d2")
HOLDERS: Final = ("H1", "H2")
SIGNAL_TYPES: Final = (
    SignalType.ACTIVE_CALL_DURING_SESSION,
    SignalType.SIM_CHANGED,
    SignalType.DEVICE_CHANGED,
    SignalType.DISSUASION_VISIT,
    SignalType.TWO_CARD_LEAD,
)
"""Of every source, and of every length of holding but one."""

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 60 * _MINUTE_MS
_DAY_MS: Final = 24 * _HOUR_MS
_LENGTHS_MS: Final = (10 * _MINUTE_MS, _HOUR_MS, _DAY_MS, 7 * _DAY_MS, 30 * _DAY_MS, 90 * _DAY_MS)
_EDGES_MS: Final = tuple(length_ms + off for length_ms in _LENGTHS_MS for off in (-1, 0, 1))
_BURST_MS: Final = (0, 0, 0, 1, 1, 1_000, _MINUTE_MS, _MINUTE_MS)
_BACK_MS: Final = (-1, -600_001, -_HOUR_MS, -_DAY_MS, -91 * _DAY_MS)
_GAPS_MS: Final = (*_BURST_MS * 6, *_EDGES_MS, 6 * _HOUR_MS, 8 * _HOUR_MS, 3 * _DAY_MS, *_BACK_MS)
_LEARNED_MS: Final = (0, 0, 0, 1, -1, _MINUTE_MS, -600_000, _HOUR_MS, _DAY_MS, -7 * _DAY_MS)
_AGO_MS: Final = (0, 0, 0, 1, _HOUR_MS, _DAY_MS, 3 * _DAY_MS, -_HOUR_MS)
_AMOUNTS_FEN: Final = st.one_of(
    st.sampled_from([0, 1, 999, 1_000, 1_001, 9_999, 10_000, 20_000, 100_000, AMOUNT_MAX_FEN]),
    st.integers(0, AMOUNT_MAX_FEN),
)
_EVENT_TYPES: Final = (
    None,
    EventType.TRANSFER,
    EventType.TERM_DEPOSIT_BREAK,
    EventType.FUND_REDEMPTION,
    EventType.LOAN_DISBURSEMENT,
)
_KINDS: Final = (*["transfer"] * 12, *["account"] * 3, *["signal"] * 3, *["finding"] * 4)
_OPENED: Final = (None, date(1969, 12, 31), date(2025, 10, 3), date(2025, 10, 4), date(2026, 1, 1), date(2026, 6, 1))


class _Draw:
    """Draws the events of one log, each after those already there."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.events: list[Event] = []
        self._now = self._reached = START

    def transfer(self) -> None:
        """Add a transfer: a new one, or one whose id came before, with the same or another content."""
        self._now += _ms(self._one_of(_GAPS_MS))
        self._reached = max(self._reached, self._now)
        earlier = list(self._of(Transfer))
        one = self._transfer(f"t{len(earlier)}")
        if earlier and self._one_of(range(8)) == 7:
            twin = self._one_of(earlier)
            one = twin if self._one_of((False, True)) else replace(one, transfer_id=twin.transfer_id)
        self.events.append(one)

    def account(self) -> None:
        """Add an account row that names some of its fields."""
        one_of = self._one_of
        row = Account(
            account_id=one_of(ACCOUNTS),
            received_at=self._learned(),
            holder_token=one_of((None, *HOLDERS, *HOLDERS)),
            opened_at=one_of(_OPENED),
            account_class=one_of((None, None, *AccountClass)),
            payroll_account=one_of((None, False, True)),
            daily_limit_fen=one_of((None, 0, 2**40)),
            known_involved=one_of((None, None, None, *KnownInvolved)),
        )
        self.events.append(row)

    def signal(self) -> None:
        """Add a signal about an account, a holder, or both."""
        received_at = self._learned()
        event_time = received_at - _ms(self._one_of(_AGO_MS))
        account, holder = self._one_of([(a, h) for a in (None, "A", "B") for h in (None, *HOLDERS) if a or h])
        lasts_ms = self._one_of((None, None, 0, _HOUR_MS, 7 * _DAY_MS))
        one = Signal(
            signal_id=f"s{len(list(self._of(Signal)))}",
            signal_type=self._one_of(SIGNAL_TYPES),
            event_time=event_time,
            received_at=received_at,
            account_id=account,
            holder_token=holder,
            source=self._one_of((None, None, *SignalSource)),
            expires_at=None if lasts_ms is None else event_time + _ms(lasts_ms),
        )
        self.events.append(one)

    def finding(self) -> None:
        """Add a finding on a transfer or an account, known or not; some supersede, some come twice."""
        earlier = list(self._of(Finding))
        n, n_transfers = len(earlier), len(list(self._of(Transfer)))
        received_at = self._learned()
        about = self._one_of(["account", *(f"t{number}" for number in range(n_transfers + 1))])
        one = Finding(
            finding_id=f"f{n}",
            finding=self._one_of((FindingValue.VICTIM_TRANSFER,) * 4 + (FindingValue.MULE_MOVEMENT, *FindingValue)),
            event_time=received_at,
            received_at=received_at,
            transfer_id=None if about == "account" else about,
            account_id=self._one_of(ACCOUNTS) if about == "account" else None,
            supersedes=self._superseded(n),
        )
        self.events.append(self._one_of(earlier) if earlier and self._one_of(range(8)) == 7 else one)

    def _transfer(self, transfer_id: str) -> Transfer:
        one_of = self._one_of
        return Transfer(
            transfer_id=transfer_id,
            event_time=self._now,
            payer_account_id=one_of((*ACCOUNTS, *ACCOUNTS[:2])),
            payee_account_id=one_of((*ACCOUNTS, *ACCOUNTS[:2])),
            amount_fen=self._draw(_AMOUNTS_FEN),
            event_type=one_of(_EVENT_TYPES),
            device_id=one_of((None, *DEVICES)),
            channel=one_of((None, *Channel)),
            active_call=one_of((None, False, True)),
            payer_balance_before_fen=one_of((None, 0, 5_000, 10**9)),
        )

    def _superseded(self, n: int) -> str | None:
        """Return an earlier finding, or one that comes later or never."""
        others = [f"f{number}" for number in range(n + 3) if number != n]
        return self._one_of(others) if self._one_of(range(4)) == 3 else None

    def _learned(self) -> datetime:
        return self._reached + _ms(self._one_of(_LEARNED_MS))

    def _one_of(self, words: Sequence[T]) -> T:
        return self._draw(st.sampled_from(words))

    def _of(self, kind: type[T]) -> Iterator[T]:
        return (event for event in self.events if isinstance(event, kind))


def _ms(count: int) -> timedelta:
    return timedelta(milliseconds=count)


@st.composite
def logs(draw: st.DrawFn, max_size: int = 30) -> list[Transfer]:
    """Draw a log of transfers: few accounts, self-transfers too, gaps on window edges, some transfers late."""
    drawn = _Draw(draw)
    for _ in range(draw(st.integers(0, max_size))):
        drawn.transfer()
    return [event for event in drawn.events if isinstance(event, Transfer)]


@st.composite
def mixed_logs(draw: st.DrawFn, max_size: int = 40) -> list[Event]:
    """Draw a log of all four kinds of event, as a service may take them."""
    drawn = _Draw(draw)
    for _ in range(draw(st.integers(0, max_size))):
        match draw(st.sampled_from(_KINDS)):
            case "transfer":
                drawn.transfer()
            case "account":
                drawn.account()
            case "signal":
                drawn.signal()
            case _:
                drawn.finding()
    return drawn.events
