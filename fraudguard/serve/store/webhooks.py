"""Endpoints that are told of events, and what each asks for."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from fraudguard.errors import ConflictError, NotFoundError
from fraudguard.serve.store.trail import TrailRow, add_line
from fraudguard.serve.store.webhook_tables import webhook_endpoint, webhook_subscription

__all__ = ["ACTIVE", "DISABLED", "EndpointRow", "Former", "Webhooks"]

ACTIVE = "active"
DISABLED = "disabled"


class Former(msgspec.Struct, frozen=True):
    """A secret that was replaced, sealed, and until when it still signs."""

    sealed: bytes
    until_ms: int


class EndpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of ``webhook_endpoint`` with what it asks for; secrets are sealed."""

    place: int = 0
    endpoint_id: str
    url: str
    events: tuple[str, ...]
    note: str | None
    author: str
    created_at_ms: int
    state: str
    state_reason: str
    failing_since_ms: int | None
    sealed: bytes
    formers: tuple[Former, ...] = ()


class Webhooks:
    """The endpoints; every change has its line in the trail."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, row: EndpointRow) -> None:
        """Add an endpoint; its id must be new.

        Raises
        ------
        ConflictError
            If somebody added one with this id at the same moment.
        """
        values = {name: getattr(row, name) for name in _COLUMNS if name != "place"} | {"formers": _written(row.formers)}
        asked = [{"event_type": event, "endpoint_id": row.endpoint_id} for event in row.events]
        with self._engine.begin() as connection:
            try:
                connection.execute(insert(webhook_endpoint), values)
            except IntegrityError as error:
                raise ConflictError("an endpoint with this id was added just now", "刚刚已有同一编号的地址") from error
            connection.execute(insert(webhook_subscription), asked)
            line = _line("webhook_added", row.endpoint_id, at_ms=row.created_at_ms, by=row.author)
            add_line(connection, msgspec.structs.replace(line, detail=" ".join(row.events)))

    def find(self, endpoint_id: str) -> EndpointRow | None:
        """Return an endpoint, or None."""
        with self._engine.connect() as connection:
            rows = _read(connection, webhook_endpoint.c.endpoint_id == endpoint_id)
        return rows[0] if rows else None

    def get(self, endpoint_id: str) -> EndpointRow:
        """Return an endpoint.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        found = self.find(endpoint_id)
        if found is None:
            raise NotFoundError("no webhook endpoint with this id", "没有该编号的 webhook 地址")
        return found

    def page(self, *, before: int | None, limit: int) -> Sequence[EndpointRow]:
        """Return endpoints, the newest first, of those before a place."""
        conditions = () if before is None else (webhook_endpoint.c.place < before,)
        with self._engine.connect() as connection:
            return _read(connection, *conditions, limit=limit)

    def set_state(self, endpoint_id: str, state: str, *, reason: str, at_ms: int, by: str) -> None:
        """Let an endpoint be told again, or no longer."""
        values = {"state": state, "state_reason": reason, "failing_since_ms": None}
        act = "webhook_enabled" if state == ACTIVE else "webhook_disabled"
        self._change(endpoint_id, values, _line(act, endpoint_id, at_ms=at_ms, by=by, detail=reason))

    def put_secret(self, row: EndpointRow, *, instead_of: bytes, at_ms: int, by: str) -> None:
        """Keep the secrets of a row, the new one and those before.

        Raises
        ------
        ConflictError
            If somebody changed it at the same moment: one of the two would be shown a secret that never signs.
        """
        values = {"sealed": row.sealed, "formers": _written(row.formers)}
        line = _line("webhook_rotated", row.endpoint_id, at_ms=at_ms, by=by)
        if not self._change(row.endpoint_id, values, line, still=webhook_endpoint.c.sealed == instead_of):
            raise ConflictError(
                "somebody else changed the secret at the same moment; change it again if you need one of your own",
                "同一时刻另有人更换了密钥；如仍需要，请再次更换",
            )

    def note_failing(self, endpoint_id: str, since_ms: int | None) -> None:
        """Note since when nothing arrives there; None when something did."""
        changed = update(webhook_endpoint).where(webhook_endpoint.c.endpoint_id == endpoint_id)
        with self._engine.begin() as connection:
            connection.execute(changed.values(failing_since_ms=since_ms))

    def _change(
        self, endpoint_id: str, values: dict[str, Any], line: TrailRow, *, still: ColumnElement[bool] | None = None
    ) -> bool:
        conditions = [webhook_endpoint.c.endpoint_id == endpoint_id, *([] if still is None else [still])]
        with self._engine.begin() as connection:
            is_done = connection.execute(update(webhook_endpoint).where(*conditions).values(**values)).rowcount == 1
            if is_done:
                add_line(connection, line)
        return is_done


_COLUMNS = [name for name in EndpointRow.__struct_fields__ if name != "events"]


def _read(connection: Connection, *conditions: Any, limit: int | None = None) -> list[EndpointRow]:  # noqa: ANN401  # conditions
    query = select(*(webhook_endpoint.c[name] for name in _COLUMNS)).where(*conditions)
    rows = connection.execute(query.order_by(webhook_endpoint.c.place.desc()).limit(limit)).mappings().all()
    asked = _asked(connection, [row["endpoint_id"] for row in rows])
    return [_to_endpoint(row, asked.get(row["endpoint_id"], ())) for row in rows]


def _asked(connection: Connection, endpoint_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    its = webhook_subscription.c.endpoint_id.in_(endpoint_ids)
    found: dict[str, tuple[str, ...]] = {}
    query = select(webhook_subscription).where(its).order_by(webhook_subscription.c.event_type)
    for event_type, endpoint_id in connection.execute(query):
        found[endpoint_id] = (*found.get(endpoint_id, ()), event_type)
    return found


def _to_endpoint(row: RowMapping, events: tuple[str, ...]) -> EndpointRow:
    fields: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    # PostgreSQL's driver may give a view of its buffer.
    plain: dict[str, Any] = {
        name: bytes(value) if isinstance(value, memoryview) else value for name, value in fields.items()
    }
    return EndpointRow(**plain | {"formers": _formers.decode(plain["formers"])}, events=events)


_formers: Final = msgspec.json.Decoder(tuple[Former, ...])


def _written(formers: tuple[Former, ...]) -> str:
    return msgspec.json.encode(formers).decode()


def _line(act: str, endpoint_id: str, *, at_ms: int, by: str, detail: str = "") -> TrailRow:
    return TrailRow(at_ms=at_ms, officer=by, act=act, subject=endpoint_id, detail=detail)
