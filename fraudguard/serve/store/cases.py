"""Cases: who holds one, what was done about it, which comes next."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, Update, and_, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.serve.store.case_rank import is_claimable, is_free, is_open, is_overdue, matches, rank, savable
from fraudguard.serve.store.case_rows import ActRow, CaseFilter, CaseLine, CaseRow, DeskCounts, Hold, StopRow
from fraudguard.serve.store.case_tables import case_, case_act, case_alert, stop_sign
from fraudguard.serve.store.outbox import tell
from fraudguard.serve.store.tables import decision
from fraudguard.serve.store.told import closing_of
from fraudguard.serve.transitions import CaseState

__all__ = ["Cases"]

_BEGUN: Final = case((case_.c.state == CaseState.NEW.value, CaseState.OPEN.value), else_=case_.c.state)


class Cases:
    """The cases of the desk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, case_id: str) -> CaseRow:
        """Return one.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(case_).where(case_.c.case_id == case_id)).mappings().one_or_none()
        if row is None:
            raise NotFoundError("no such case", "未找到案件")
        return CaseRow(**row)

    def of_transfer(self, transfer_id: str) -> CaseRow:
        """Return the case that an alert on a transfer is in; raises NotFoundError if there is none."""
        query = select(case_alert.c.case_id).join(decision, decision.c.seq == case_alert.c.seq)
        with self._engine.connect() as connection:
            case_id = connection.scalar(query.where(decision.c.transfer_id == transfer_id))
        return self.get(case_id or "")

    def page(self, wanted: CaseFilter, *, now_ms: int, offset: int = 0, limit: int = 50) -> Sequence[CaseLine]:
        """Return cases of a filter, the most pressing first; ended ones by their end."""
        order = (case_.c.closed_at_ms.desc(), case_.c.case_id) if wanted.state == "closed" else rank(now_ms)
        query = select(case_, decision.c.reasons).join(decision, decision.c.seq == case_.c.lead_seq)
        query = query.where(*matches(wanted, now_ms)).order_by(*order).offset(offset).limit(limit)
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [CaseLine(reasons=row.pop("reasons"), case=CaseRow(**row)) for row in rows]

    def count(self, wanted: CaseFilter, *, now_ms: int) -> int:
        """Return how many cases a filter shows."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(case_).where(*matches(wanted, now_ms))) or 0

    def counts(self, officer: str, *, now_ms: int, day_from_ms: int) -> DeskCounts:
        """Return how much work there is, and how much of it is one officer's."""
        mine = is_open() & (case_.c.holder == officer) & (case_.c.held_until_ms > now_ms)
        sums = {
            "unclaimed": _number(is_claimable(now_ms)),
            "overdue": _number(is_overdue(now_ms)),
            "mine": _number(mine),
            "closed_today": _number(~is_open() & (case_.c.closed_at_ms >= day_from_ms)),
            "savable_fen": func.sum(case((is_open(), savable(now_ms)), else_=0)),
        }
        with self._engine.connect() as connection:
            row = connection.execute(select(*(sums[name].label(name) for name in sums))).mappings().one()
        return DeskCounts(**{name: int(value or 0) for name, value in row.items()})

    def news(self, *, since_ms: int) -> int:
        """Return how many open cases were raised, or joined by an alert, after a moment."""
        query = select(func.count()).select_from(case_).where(is_open(), case_.c.last_alert_at_ms > since_ms)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def held_by(self, officer: str, *, now_ms: int) -> Sequence[CaseRow]:
        """Return what an officer holds, the gravest first."""
        query = select(case_).where(is_open(), case_.c.holder == officer, case_.c.held_until_ms > now_ms)
        with self._engine.connect() as connection:
            return [CaseRow(**row) for row in connection.execute(query.order_by(*rank(now_ms))).mappings()]

    def claim(self, case_id: str, to: str, *, act: ActRow, token: str, until_ms: int) -> bool:
        """Give a case to an officer if nobody else holds it; one statement decides."""
        mine = case_.c.holder == to
        free = and_(case_.c.case_id == case_id, is_open(), is_free(act.at_ms) | mine)
        with self._engine.begin() as connection:
            changed = connection.execute(_given(to, token, until_ms=until_ms).where(free)).rowcount == 1
            if changed:
                _add(connection, act)
        return changed

    def claim_next(self, *, act: ActRow, token: str, until_ms: int) -> str | None:
        """Give the officer the case that comes first and nobody holds; None when there is none."""
        first = select(case_.c.case_id).where(is_claimable(act.at_ms)).order_by(*rank(act.at_ms)).limit(1)
        first = first.with_for_update(skip_locked=True)  # SQLite has one writer at a time and no such words
        chosen = and_(case_.c.case_id == first.scalar_subquery(), is_claimable(act.at_ms))
        given = _given(act.officer, token, until_ms=until_ms).where(chosen).returning(case_.c.case_id)
        with self._engine.begin() as connection:
            case_id: str | None = connection.scalar(given)
            if case_id is not None:
                _add(connection, msgspec.structs.replace(act, case_id=case_id))
        return case_id

    def seize(self, case_id: str, *, act: ActRow, token: str, until_ms: int) -> bool:
        """Give an open case to an officer, whoever holds it."""
        with self._engine.begin() as connection:
            open_one = (case_.c.case_id == case_id) & is_open()
            changed = connection.execute(_given(act.officer, token, until_ms=until_ms).where(open_one)).rowcount == 1
            if changed:
                _add(connection, act)
        return changed

    def keep(self, case_id: str, hold: Hold, *, now_ms: int, until_ms: int) -> bool:
        """Let an officer hold a case for longer; False if they hold it no more."""
        values = {"held_until_ms": case((case_.c.held_until_ms > until_ms, case_.c.held_until_ms), else_=until_ms)}
        with self._engine.begin() as connection:
            return connection.execute(update(case_).where(_holds(case_id, hold, now_ms)).values(**values)).rowcount == 1

    def do(
        self,
        act: ActRow,
        values: Mapping[str, Any],
        *,
        from_state: str,
        hold: Hold | None,
        stop: StopRow | None = None,
    ) -> bool:
        """Change a case and write the act, if it still is as the page knew it; with it, which stop of an account was signed.

        Returns
        -------
        bool
            False if it is not: another holds it, or another version stands. True also for a form that was sent before.

        Raises
        ------
        ConflictError
            If somebody else signed the same stop of the account at the same moment.
        """
        same = (case_.c.case_id == act.case_id) & (case_.c.state == from_state)
        if hold is not None:
            same &= _holds(act.case_id, hold, act.at_ms) & (case_.c.version == hold.version)
        changed = update(case_).where(same).values(**values, version=case_.c.version + 1)
        with self._engine.begin() as connection:
            is_done = connection.execute(changed).rowcount == 1
            if is_done:
                _add(connection, act)
                _sign(connection, stop)
                if values.get("state") == CaseState.CLOSED.value != from_state:
                    tell(connection, [closing_of(act.case_id, act.at_ms)])
        return is_done or self._is_known(act.form_id)

    def acts(self, case_id: str) -> Sequence[ActRow]:
        """Return what was done about a case, oldest first."""
        columns = (case_act.c[name] for name in ActRow.__struct_fields__)
        query = select(*columns).where(case_act.c.case_id == case_id).order_by(case_act.c.act_id)
        with self._engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return [ActRow(**{**row, "detail": msgspec.json.decode(row["detail"])}) for row in rows]

    def alert_places(self, case_id: str) -> Sequence[int]:
        """Return the places of a case's alerts in the log, oldest first."""
        query = select(case_alert.c.seq).where(case_alert.c.case_id == case_id).order_by(case_alert.c.seq)
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def on_payee(self, payee_account_id: str, *, but: str) -> tuple[int, int]:
        """Return how many other cases have this payee, and of how many different payers."""
        columns = (func.count(), func.count(case_.c.payer_account_id.distinct()))
        others = (case_.c.payee_account_id == payee_account_id, case_.c.case_id != but)
        with self._engine.connect() as connection:
            cases, payers = connection.execute(select(*columns).where(*others)).one()
        return cases, payers

    def stops_of(self, payee_account_id: str) -> int:
        """Return how often a stop of an account was signed, in all its cases."""
        query = select(func.count()).where(stop_sign.c.payee_account_id == payee_account_id)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def _is_known(self, form_id: str | None) -> bool:
        if form_id is None:
            return False
        with self._engine.connect() as connection:
            return connection.scalar(select(case_act.c.act_id).where(case_act.c.form_id == form_id)) is not None


def _given(officer: str, token: str, *, until_ms: int) -> Update:
    values = {"holder": officer, "hold_token": token, "held_until_ms": until_ms, "state": _BEGUN}
    return update(case_).values(**values, version=case_.c.version + 1)


def _holds(case_id: str, hold: Hold, now_ms: int) -> Any:  # noqa: ANN401  # a condition
    return and_(
        case_.c.case_id == case_id,
        case_.c.holder == hold.officer,
        case_.c.hold_token == hold.token,
        case_.c.held_until_ms > now_ms,
    )


def _number(condition: Any) -> Any:  # noqa: ANN401  # expressions of the database
    return func.sum(case((condition, 1), else_=0))


def _sign(connection: Connection, stop: StopRow | None) -> None:
    if stop is None:
        return
    try:
        connection.execute(insert(stop_sign), msgspec.structs.asdict(stop))
    except IntegrityError as error:
        raise ConflictError(
            "somebody else signed a stop of this account at the same moment; look at it again",
            "同一时刻另有人签发了该账户的止付；请重新查看",
        ) from error


def _add(connection: Connection, act: ActRow) -> None:
    values = {**msgspec.structs.asdict(act), "detail": msgspec.json.encode(act.detail).decode()}
    connection.execute(insert(case_act), values)
