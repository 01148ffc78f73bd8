"""Webhooks: who is told, of what, and what is still to be told."""

from typing import Final

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0011"
down_revision: str | None = "0010"

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables; unlike the log they change, and what was delivered long ago is removed."""
    op.create_table(
        "webhook_endpoint",
        sa.Column("place", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("state_reason", sa.String(32), nullable=False),
        sa.Column("failing_since_ms", sa.BigInteger),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("formers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_webhook_endpoint"),
        sa.UniqueConstraint("endpoint_id", name="uq_webhook_endpoint_endpoint_id"),
    )
    op.create_table(
        "webhook_subscription",
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("event_type", "endpoint_id", name="pk_webhook_subscription"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.endpoint_id"], name="fk_webhook_subscription_endpoint_id"
        ),
    )
    _create_outbox()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("place", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("event_type", sa.String(32), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at_ms", sa.BigInteger, nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger, nullable=False),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.String(64)),
        sa.Column("settled_at_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("place", name="pk_outbox"),
        sa.UniqueConstraint("endpoint_id", "event_id", name="uq_outbox_endpoint_id_event_id"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoint.endpoint_id"], name="fk_outbox_endpoint_id"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "endpoint_id", "due_at_ms"])
