"""What the tracing needs of a transfer, and a log of it that finds an account's transfers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from fraudguard.column import to_ms
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed, Transfer

__all__ = ["Log", "Movement", "MovementLog", "Position"]


class Position(NamedTuple):
    """Where a movement stands: by moment, and among equal moments by its place in the log."""

    moment_ms: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """The part of a transfer that tracing looks at.

    Parameters
    ----------
    transfer_id : str
        Id of the transfer.
    position : Position
        Its moment and its place in the log.
    payer_account_id, payee_account_id : str
        The two accounts.
    amount_fen : int
        Amount in fen, not negative.
    event_type : EventType, optional
        Kind of movement.
    channel : Channel, optional
        Where the order was given.
    payee_type : PayeeType, optional
        Who the payee is.
    settlement_speed : SettlementSpeed, optional
        When the money was asked to arrive.
    payer_balance_before_fen, payee_balance_before_fen : int, optional
        Balance of each account before it, in fen.
    """

    transfer_id: str
    position: Position
    payer_account_id: str
    payee_account_id: str
    amount_fen: int
    event_type: EventType | None = None
    channel: Channel | None = None
    payee_type: PayeeType | None = None
    settlement_speed: SettlementSpeed | None = None
    payer_balance_before_fen: int | None = None
    payee_balance_before_fen: int | None = None

    @classmethod
    def of(cls, transfer: Transfer, place: int) -> "Movement":
        """Return what tracing looks at of a transfer.

        Parameters
        ----------
        transfer : Transfer
            Any transfer.
        place : int
            Its place in the log.

        Returns
        -------
        Movement
            With the transfer's own values.
        """
        return cls(
            transfer_id=transfer.transfer_id,
            position=Position(to_ms(transfer.event_time), place),
            payer_account_id=transfer.payer_account_id,
            payee_account_id=transfer.payee_account_id,
            amount_fen=transfer.amount_fen,
            event_type=transfer.event_type,
            channel=transfer.channel,
            payee_type=transfer.payee_type,
            settlement_speed=transfer.settlement_speed,
            payer_balance_before_fen=transfer.payer_balance_before_fen,
            payee_balance_before_fen=transfer.payee_balance_before_fen,
        )

    @property
    def moves_money(self) -> bool:
        """Whether money leaves the account: not when it pays itself, and not when cash is only booked."""
        booked = self.event_type is EventType.CASH_WITHDRAWAL_BOOKING
        return not booked and self.payer_account_id != self.payee_account_id

    @property
    def lands_later(self) -> bool:
        """Whether the payer asked for the money to arrive later than at once."""
        return self.settlement_speed in {SettlementSpeed.TWO_HOUR, SettlementSpeed.NEXT_DAY}


class Log(Protocol):
    """Where an account's transfers are found, in time order."""

    def touching(self, account_id: str, after: Position) -> Iterator[Movement]:
        """Yield what an account pays and is paid after a position, in order of position."""
        ...


class MovementLog:
    """A log held in memory: a case, a day, what a service has at hand.

    Parameters
    ----------
    transfers : iterable of Transfer or Movement
        In log order. Of several with the same id the first counts: the others are the same order, sent again.
        A movement keeps the position it has.

    Examples
    --------
    >>> from fraudguard.flow.movement import Movement, MovementLog, Position
    >>> paid = Movement(
    ...     transfer_id="T1", position=Position(0, 0), payer_account_id="v", payee_account_id="a", amount_fen=100
    ... )
    >>> [movement.transfer_id for movement in MovementLog([paid]).touching("a", Position(-1, 0))]
    ['T1']
    """

    def __init__(self, transfers: Iterable[Transfer | Movement]) -> None:
        self._by_id: dict[str, Movement] = {}
        for place, transfer in enumerate(transfers):
            one = transfer if isinstance(transfer, Movement) else Movement.of(transfer, place)
            self._by_id.setdefault(one.transfer_id, one)
        self._by_account: dict[str, list[Movement]] = {}
        for one in sorted(self._by_id.values(), key=lambda movement: movement.position):
            for account_id in {one.payer_account_id, one.payee_account_id}:
                self._by_account.setdefault(account_id, []).append(one)

    def find(self, transfer_id: str) -> Movement | None:
        """Return the movement of an id, None when there is none."""
        return self._by_id.get(transfer_id)

    def touching(self, account_id: str, after: Position) -> Iterator[Movement]:
        """Yield what an account pays and is paid after a position, in order of position."""
        movements = self._by_account.get(account_id, [])
        first = bisect_right(movements, after, key=lambda movement: movement.position)
        yield from movements[first:]
