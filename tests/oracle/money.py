"""Following money the slow way: the whole log is read, and an account is a row of single fen, each marked or not."""

from collections.abc import Sequence
from typing import Final

from fraudguard.flow.exits import Exit
from fraudguard.flow.movement import Movement
from fraudguard.flow.options import FollowOptions, Rule
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed

__all__ = ["FenByFen", "told_by_fen"]

MARKED: Final = True
PLAIN: Final = False

_ORDERS: Final = {
    EventType.CASH_WITHDRAWAL: Exit.CASH,
    EventType.CARD_PAYMENT: Exit.CARD,
    EventType.WALLET_TOPUP: Exit.WALLET,
    EventType.CRYPTO_OTC: Exit.CRYPTO,
}


def told_by_fen(log: Sequence[Movement], start_ids: set[str], options: FollowOptions) -> "FenByFen":
    """Follow every single fen through the stretch of time."""
    starts = [one for one in log if one.transfer_id in start_ids]
    first = min(one.position for one in starts)
    end_ms = max(one.position.moment_ms for one in starts) + options.horizon_ms
    end_ms = end_ms if options.as_of_ms is None else min(end_ms, options.as_of_ms)
    oracle = FenByFen(start_ids, options)
    for one in sorted(log, key=lambda movement: movement.position):
        booked = one.event_type is EventType.CASH_WITHDRAWAL_BOOKING
        if first <= one.position and one.position.moment_ms <= end_ms and not booked and not _is_to_itself(one):
            oracle.see(one)
    return oracle


def _is_to_itself(one: Movement) -> bool:
    return one.payer_account_id == one.payee_account_id


class FenByFen:
    """Rows of fen, and what became of them.

    `edges` holds transfer, payer, marked fen, newly marked fen, way out.
    """

    def __init__(self, start_ids: set[str], options: FollowOptions) -> None:
        self.layers: dict[str, int] = {}
        self.edges: list[tuple[str | None, str, int, int, Exit | None]] = []
        self._rows: dict[str, list[bool]] = {}
        self._seen: set[str] = set()
        self._late: set[str] = set()
        self._start_ids, self._options = start_ids, options

    @property
    def inside(self) -> dict[str, int]:
        """Marked fen in each account."""
        return {account: self._rows.get(account, []).count(MARKED) for account in self.layers}

    def see(self, one: Movement) -> None:
        """Let a transfer happen."""
        self._settle(one.payer_account_id, one.payer_balance_before_fen)
        self._settle(one.payee_account_id, one.payee_balance_before_fen)
        fen = self._take(one.payer_account_id, one.amount_fen)
        new = fen.count(PLAIN) if one.transfer_id in self._start_ids else 0
        if one.transfer_id in self._start_ids:
            self.layers.setdefault(one.payer_account_id, 0)
            fen = [MARKED] * one.amount_fen
        if MARKED in fen or one.transfer_id in self._start_ids:
            fen = self._carry(one, fen, new)
        if one.payee_account_id in self._rows:
            self._rows[one.payee_account_id] += fen
            if one.settlement_speed in {SettlementSpeed.TWO_HOUR, SettlementSpeed.NEXT_DAY}:
                self._late.add(one.payee_account_id)

    def _carry(self, one: Movement, fen: list[bool], new: int) -> list[bool]:
        """Write down an edge; return the fen as the payee gets them."""
        way_out = self._way_out(one, fen.count(MARKED))
        self.edges.append((one.transfer_id, one.payer_account_id, fen.count(MARKED), new, way_out))
        if way_out:
            return [PLAIN] * one.amount_fen
        layer = 1 if one.transfer_id in self._start_ids else self.layers[one.payer_account_id] + 1
        self.layers.setdefault(one.payee_account_id, layer)
        if MARKED in fen and one.payee_account_id not in self._rows:
            self._rows[one.payee_account_id] = []
            self._settle(one.payee_account_id, one.payee_balance_before_fen)
        return fen

    def _settle(self, account: str, balance: int | None) -> None:
        """Make a row as long as the bank says; the first time what is missing was there before all else."""
        if account not in self._rows or balance is None:
            return
        row, length = self._rows[account], max(balance, 0)
        more = [PLAIN] * (length - len(row))
        row[:] = row + more if account in self._seen else more + row
        if len(row) > length and account not in self._late:
            lost = self._take(account, len(row) - length)
            if MARKED in lost:
                self.edges.append((None, account, lost.count(MARKED), 0, Exit.UNSEEN))
        self._seen.add(account)

    def _take(self, account: str, amount: int) -> list[bool]:
        """Take fen out of a row; by shares, the marked ones are taken from wherever they are."""
        row = self._rows.get(account, [])
        count = min(amount, len(row))
        if self._options.rule is Rule.FIFO:
            taken, row[:] = row[:count], row[count:]
            return taken + [PLAIN] * (amount - count)
        marked = row.count(MARKED) * count // len(row) if row else 0
        left_marked, left = row.count(MARKED) - marked, len(row) - count
        row[:] = [MARKED] * left_marked + [PLAIN] * (left - left_marked)
        return [MARKED] * marked + [PLAIN] * (amount - marked)

    def _way_out(self, one: Movement, marked: int) -> Exit | None:
        if one.event_type is None and one.channel is Channel.POS:
            return Exit.CARD
        if one.event_type in _ORDERS or one.transfer_id in self._start_ids:
            return _ORDERS.get(one.event_type or EventType.TRANSFER)
        if one.payee_account_id not in self.layers:
            ends = {PayeeType.MERCHANT: Exit.MERCHANT, PayeeType.WALLET: Exit.WALLET}
            if one.payee_type in ends or self.layers[one.payer_account_id] == self._options.hops:
                return Exit.BEYOND if one.payee_type is None else ends.get(one.payee_type, Exit.BEYOND)
        return Exit.SMALL if marked < self._options.least_fen else None
