"""What following the money gives: accounts, edges, and how much could still be stopped when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from fraudguard.flow.exits import Exit
from fraudguard.flow.options import Rule

__all__ = ["CurvePoint", "Flow", "FlowAccount", "FlowEdge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAccount:
    """An account the money came through. Always `own_fen` + `in_fen` = `out_fen` + `inside_fen`.

    Parameters
    ----------
    number : int
        1 for the account that the money touched first, and so on; how the picture names it.
    account_id : str
        Its token.
    layer : int
        0 for a payer of a start transfer, 1 for its payee, 2 for the next; the first one that it came to.
    own_fen : int
        What it brought in itself by start transfers, in fen.
    in_fen, out_fen, inside_fen : int
        Tainted money in, out, and still inside at the end, in fen.
    booked_fen : int
        Cash that it booked to fetch after the money came, in fen; a booking moves nothing yet.
    first_at, last_at : datetime
        First and last movement of the money, aware UTC.
    minutes_after_start : float
        From the first start transfer to `first_at`.
    dwell_s : float or None
        Seconds from the first tainted money in to the first out after it; None while nothing left, or nothing came.
    """

    number: int
    account_id: str
    layer: int
    own_fen: int
    in_fen: int
    out_fen: int
    inside_fen: int
    booked_fen: int
    first_at: datetime
    last_at: datetime
    minutes_after_start: float
    dwell_s: float | None

    @property
    def returned_fen(self) -> int:
        """Money inside that a payer of the start had back, up to what it paid; in fen."""
        return min(self.inside_fen, self.own_fen) if self.layer == 0 else 0

    @property
    def stoppable_fen(self) -> int:
        """Money inside that is not simply back with who had paid it; in fen."""
        return self.inside_fen - self.returned_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEdge:
    """A transfer that carried some of the money.

    Parameters
    ----------
    transfer_id : str or None
        None for money that left an account in a way that the log does not hold (`Exit.UNSEEN`).
    payer_account_id : str
        Where it left.
    payee_account_id : str or None
        Whom the transfer paid; None where `transfer_id` is.
    event_time : datetime
        When, aware UTC; of unseen money, when its loss was seen.
    amount_fen, tainted_fen, own_fen : int
        The whole amount; the money of the case in it; how much of that the payer newly brought in. In fen.
    layer : int
        Layer of the payee; one more than the payer's where the money is gone.
    exit : Exit or None
        How the money left; None when it is in the payee's account.
    is_start : bool
        Whether the trace began with it.
    """

    transfer_id: str | None
    payer_account_id: str
    payee_account_id: str | None
    event_time: datetime
    amount_fen: int
    tainted_fen: int
    own_fen: int
    layer: int
    exit: Exit | None
    is_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Where the money was, some minutes after the first start transfer.

    `entered_fen` = `inside_fen` + `returned_fen` + the sum of `gone_fen`.

    Parameters
    ----------
    minute : int
        Everything up to this many minutes after the start is counted.
    entered_fen : int
        Money the start transfers had brought in.
    inside_fen : int
        Still inside accounts: what could be stopped.
    returned_fen : int
        Back with who had paid it.
    gone_fen : mapping of Exit to int
        Gone, by how; only what is not zero.
    """

    minute: int
    entered_fen: int
    inside_fen: int
    returned_fen: int
    gone_fen: Mapping[Exit, int]

    @property
    def recoverable(self) -> float:
        """Share of the money that could still be stopped or is back, 0 to 1; 1 before any came in."""
        return (self.inside_fen + self.returned_fen) / self.entered_fen if self.entered_fen else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The way the money went.

    Parameters
    ----------
    rule : Rule
        What was taken to be spent first.
    hops : int
        Layers followed.
    starts : tuple of str
        Ids of the transfers it began with, in time order.
    start_at, until : datetime
        The first start transfer; the moment up to which the money was followed. Aware UTC.
    accounts : tuple of FlowAccount
        In the order the money touched them.
    edges : tuple of FlowEdge
        In time order.
    curve : tuple of CurvePoint
        Minute by minute, from 0 until the money last moved.
    """

    rule: Rule
    hops: int
    starts: tuple[str, ...]
    start_at: datetime
    until: datetime
    accounts: tuple[FlowAccount, ...]
    edges: tuple[FlowEdge, ...]
    curve: tuple[CurvePoint, ...]

    @property
    def last(self) -> CurvePoint:
        """Where the money is in the end."""
        return self.curve[-1]

    @property
    def next_to_stop(self) -> tuple[FlowAccount, ...]:
        """Accounts with money that can be stopped, the most first; ties by who was reached first."""
        holding = [account for account in self.accounts if account.stoppable_fen]
        return tuple(sorted(holding, key=lambda account: (-account.stoppable_fen, account.number)))

    def to_dict(self) -> dict[str, object]:
        """Return all of it as a plain dictionary, for JSON; moments as text, money in fen.

        Returns
        -------
        dict
            Lists of accounts, edges and points of the curve, beside what the trace as a whole says.
        """
        return {
            "rule": str(self.rule),
            "hops": self.hops,
            "starts": list(self.starts),
            "start_at": self.start_at.isoformat(),
            "until": self.until.isoformat(),
            **_plain(self.last),
            "next_to_stop": [account.account_id for account in self.next_to_stop],
            "accounts": [
                _plain(account) | {"returned_fen": account.returned_fen, "stoppable_fen": account.stoppable_fen}
                for account in self.accounts
            ],
            "edges": [
                _plain(edge) | {"minutes_after_start": self.minutes_after_start(edge.event_time)} for edge in self.edges
            ],
            "curve": [_plain(point) for point in self.curve],
        }

    def minutes_after_start(self, moment: datetime) -> float:
        """Return how many minutes after the first start transfer a moment is.

        Parameters
        ----------
        moment : datetime
            Aware.

        Returns
        -------
        float
            Negative before it.
        """
        return (moment - self.start_at).total_seconds() / 60


def _plain(row: FlowAccount | FlowEdge | CurvePoint) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(row).items()}
