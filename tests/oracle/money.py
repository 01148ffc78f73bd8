"""Following money the slow way: the whole log is read, and an account is a row of single fen, each marked or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fraudguard.flow.exits import Exit
from fraudguard.flow.movement import Movement
from fraudguard.flow.options import FollowOptions, Rule
from fraudguard.transfer import Channel, EventType, PayeeType, SettlementSpeed

__all__ = ["Told", "told_by_fen"]

MARKED, PLAIN = True, False


@dataclass
class Told:
    """What the oracle says."""

    layers: dict[str, int] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    edges: list[tuple[str | None, str, int, int, Exit | None]] = field(default_factory=list)
    """Transfer, payer, marked fen, newly marked fen, way out."""


def told_by_fen(log: Sequence[Movement], start_ids: set[str], options: FollowOptions) -> Told:
    """Follow every single fen."""
    told, rows, seen, late = Told(), dict[str, list[bool]](), set[str](), set[str]()
    starts = [one for one in log if one.transfer_id in start_ids]
    first = min(one.position for one in starts)
    end_ms = max(one.position.moment_ms for one in starts) + options.horizon_ms
    if options.as_of_ms is not None:
        end_ms = min(end_ms, options.as_of_ms)
    for one in sorted(log, key=lambda movement: movement.position):
        if one.position < first or one.position.moment_ms > end_ms:
            continue
        if one.event_type is EventType.CASH_WITHDRAWAL_BOOKING or one.payer_account_id == one.payee_account_id:
            continue
        payer, payee, amount = one.payer_account_id, one.payee_account_id, one.amount_fen
        for account, balance in ((payer, one.payer_balance_before_fen), (payee, one.payee_balance_before_fen)):
            _settle(told, rows, account, balance, rule=options.rule, first=account not in seen, late=account in late)
            if account in rows and balance is not None:
                seen.add(account)
        fen = _take(rows[payer], amount, options.rule) if payer in rows else [PLAIN] * amount
        new = 0
        if one.transfer_id in start_ids:
            told.layers.setdefault(payer, 0)
            new, fen = fen.count(PLAIN), [MARKED] * amount
        if MARKED in fen or one.transfer_id in start_ids:
            way_out = _way_out(one, told, fen.count(MARKED), is_start=one.transfer_id in start_ids, options=options)
            told.edges.append((one.transfer_id, payer, fen.count(MARKED), new, way_out))
            if way_out:
                fen = [PLAIN] * amount
            else:
                told.layers.setdefault(payee, 1 if one.transfer_id in start_ids else told.layers[payer] + 1)
                if MARKED in fen and payee not in rows:
                    balance = one.payee_balance_before_fen
                    rows[payee] = [PLAIN] * max(balance or 0, 0)
                    if balance is not None:
                        seen.add(payee)
        if payee in rows:
            rows[payee] += fen
            if one.settlement_speed in {SettlementSpeed.TWO_HOUR, SettlementSpeed.NEXT_DAY}:
                late.add(payee)
    told.inside = {account: rows.get(account, []).count(MARKED) for account in told.layers}
    return told


def _settle(
    told: Told, rows: dict[str, list[bool]], account: str, balance: int | None, *, rule: Rule, first: bool, late: bool
) -> None:
    """Make a row as long as the bank says."""
    if account not in rows or balance is None:
        return
    row, balance = rows[account], max(balance, 0)
    if len(row) < balance:
        more = [PLAIN] * (balance - len(row))
        rows[account] = more + row if first else row + more
    elif len(row) > balance and not late:
        lost = _take(row, len(row) - balance, rule)
        if MARKED in lost:
            told.edges.append((None, account, lost.count(MARKED), 0, Exit.UNSEEN))


def _take(row: list[bool], amount: int, rule: Rule) -> list[bool]:
    """Take fen out of a row; by shares, the marked ones are taken from wherever they are."""
    count = min(amount, len(row))
    if rule is Rule.FIFO:
        taken, row[:] = row[:count], row[count:]
        return taken + [PLAIN] * (amount - count)
    marked = row.count(MARKED) * count // len(row) if row else 0
    left_marked, left = row.count(MARKED) - marked, len(row) - count
    row[:] = [MARKED] * left_marked + [PLAIN] * (left - left_marked)
    return [MARKED] * marked + [PLAIN] * (amount - marked)


def _way_out(one: Movement, told: Told, marked: int, *, is_start: bool, options: FollowOptions) -> Exit | None:
    if one.event_type is None and one.channel is Channel.POS:
        return Exit.CARD
    for kind, way_out in (
        (EventType.CASH_WITHDRAWAL, Exit.CASH),
        (EventType.CARD_PAYMENT, Exit.CARD),
        (EventType.WALLET_TOPUP, Exit.WALLET),
        (EventType.CRYPTO_OTC, Exit.CRYPTO),
    ):
        if one.event_type is kind:
            return way_out
    if is_start:
        return None
    if one.payee_account_id not in told.layers:
        if one.payee_type in {PayeeType.MERCHANT, PayeeType.WALLET}:
            return Exit.MERCHANT if one.payee_type is PayeeType.MERCHANT else Exit.WALLET
        if told.layers[one.payer_account_id] == options.hops:
            return Exit.BEYOND
    return Exit.SMALL if marked < options.least_fen else None
