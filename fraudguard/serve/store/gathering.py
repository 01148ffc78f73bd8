"""Alerts become cases: those of one payer and payee within a day are worked together.

The payment path writes decisions and knows nothing of cases; they are gathered from what it wrote, whenever somebody
looks at the queue.
"""

import threading
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, and_, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fraudguard.column import from_ms
from fraudguard.decision import Tier
from fraudguard.serve.pace import CLOSE_S, FIRST_ACT_S
from fraudguard.serve.store.alerts import is_alert
from fraudguard.serve.store.case_rank import is_open
from fraudguard.serve.store.case_tables import case_, case_act, case_alert
from fraudguard.serve.store.outbox import tell
from fraudguard.serve.store.rows import Kind, decode_event
from fraudguard.serve.store.tables import decision, log
from fraudguard.serve.store.told import closing_of
from fraudguard.serve.transitions import CaseState, Move, next_state
from fraudguard.transfer import Transfer

__all__ = ["Gathering"]

_DAY_MS: Final = 86_400_000
_BATCH: Final = 500
_TIERS: Final = tuple(Tier)


class Gathering:
    """Makes cases of alerts, and ends those whose alerts were all judged elsewhere."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._seen_seq: int | None = None
        self._found_seq: int | None = None

    def gather(self) -> None:
        """Take in what was decided and found since the last time."""
        with self._turn:
            try:
                while self._take_in() == _BATCH:
                    pass
                self._end_found()
            except IntegrityError:  # another process took the same alerts in; begin again from what it left
                self._seen_seq = None

    def _take_in(self) -> int:
        with self._engine.connect() as connection:
            rows = connection.execute(_fresh(self._after(connection))).mappings().all()
        if rows:
            with self._engine.begin() as connection:
                for row in rows:
                    _place(connection, row)
            self._seen_seq = rows[-1]["seq"]
        return len(rows)

    def _after(self, connection: Connection) -> int:
        if self._seen_seq is None:
            self._seen_seq = connection.scalar(select(func.max(case_alert.c.seq))) or 0
        return self._seen_seq

    def _end_found(self) -> None:
        with self._engine.connect() as connection:
            if self._found_seq is None:
                self._found_seq = connection.scalar(select(func.min(case_.c.lead_seq)).where(is_open())) or 0
            last = connection.scalar(select(func.max(log.c.seq))) or 0
            ended = connection.execute(_all_found(self._found_seq)).all() if last > self._found_seq else ()
        for case_id, at_ms in ended:
            with self._engine.begin() as connection:
                _end(connection, case_id, at_ms)
        self._found_seq = last


def _fresh(after: int) -> Any:  # noqa: ANN401  # a select of two tables
    names = ("seq", "tier", "hold_s", "score", "decided_at_ms", "transfer_id")
    columns = [decision.c[name] for name in names]
    query = select(*columns, log.c.body).join(log, log.c.seq == decision.c.seq)
    return query.where(is_alert(), decision.c.seq > after).order_by(decision.c.seq).limit(_BATCH)


def _place(connection: Connection, alert: RowMapping) -> None:
    transfer = decode_event(Kind.TRANSFER, bytes(alert["body"]))
    if not isinstance(transfer, Transfer):
        raise TypeError("a decision stands on a transfer")
    found = connection.execute(_same_pair(transfer, alert["decided_at_ms"])).mappings().one_or_none()
    if found is None:
        case_id, move = _raise_case(connection, alert, transfer), Move.RAISE
    else:
        case_id, move = _join(connection, found, alert=alert, amount_fen=transfer.amount_fen), Move.JOIN
    connection.execute(insert(case_alert), {"seq": alert["seq"], "case_id": case_id})
    detail = {"transfer_id": alert["transfer_id"], "tier": alert["tier"], "amount_fen": transfer.amount_fen}
    _note(connection, case_id, move=move, at_ms=alert["decided_at_ms"], detail=detail)


def _same_pair(transfer: Transfer, at_ms: int) -> Any:  # noqa: ANN401  # a select
    pair = and_(
        case_.c.payer_account_id == transfer.payer_account_id, case_.c.payee_account_id == transfer.payee_account_id
    )
    return select(case_).where(pair, is_open(), case_.c.last_alert_at_ms > at_ms - _DAY_MS).limit(1)


def _raise_case(connection: Connection, alert: RowMapping, transfer: Transfer) -> str:
    at_ms, tier = alert["decided_at_ms"], Tier(alert["tier"])
    case_id = f"{from_ms(at_ms):%y%m%d}-{alert['seq']}"
    values = {
        "case_id": case_id,
        "payer_account_id": transfer.payer_account_id,
        "payee_account_id": transfer.payee_account_id,
        "lead_seq": alert["seq"],
        "tier": tier.value,
        "tier_rank": _TIERS.index(tier),
        "score": alert["score"],
        "amount_fen": transfer.amount_fen,
        "channel": transfer.channel,
        "opened_at_ms": at_ms,
        "last_alert_at_ms": at_ms,
        "drains_from_ms": _drains_from(alert),
        "first_due_ms": at_ms + 1000 * FIRST_ACT_S[tier],
        "close_due_ms": at_ms + 1000 * CLOSE_S[tier],
        "state": CaseState.NEW.value,
        "held_until_ms": 0,
        "hold_token": "",
        "version": 1,
    }
    connection.execute(insert(case_), values)
    return case_id


def _join(connection: Connection, found: RowMapping, *, alert: RowMapping, amount_fen: int) -> str:
    at_ms, tier = alert["decided_at_ms"], Tier(alert["tier"])
    is_graver = (_TIERS.index(tier), -alert["score"]) < (found["tier_rank"], -found["score"])
    lead = {"lead_seq": alert["seq"], "tier": tier.value, "tier_rank": _TIERS.index(tier)} if is_graver else {}
    values = {
        **lead,
        "score": max(found["score"], alert["score"]),
        "amount_fen": found["amount_fen"] + amount_fen,
        "last_alert_at_ms": at_ms,
        "drains_from_ms": max(found["drains_from_ms"], _drains_from(alert)),
        "first_due_ms": min(found["first_due_ms"], at_ms + 1000 * FIRST_ACT_S[tier]),
        "close_due_ms": min(found["close_due_ms"], at_ms + 1000 * CLOSE_S[tier]),
        "state": next_state(CaseState(found["state"]), Move.JOIN).to.value,
        "version": case_.c.version + 1,
    }
    connection.execute(update(case_).where(case_.c.case_id == found["case_id"]).values(**values))
    return str(found["case_id"])


def _drains_from(alert: RowMapping) -> int:
    return int(alert["decided_at_ms"] + 1000 * (alert["hold_s"] or 0))


def _all_found(after: int) -> Any:  # noqa: ANN401  # a select of four tables
    """Return open cases with a finding after a place, all of whose alerts have one."""
    other, its = decision.alias("other"), case_alert.alias("its")
    has_one = exists(
        select(log.c.seq).where(log.c.kind == Kind.FINDING, log.c.transfer_id == other.c.transfer_id)
    ).correlate(other)
    lacks = exists(
        select(its.c.seq).join(other, other.c.seq == its.c.seq).where(its.c.case_id == case_.c.case_id, ~has_one)
    ).correlate(case_)
    newest = func.max(log.c.received_at_ms)
    query = select(case_.c.case_id, newest).join(case_alert, case_alert.c.case_id == case_.c.case_id)
    query = query.join(decision, decision.c.seq == case_alert.c.seq).join(
        log, log.c.transfer_id == decision.c.transfer_id
    )
    return query.where(log.c.kind == Kind.FINDING, log.c.seq > after, is_open(), ~lacks).group_by(case_.c.case_id)


def _end(connection: Connection, case_id: str, at_ms: int) -> None:
    still = (case_.c.case_id == case_id) & is_open()
    values = {"state": CaseState.CLOSED.value, "closed_at_ms": at_ms, "holder": None, "version": case_.c.version + 1}
    if connection.execute(update(case_).where(still).values(**values)).rowcount:
        _note(connection, case_id, move=Move.LEARN, at_ms=at_ms, detail={})
        tell(connection, [closing_of(case_id, at_ms)])


def _note(connection: Connection, case_id: str, *, move: Move, at_ms: int, detail: dict[str, Any]) -> None:
    told = msgspec.json.encode(detail).decode()
    values = {"case_id": case_id, "at_ms": at_ms, "officer": "", "move": move.value, "detail": told}
    connection.execute(insert(case_act), values)
