"""Movements written short, and logs of them for the laws."""

from typing import Any, Final

from hypothesis import strategies as st

from fraudguard.flow.following import follow
from fraudguard.flow.movement import Movement, MovementLog, Position
from fraudguard.flow.options import FollowOptions, Rule
from fraudguard.flow.result import Flow, FlowAccount
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed

__all__ = ["account", "cases", "followed", "move"]

_MINUTE_MS: Final = 60_000
_KINDS: Final = (*[None] * 4, *[EventType.TRANSFER] * 10, *EventType)
_PAYEES: Final = (*[None] * 6, *PayeeType)
_CHANNELS: Final = (None, Channel.MOBILE_APP, Channel.POS, Channel.ATM)
_SPEEDS: Final = (*[None] * 6, *SettlementSpeed)


def move(way: str, fen: int, *, minute: float = 0, place: int = 0, **fields: Any) -> Movement:  # noqa: ANN401
    """Return a movement; `way` is ``"a>b"``, its id is the way unless it is given."""
    payer, _, payee = way.partition(">")
    plain: dict[str, Any] = {"transfer_id": way, "position": Position(round(minute * _MINUTE_MS), place)}
    return Movement(payer_account_id=payer, payee_account_id=payee, amount_fen=fen, **{**plain, **fields})


def followed(*movements: Movement, starts: int = 1, **options: Any) -> Flow:  # noqa: ANN401
    """Follow the first movements through all of them."""
    return follow(MovementLog(movements), movements[:starts], FollowOptions(**options))


def account(flow: Flow, account_id: str) -> FlowAccount:
    """Return what a flow says of an account."""
    return next(one for one in flow.accounts if one.account_id == account_id)


@st.composite
def _movement(draw: st.DrawFn, number: int) -> Movement:
    fen, balance = st.integers(0, 12), st.none() | st.integers(-2, 25)
    return Movement(
        transfer_id=f"t{number}",
        position=Position(draw(st.integers(0, 8)) * _MINUTE_MS // 2, number),
        payer_account_id=draw(st.sampled_from("abcdef")),
        payee_account_id=draw(st.sampled_from("abcdef")),
        amount_fen=draw(fen),
        event_type=draw(st.sampled_from(_KINDS)),
        channel=draw(st.sampled_from(_CHANNELS)),
        payee_type=draw(st.sampled_from(_PAYEES)),
        settlement_speed=draw(st.sampled_from(_SPEEDS)),
        payer_balance_before_fen=draw(balance),
        payee_balance_before_fen=draw(balance),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Movement], list[Movement], FollowOptions]:
    """Draw a log, start transfers in it, and how to follow them."""
    log = [draw(_movement(number)) for number in range(draw(st.integers(1, 25)))]
    moving = [one for one in log if one.moves_money]
    if not moving:
        log.append(move("a>b", 7, transfer_id="last", place=len(log)))
        moving = log[-1:]
    starts = draw(st.lists(st.sampled_from(moving), min_size=1, max_size=3, unique_by=lambda one: one.transfer_id))
    last_ms = max(one.position.moment_ms for one in starts)
    options = FollowOptions(
        hops=draw(st.integers(1, 4)),
        horizon_ms=draw(st.sampled_from((1, _MINUTE_MS, 10 * _MINUTE_MS))),
        least_fen=draw(st.sampled_from((0, 0, 3))),
        as_of_ms=draw(st.sampled_from((None, last_ms, last_ms + _MINUTE_MS))),
        rule=draw(st.sampled_from(Rule)),
    )
    return log, starts, options
