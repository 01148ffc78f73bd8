"""Money that is held: decisions that said so, and what was done with them since."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, and_, exists, func, insert, select
from sqlalchemy.exc import IntegrityError

from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.serve.store.outbox import Event, tell
from fraudguard.serve.store.tables import decision, hold_act
from fraudguard.serve.store.trail import TrailRow, add_line
from fraudguard.webhook import EventType

__all__ = ["ActRow", "HoldRow", "Holds", "add_act"]


class ActRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``hold_act``, but for the hold that it belongs to and its number."""

    act_id: str
    act: str
    hold_s: int | None
    reason_code: str
    note: str | None
    author: str
    at_ms: int


class HoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that held money, and its acts in their order."""

    seq: int
    assessment_id: str
    transfer_id: str
    intervention: str
    hold_s: int
    decided_at_ms: int
    reasons: str
    acts: tuple[ActRow, ...]


Check = Callable[[HoldRow], None]


class Holds:
    """Holds of live decisions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, assessment_id: str) -> HoldRow:
        """Return a hold.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._engine.connect() as connection:
            return _get(connection, assessment_id)

    def find_act(self, act_id: str) -> tuple[str, ActRow] | None:
        """Return an act with the assessment that it belongs to, or None."""
        query = select(decision.c.assessment_id, hold_act).join(decision, decision.c.seq == hold_act.c.seq)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(hold_act.c.act_id == act_id)).mappings().one_or_none()
        return None if row is None else (row["assessment_id"], _to_act(row))

    def act(self, assessment_id: str, row: ActRow, check: Check) -> HoldRow:
        """Add an act to a hold that passes a check, all in one transaction; return the hold after it.

        Raises
        ------
        ConflictError
            If somebody else acted at the same moment.
        """
        with self._engine.begin() as connection:
            add_act(connection, assessment_id, row, check=check)
            return _get(connection, assessment_id)

    def of_assessments(self, assessment_ids: Sequence[str]) -> Sequence[HoldRow]:
        """Return the holds under these ids, those that held money, in the order of the log."""
        query = _holds().where(decision.c.assessment_id.in_(assessment_ids)).order_by(decision.c.seq)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
            acts = _acts(connection, [row["seq"] for row in rows])
        return [_to_hold(row, acts.get(row["seq"], ())) for row in rows]

    def page(self, *, before: int | None, limit: int, now_ms: int, state: str | None = None) -> Sequence[HoldRow]:
        """Return holds, the newest first, of those before a place; in a state, if one is named."""
        query = _holds().order_by(decision.c.seq.desc()).limit(limit)
        if state is not None:
            query = query.where(_in_state(state, now_ms))
        if before is not None:
            query = query.where(decision.c.seq < before)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
            acts = _acts(connection, [row["seq"] for row in rows])
        return [_to_hold(row, acts.get(row["seq"], ())) for row in rows]


def add_act(connection: Connection, assessment_id: str, row: ActRow, *, check: Check) -> None:
    """Add an act in a transaction of the caller's, after a check of the hold as it is in that.

    Raises
    ------
    ConflictError
        If somebody else acted at the same moment.
    """
    hold = _get(connection, assessment_id)
    check(hold)
    values: dict[str, Any] = {"seq": hold.seq, "number": len(hold.acts) + 1, **msgspec.structs.asdict(row)}
    try:
        connection.execute(insert(hold_act), values)
    except IntegrityError as error:
        raise ConflictError(
            "somebody else acted on this hold at the same moment; look at it again",
            "同一时刻另有人处理了这笔暂缓；请重新查看",
        ) from error
    act = "hold_released" if row.act == "release" else "hold_extended"
    line = TrailRow(at_ms=row.at_ms, officer=row.author, act=act, subject=assessment_id, detail=row.reason_code)
    add_line(connection, line)
    if row.act == "release":
        data = {"assessment_id": assessment_id, "transfer_id": hold.transfer_id}
        tell(connection, [Event(event_type=EventType.HOLD_RELEASED, at_ms=row.at_ms, data=data)])


_EXTENDED = (
    select(func.coalesce(func.sum(hold_act.c.hold_s), 0))
    .where(hold_act.c.seq == decision.c.seq)
    .correlate(decision)
    .scalar_subquery()
)


def _holds() -> Select[tuple[object, ...]]:
    columns = [decision.c[name] for name in HoldRow.__struct_fields__ if name != "acts"]
    return select(*columns).where(decision.c.hold_s.is_not(None), decision.c.mode == "live")


def _in_state(state: str, now_ms: int) -> ColumnElement[bool]:
    released = exists(select(hold_act.c.seq).where(hold_act.c.seq == decision.c.seq, hold_act.c.act == "release"))
    over = decision.c.decided_at_ms + (decision.c.hold_s + _EXTENDED) * 1_000 <= now_ms
    of = {"released": released, "expired": and_(~released, over), "held": and_(~released, ~over)}
    return of[state]


def _get(connection: Connection, assessment_id: str) -> HoldRow:
    row = connection.execute(_holds().where(decision.c.assessment_id == assessment_id)).mappings().one_or_none()
    if row is None:
        raise NotFoundError("no hold under this assessment id", "该评估没有暂缓")
    return _to_hold(row, _acts(connection, [row["seq"]]).get(row["seq"], ()))


def _acts(connection: Connection, seqs: Sequence[int]) -> dict[int, tuple[ActRow, ...]]:
    query = select(hold_act).where(hold_act.c.seq.in_(seqs)).order_by(hold_act.c.seq, hold_act.c.number)
    found: dict[int, tuple[ActRow, ...]] = {}
    for row in connection.execute(query).mappings():
        found[row["seq"]] = (*found.get(row["seq"], ()), _to_act(row))
    return found


def _to_act(row: RowMapping) -> ActRow:
    return ActRow(**{name: row[name] for name in ActRow.__struct_fields__})


def _to_hold(row: RowMapping, acts: tuple[ActRow, ...]) -> HoldRow:
    return HoldRow(**{name: row[name] for name in HoldRow.__struct_fields__ if name != "acts"}, acts=acts)
