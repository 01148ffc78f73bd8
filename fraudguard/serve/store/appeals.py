"""Appeals against holds, and how they ended."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Engine, RowMapping, Select, insert, select
from sqlalchemy.exc import IntegrityError

from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.serve.store.holds import ActRow, Check, add_act
from fraudguard.serve.store.tables import appeal, appeal_end
from fraudguard.serve.store.trail import TrailRow, add_line

__all__ = ["AppealRow", "Appealed", "Appeals", "EndRow"]


class AppealRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``appeal``, but for its place."""

    appeal_id: str
    assessment_id: str
    appellant: str
    grounds: str
    author: str
    received_at_ms: int
    due_at_ms: int


class EndRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``appeal_end``."""

    appeal_id: str
    outcome: str
    note: str
    author: str
    ended_at_ms: int


class Appealed(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal, where it stands, and its end, if any."""

    place: int
    appeal: AppealRow
    end: EndRow | None


class Appeals:
    """Every appeal there was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: AppealRow) -> None:
        """Add an appeal; its id must be new."""
        with self._engine.begin() as connection:
            connection.execute(insert(appeal), msgspec.structs.asdict(row))
            add_line(connection, _line("appeal_lodged", row.appeal_id, at_ms=row.received_at_ms, by=row.author))

    def find(self, appeal_id: str) -> Appealed | None:
        """Return an appeal, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(_appealed().where(appeal.c.appeal_id == appeal_id)).mappings().one_or_none()
        return None if row is None else _to_appealed(row)

    def get(self, appeal_id: str) -> Appealed:
        """Return an appeal.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        found = self.find(appeal_id)
        if found is None:
            raise NotFoundError("no appeal with this id", "没有该编号的申诉")
        return found

    def end(self, row: EndRow, *, assessment_id: str, release: ActRow | None, check: Check) -> None:
        """End an appeal, and with it the hold when it is released, all in one transaction.

        Raises
        ------
        ConflictError
            If it has ended already, or somebody acted on the hold at the same moment.
        """
        with self._engine.begin() as connection:
            try:
                connection.execute(insert(appeal_end), msgspec.structs.asdict(row))
            except IntegrityError as error:
                raise ConflictError("the appeal has been decided already", "该申诉已经办结") from error
            line = _line("appeal_decided", row.appeal_id, at_ms=row.ended_at_ms, by=row.author, detail=row.outcome)
            add_line(connection, line)
            if release is not None:
                add_act(connection, assessment_id, release, check=check)

    def page(
        self, *, before: int | None, limit: int, is_open: bool | None = None, assessment_id: str | None = None
    ) -> Sequence[Appealed]:
        """Return appeals, the newest first, of those before a place."""
        query = _appealed().order_by(appeal.c.place.desc()).limit(limit)
        if is_open is not None:
            ended = appeal_end.c.appeal_id.is_not(None)
            query = query.where(~ended if is_open else ended)
        if assessment_id is not None:
            query = query.where(appeal.c.assessment_id == assessment_id)
        if before is not None:
            query = query.where(appeal.c.place < before)
        with self._engine.connect() as connection:
            return [_to_appealed(row) for row in connection.execute(query).mappings()]


def _line(act: str, appeal_id: str, *, at_ms: int, by: str, detail: str = "") -> TrailRow:
    return TrailRow(at_ms=at_ms, officer=by, act=act, subject=appeal_id, detail=detail)


_ENDED = {name: f"ended_{name}" for name in EndRow.__struct_fields__}


def _appealed() -> Select[tuple[object, ...]]:
    ended = [appeal_end.c[name].label(label) for name, label in _ENDED.items()]
    return select(appeal, *ended).outerjoin(appeal_end, appeal_end.c.appeal_id == appeal.c.appeal_id)


def _to_appealed(row: RowMapping) -> Appealed:
    ended = {name: row[label] for name, label in _ENDED.items()}
    return Appealed(
        place=row["place"],
        appeal=AppealRow(**{name: row[name] for name in AppealRow.__struct_fields__}),
        end=None if ended["appeal_id"] is None else EndRow(**ended),
    )
