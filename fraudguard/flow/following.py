"""Following the money through a log, one movement after the other, in time order.

Only transfers of accounts that hold some of the money are looked at: an
account's transfers join the queue when the first of the money reaches it.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from fraudguard.column import from_ms
from fraudguard.errors import DataError
from fraudguard.flow.book import Book
from fraudguard.flow.curve import curve_of
from fraudguard.flow.exits import Exit, exit_by_order, exit_by_payee
from fraudguard.flow.movement import Log, Movement, Position
from fraudguard.flow.options import FollowOptions
from fraudguard.flow.purse import Lot, Purse, new_purse, tainted_fen
from fraudguard.flow.result import Flow

__all__ = ["end_ms", "follow"]


def follow(log: Log, starts: Iterable[Movement], options: FollowOptions | None = None) -> Flow:
    """Follow the money of some transfers downstream.

    Parameters
    ----------
    log : Log
        Where the transfers are found; a `MovementLog` of the service's own, or one over a table.
    starts : iterable of Movement
        The transfers whose whole amount is the money of the case; at least one, each moving money.
    options : FollowOptions, optional
        How far, and by which rule.

    Returns
    -------
    Flow
        Accounts, edges and the curve; every fen is accounted for.

    Raises
    ------
    DataError
        If there is no start transfer, one moves no money, or one is not yet known at `as_of_ms`.

    Examples
    --------
    >>> from fraudguard.flow.movement import MovementLog
    >>> paid = Movement(
    ...     transfer_id="T1", position=Position(0, 0), payer_account_id="v", payee_account_id="a", amount_fen=100
    ... )
    >>> sent_on = Movement(
    ...     transfer_id="T2", position=Position(60_000, 1), payer_account_id="a", payee_account_id="b", amount_fen=70
    ... )
    >>> flow = follow(MovementLog([paid, sent_on]), [paid])
    >>> [(account.account_id, account.layer, account.inside_fen) for account in flow.accounts]
    [('v', 0, 0), ('a', 1, 30), ('b', 2, 70)]
    """
    chosen = options or FollowOptions()
    begun = sorted(starts, key=lambda movement: movement.position)
    _require_starts(begun, chosen)
    book, until_ms = Book(), end_ms(begun, chosen)
    walk = _Walk(log, begun, options=chosen, book=book)
    for movement in walk.movements(until_ms):
        walk.take(movement)
    start_at = from_ms(begun[0].position.moment_ms)
    return Flow(
        rule=chosen.rule,
        hops=chosen.hops,
        starts=tuple(dict.fromkeys(movement.transfer_id for movement in begun)),
        start_at=start_at,
        until=from_ms(until_ms),
        accounts=book.accounts(start_at),
        edges=tuple(book.edges),
        curve=curve_of(book.edges, start_at),
    )


def end_ms(starts: list[Movement], options: FollowOptions) -> int:
    """Return the moment up to which the money is followed.

    Parameters
    ----------
    starts : list of Movement
        At least one.
    options : FollowOptions
        With the horizon and `as_of_ms`.

    Returns
    -------
    int
        The horizon after the last start, not later than `as_of_ms`.
    """
    end = max(movement.position.moment_ms for movement in starts) + options.horizon_ms
    return end if options.as_of_ms is None else min(end, options.as_of_ms)


def _require_starts(starts: list[Movement], options: FollowOptions) -> None:
    if not starts:
        raise DataError("there is no transfer to start from; name one", "没有起始转账；请指明一笔")
    still = next((movement.transfer_id for movement in starts if not movement.moves_money), None)
    if still is not None:
        raise DataError(
            f"transfer {still} moves no money (it pays its own account, or only books cash); start from another one",
            f"转账 {still} 没有移动资金（付给自己，或只是预约取现）；请从另一笔开始",
        )
    late = starts[-1]
    if options.as_of_ms is not None and late.position.moment_ms > options.as_of_ms:
        raise DataError(
            f"transfer {late.transfer_id} is later than the moment the trace is as of; take a later as_of, or leave it out",
            f"转账 {late.transfer_id} 晚于所设的截至时刻；请用更晚的 as_of，或不设",
        )


class _Walk:
    """The queue of movements, and the purse of each account that was reached."""

    def __init__(self, log: Log, starts: list[Movement], *, options: FollowOptions, book: Book) -> None:
        self._log, self._options, self._book = log, options, book
        self._start_ids = {movement.transfer_id for movement in starts}
        self._queue: list[tuple[Position, int, Movement, Iterator[Movement]]] = []
        self._queued = 0
        self._purses: dict[str, Purse] = {}
        self._seen_balance: set[str] = set()
        self._awaits_money: set[str] = set()
        self._enqueue(iter(starts))

    def movements(self, until_ms: int) -> Iterator[Movement]:
        """Yield what touches a reached account, each movement once, in order of position."""
        last: Position | None = None
        while self._queue and self._queue[0][0].moment_ms <= until_ms:
            position, _, movement, others = heappop(self._queue)
            self._enqueue(others)
            if position != last:  # a transfer between two reached accounts stands in the queue twice
                yield movement
            last = position

    def take(self, movement: Movement) -> None:
        """Let a movement happen."""
        if not movement.moves_money:
            self._note_booking(movement)
            return
        self._compare(movement.payer_account_id, movement.payer_balance_before_fen, movement.position)
        self._compare(movement.payee_account_id, movement.payee_balance_before_fen, movement.position)
        purse = self._purses.get(movement.payer_account_id)
        lots = purse.take(movement.amount_fen) if purse else [Lot(movement.amount_fen, tainted=False)]
        if movement.transfer_id in self._start_ids:
            own_fen = movement.amount_fen - tainted_fen(lots)
            self._book.bring_in(movement, own_fen=own_fen)
            self._carry(movement, [Lot(movement.amount_fen, tainted=True)], own_fen=own_fen, is_start=True)
        elif tainted_fen(lots):
            self._carry(movement, lots, own_fen=0, is_start=False)
        else:
            self._put(movement, lots)

    def _enqueue(self, movements: Iterator[Movement]) -> None:
        movement = next(movements, None)
        if movement is not None:
            self._queued += 1
            heappush(self._queue, (movement.position, self._queued, movement, movements))

    def _note_booking(self, movement: Movement) -> None:
        if movement.payer_account_id in self._purses and movement.payer_account_id != movement.payee_account_id:
            self._book.note_booking(movement)

    def _carry(self, movement: Movement, lots: list[Lot], *, own_fen: int, is_start: bool) -> None:
        """Write down where the tainted part goes, and put it there."""
        tainted = tainted_fen(lots)
        layer = self._book.layer_of_payee(movement, is_start=is_start)
        way_out = self._exit(movement, layer=layer, tainted=tainted, is_start=is_start)
        self._book.carry(
            movement, tainted_fen=tainted, own_fen=own_fen, layer=layer, way_out=way_out, is_start=is_start
        )
        if way_out is not None:
            # For an account that the flow knows by another way, what came so is like any money.
            self._put(movement, [Lot(movement.amount_fen, tainted=False)])
            return
        if tainted and movement.payee_account_id not in self._purses:
            self._reach(movement)
        self._put(movement, lots)

    def _exit(self, movement: Movement, *, layer: int, tainted: int, is_start: bool) -> Exit | None:
        by_order = exit_by_order(movement)
        if by_order or is_start:
            return by_order
        if not self._book.knows(movement.payee_account_id):
            by_payee = exit_by_payee(movement)
            if by_payee or layer > self._options.hops:
                return by_payee or Exit.BEYOND
        return Exit.SMALL if tainted < self._options.least_fen else None

    def _reach(self, movement: Movement) -> None:
        """Open the purse of an account to which the first of the money comes."""
        account_id = movement.payee_account_id
        self._purses[account_id] = new_purse(self._options.rule)
        self._compare(account_id, movement.payee_balance_before_fen, movement.position)
        self._enqueue(self._log.touching(account_id, movement.position))

    def _put(self, movement: Movement, lots: list[Lot]) -> None:
        purse = self._purses.get(movement.payee_account_id)
        if purse is not None:
            purse.put(lots)
            if movement.lands_later:
                self._awaits_money.add(movement.payee_account_id)

    def _compare(self, account_id: str, balance_fen: int | None, position: Position) -> None:
        """Hold a purse to the balance that the bank tells, where it tells one."""
        purse = self._purses.get(account_id)
        if purse is None or balance_fen is None:
            return
        more_fen = max(balance_fen, 0) - purse.total_fen
        if more_fen > 0 and account_id not in self._seen_balance:
            purse.put_first(more_fen)
        elif more_fen > 0:
            purse.put([Lot(more_fen, tainted=False)])
        elif more_fen < 0 and account_id not in self._awaits_money:
            self._book.lose(account_id, position, lost_fen=-more_fen, tainted_fen=tainted_fen(purse.take(-more_fen)))
        self._seen_balance.add(account_id)
