"""Read decisions; only `Store.write` adds one."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Engine, RowMapping, select

from fraudguard.errors import NotFoundError
from fraudguard.serve.store.rows import DecisionRow, StoredVector
from fraudguard.serve.store.tables import decision, log

__all__ = ["Decisions"]

_PAGE: Final = 1_000


class _Amount(msgspec.Struct):
    amount_fen: int


_amount_decoder: Final = msgspec.json.Decoder(_Amount)


class Decisions:
    """The final records, one a transfer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, assessment_id: str) -> DecisionRow:
        """Return the decision with this id.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        found = self._find(decision.c.assessment_id == assessment_id)
        if found is None:
            raise NotFoundError("no assessment with this id", "没有该编号的评估")
        return found

    def find_by_transfer(self, transfer_id: str) -> DecisionRow | None:
        """Return the decision on a transfer, or None."""
        return self._find(decision.c.transfer_id == transfer_id)

    def find_by_key(self, idempotency_key: str) -> DecisionRow | None:
        """Return the decision answered under an idempotency key, or None."""
        return self._find(decision.c.idempotency_key == idempotency_key)

    def page(
        self,
        *,
        before: int | None,
        limit: int,
        transfer_id: str | None = None,
        intervention: str | None = None,
        mode: str | None = None,
    ) -> list[tuple[int, bytes]]:
        """Return place and answer of decisions, the newest first, of those before a place."""
        query = select(decision.c.seq, decision.c.reply).order_by(decision.c.seq.desc()).limit(limit)
        wanted = (
            (decision.c.transfer_id, transfer_id),
            (decision.c.intervention, intervention),
            (decision.c.mode, mode),
        )
        for column, value in wanted:
            query = query if value is None else query.where(column == value)
        if before is not None:
            query = query.where(decision.c.seq < before)
        with self._engine.connect() as connection:
            return [(seq, bytes(reply)) for seq, reply in connection.execute(query)]

    def read_held(self, *, since_ms: int) -> list[tuple[int, int]]:
        """Return moment and amount (fen) of the live decisions since a moment that held money for a stated time, oldest first."""
        query = select(decision.c.decided_at_ms, log.c.body).join(log, log.c.seq == decision.c.seq)
        wanted = (decision.c.hold_s.is_not(None), decision.c.decided_at_ms >= since_ms, decision.c.mode == "live")
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(*wanted).order_by(decision.c.seq)).all()
        return [(at_ms, _amount_fen(bytes(body))) for at_ms, body in rows]

    def read_keys(self, *, after: int = 0) -> Iterator[str]:
        """Yield every idempotency key used after a place."""
        used = (decision.c.seq > after, decision.c.idempotency_key.is_not(None))
        query = select(decision.c.idempotency_key).where(*used)
        with self._engine.connect() as connection:
            yield from connection.execute(query).scalars()

    def read_features(self) -> Iterator[tuple[str, bytes]]:
        """Yield transfer id and feature vector of every decision, in log order."""
        query = select(decision.c.transfer_id, decision.c.features).order_by(decision.c.seq)
        with self._engine.connect() as connection:
            for transfer_id, features in connection.execute(query):
                yield transfer_id, bytes(features)

    def read_vectors(self, *, after: int = 0) -> Iterator[StoredVector]:
        """Yield the vectors of the decisions after a place, in log order, without holding them all."""
        while vectors := self._vectors(after):
            yield from vectors
            after = vectors[-1].seq

    def place_before_last(self, count: int) -> int:
        """Return the place after which the last so many decisions stand; 0 when there are no more than that."""
        query = select(decision.c.seq).order_by(decision.c.seq.desc()).offset(count).limit(1)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def _vectors(self, after: int) -> list[StoredVector]:
        columns = (decision.c.seq, decision.c.transfer_id, decision.c.features_fingerprint, decision.c.features)
        query = select(*columns).where(decision.c.seq > after).order_by(decision.c.seq).limit(_PAGE)
        with self._engine.connect() as connection:
            return [
                StoredVector(seq=seq, transfer_id=name, features_fingerprint=fingerprint, features=bytes(features))
                for seq, name, fingerprint, features in connection.execute(query)
            ]

    def _find(self, condition: ColumnElement[bool]) -> DecisionRow | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(decision).where(condition)).mappings().one_or_none()
        return None if row is None else _to_row(row)


def _amount_fen(body: bytes) -> int:
    return _amount_decoder.decode(body).amount_fen


def _to_row(row: RowMapping) -> DecisionRow:
    fields: dict[str, Any] = {name: row[name] for name in DecisionRow.__struct_fields__}
    # PostgreSQL's driver may give a view of its buffer.
    plain: dict[str, Any] = {
        name: bytes(value) if isinstance(value, memoryview) else value for name, value in fields.items()
    }
    return DecisionRow(**plain)
