"""Tables of webhooks: who is told, of what, and what is still to be told."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from fraudguard.serve.store.tables import metadata

__all__ = ["outbox", "webhook_endpoint", "webhook_subscription"]

# On SQLite only "INTEGER PRIMARY KEY" gives rows their number.
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")

webhook_endpoint = Table(
    "webhook_endpoint",
    metadata,
    Column("place", _NUMBER, primary_key=True),
    Column("endpoint_id", String(64), nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("note", Text),
    Column("author", String(64), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_reason", String(32), nullable=False),
    Column("failing_since_ms", BigInteger),
    Column("sealed", LargeBinary, nullable=False),
    Column("formers", Text, nullable=False),
)

webhook_subscription = Table(
    "webhook_subscription",
    metadata,
    Column("event_type", String(32), primary_key=True),
    Column("endpoint_id", String(64), ForeignKey("webhook_endpoint.endpoint_id"), primary_key=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("place", _NUMBER, primary_key=True),
    Column("endpoint_id", String(64), ForeignKey("webhook_endpoint.endpoint_id"), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("event_type", String(32), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at_ms", BigInteger, nullable=False),
    Column("lease_until_ms", BigInteger, nullable=False),
    Column("last_status", Integer),
    Column("last_error", String(64)),
    Column("settled_at_ms", BigInteger),
    UniqueConstraint("endpoint_id", "event_id"),
    Index("ix_outbox_due", "state", "endpoint_id", "due_at_ms"),
)
