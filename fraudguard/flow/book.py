"""The book of a trace: what is written down of each account and each transfer while the money is followed."""

from dataclasses import dataclass
from datetime import datetime

from fraudguard.column import from_ms
from fraudguard.flow.exits import Exit
from fraudguard.flow.movement import Movement, Position
from fraudguard.flow.result import FlowAccount, FlowEdge

__all__ = ["Book"]


@dataclass(slots=True, kw_only=True)
class _Entry:
    """What is known of an account so far."""

    layer: int
    first_ms: int
    last_ms: int
    own_fen: int = 0
    in_fen: int = 0
    out_fen: int = 0
    booked_fen: int = 0
    first_in_ms: int | None = None
    first_out_ms: int | None = None


class Book:
    """Accounts in the order the money touched them, edges in time order."""

    def __init__(self) -> None:
        self.edges: list[FlowEdge] = []
        self._entries: dict[str, _Entry] = {}

    def knows(self, account_id: str) -> bool:
        """Return whether the flow has come to an account."""
        return account_id in self._entries

    def layer_of_payee(self, movement: Movement, *, is_start: bool) -> int:
        """Return the layer of a payee: the one it has, or the one after the payer's."""
        payee = self._entries.get(movement.payee_account_id)
        if payee is not None:
            return payee.layer
        return 1 if is_start else self._entries[movement.payer_account_id].layer + 1

    def bring_in(self, movement: Movement, *, own_fen: int) -> None:
        """Write down money that a payer newly brings into the case."""
        entry = self._touch(movement.payer_account_id, movement.position, layer=0)
        entry.own_fen += own_fen

    def note_booking(self, movement: Movement) -> None:
        """Write down cash that an account is going to fetch."""
        self._entries[movement.payer_account_id].booked_fen += movement.amount_fen

    def carry(
        self,
        movement: Movement,
        *,
        tainted_fen: int,
        own_fen: int,
        layer: int,
        way_out: Exit | None,
        is_start: bool,
    ) -> None:
        """Write down a transfer that carries some of the money."""
        payer = self._touch(movement.payer_account_id, movement.position, layer=0)
        _leave(payer, movement.position, tainted_fen)
        if way_out is None:
            payee = self._touch(movement.payee_account_id, movement.position, layer=layer)
            payee.in_fen += tainted_fen
            if payee.first_in_ms is None and tainted_fen:
                payee.first_in_ms = movement.position.moment_ms
        edge = FlowEdge(
            transfer_id=movement.transfer_id,
            payer_account_id=movement.payer_account_id,
            payee_account_id=movement.payee_account_id,
            event_time=from_ms(movement.position.moment_ms),
            amount_fen=movement.amount_fen,
            tainted_fen=tainted_fen,
            own_fen=own_fen,
            layer=layer if way_out is None else payer.layer + 1,
            exit=way_out,
            is_start=is_start,
        )
        self.edges.append(edge)

    def lose(self, account_id: str, position: Position, *, lost_fen: int, tainted_fen: int) -> None:
        """Write down money that left an account in a way that the log does not hold."""
        if not tainted_fen:
            return
        entry = self._touch(account_id, position, layer=0)
        _leave(entry, position, tainted_fen)
        edge = FlowEdge(
            transfer_id=None,
            payer_account_id=account_id,
            payee_account_id=None,
            event_time=from_ms(position.moment_ms),
            amount_fen=lost_fen,
            tainted_fen=tainted_fen,
            own_fen=0,
            layer=entry.layer + 1,
            exit=Exit.UNSEEN,
            is_start=False,
        )
        self.edges.append(edge)

    def accounts(self, start_at: datetime) -> tuple[FlowAccount, ...]:
        """Return what the book says of each account."""
        named = enumerate(self._entries.items(), 1)
        return tuple(
            _account(number, account_id, entry=entry, start_at=start_at) for number, (account_id, entry) in named
        )

    def _touch(self, account_id: str, position: Position, *, layer: int) -> _Entry:
        moment_ms = position.moment_ms
        entry = self._entries.setdefault(account_id, _Entry(layer=layer, first_ms=moment_ms, last_ms=moment_ms))
        entry.last_ms = moment_ms
        return entry


def _leave(entry: _Entry, position: Position, tainted_fen: int) -> None:
    entry.out_fen += tainted_fen
    if tainted_fen and entry.first_in_ms is not None and entry.first_out_ms is None:
        entry.first_out_ms = position.moment_ms


def _account(number: int, account_id: str, *, entry: _Entry, start_at: datetime) -> FlowAccount:
    first_at = from_ms(entry.first_ms)
    left = entry.first_in_ms is not None and entry.first_out_ms is not None
    return FlowAccount(
        number=number,
        account_id=account_id,
        layer=entry.layer,
        own_fen=entry.own_fen,
        in_fen=entry.in_fen,
        out_fen=entry.out_fen,
        inside_fen=entry.own_fen + entry.in_fen - entry.out_fen,
        booked_fen=entry.booked_fen,
        first_at=first_at,
        last_at=from_ms(entry.last_ms),
        minutes_after_start=(first_at - start_at).total_seconds() / 60,
        dwell_s=((entry.first_out_ms or 0) - (entry.first_in_ms or 0)) / 1000 if left else None,
    )
