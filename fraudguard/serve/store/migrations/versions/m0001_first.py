"""The first tables, and the triggers that keep log and decision final."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0001"
down_revision: str | None = None

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_FINAL: Final = ("log", "decision")


def upgrade() -> None:
    """Create everything."""
    _create_log()
    _create_decision()
    _create_people()
    _create_api_key()
    for table in _FINAL:
        make_final(table)


def _create_log() -> None:
    op.create_table(
        "log",
        sa.Column("seq", _PLACE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(400), nullable=False),
        sa.Column("transfer_id", sa.String(256)),
        sa.Column("account_id", sa.String(256)),
        sa.Column("event_time_ms", sa.BigInteger, nullable=False),
        sa.Column("received_at_ms", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_log"),
        sa.UniqueConstraint("kind", "event_id", name="uq_log_kind_event_id"),
    )
    op.create_index("ix_log_transfer_id_kind", "log", ["transfer_id", "kind"])


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("seq", _PLACE, autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.String(64), nullable=False),
        sa.Column("transfer_id", sa.String(256), nullable=False),
        sa.Column("intervention", sa.String(32), nullable=False),
        sa.Column("tier", sa.String(16)),
        sa.Column("hold_s", sa.Integer),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("expected_loss_fen", sa.BigInteger, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("model_version", sa.String(128), nullable=False),
        sa.Column("features_fingerprint", sa.String(128), nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("features", sa.LargeBinary, nullable=False),
        sa.Column("request_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("reply", sa.LargeBinary, nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_decision"),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name="fk_decision_seq"),
        sa.UniqueConstraint("assessment_id", name="uq_decision_assessment_id"),
        sa.UniqueConstraint("transfer_id", name="uq_decision_transfer_id"),
        sa.UniqueConstraint("idempotency_key", name="uq_decision_idempotency_key"),
    )
    is_alert = sa.text("tier IS NOT NULL")
    op.create_index(
        "ix_decision_alert",
        "decision",
        ["tier", "expected_loss_fen"],
        sqlite_where=is_alert,
        postgresql_where=is_alert,
    )


def _create_people() -> None:
    op.create_table(
        "officer",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("must_change_password", sa.Boolean, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_officer"),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_session"),
        sa.ForeignKeyConstraint(["officer"], ["officer.name"], name="fk_session_officer"),
    )
    op.create_index("ix_session_officer", "session", ["officer"])
    op.create_table(
        "attempt",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at_ms", sa.BigInteger, nullable=False),
        sa.Column("locked_until_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_attempt"),
    )


def _create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(128), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger),
        sa.Column("revoked_at_ms", sa.BigInteger),
        sa.PrimaryKeyConstraint("prefix", name="pk_api_key"),
    )
