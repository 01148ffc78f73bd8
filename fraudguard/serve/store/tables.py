"""Every table of the store, as SQLAlchemy Core sees it.

All but the last five only grow: triggers of the migrations refuse a
change or a removal. The place of an event (``seq``) is given in commit order.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

__all__ = [
    "api_key",
    "appeal",
    "appeal_end",
    "attempt",
    "decision",
    "hold_act",
    "late_answer",
    "list_entry",
    "list_revocation",
    "log",
    "metadata",
    "officer",
    "session",
    "shadow",
]

# On SQLite only "INTEGER PRIMARY KEY" is the row's own place; BIGINT would be a second index.
_PLACE: Final = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

log = Table(
    "log",
    metadata,
    Column("seq", _PLACE, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("event_id", String(400), nullable=False),
    Column("transfer_id", String(256)),
    Column("account_id", String(256)),
    Column("event_time_ms", BigInteger, nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("kind", "event_id"),
    Index("ix_log_transfer_id_kind", "transfer_id", "kind"),
    Index(
        "ix_log_account_id",
        "account_id",
        "seq",
        sqlite_where=text("account_id IS NOT NULL"),
        postgresql_where=text("account_id IS NOT NULL"),
    ),
)

decision = Table(
    "decision",
    metadata,
    Column("seq", _PLACE, ForeignKey("log.seq"), primary_key=True, autoincrement=False),
    Column("assessment_id", String(64), nullable=False, unique=True),
    Column("transfer_id", String(256), nullable=False, unique=True),
    Column("intervention", String(32), nullable=False),
    Column("tier", String(16)),
    Column("hold_s", Integer),
    Column("score", Double, nullable=False),
    Column("expected_loss_fen", BigInteger, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("model_version", String(128), nullable=False),
    Column("features_fingerprint", String(128), nullable=False),
    Column("policy_version", String(128), nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("request_sha256", LargeBinary(32), nullable=False),
    Column("idempotency_key", String(255), unique=True),
    Column("reply", LargeBinary, nullable=False),
    Column("decided_at_ms", BigInteger, nullable=False),
    Column("mode", String(8), nullable=False, server_default="live"),
    Index(
        "ix_decision_held",
        "decided_at_ms",
        sqlite_where=text("hold_s IS NOT NULL"),
        postgresql_where=text("hold_s IS NOT NULL"),
    ),
    Index(
        "ix_decision_alert",
        "tier",
        "expected_loss_fen",
        sqlite_where=text("tier IS NOT NULL"),
        postgresql_where=text("tier IS NOT NULL"),
    ),
)

shadow = Table(
    "shadow",
    metadata,
    Column("seq", _PLACE, ForeignKey("decision.seq"), primary_key=True, autoincrement=False),
    Column("model_version", String(128), nullable=False),
    Column("policy_version", String(128), nullable=False),
    Column("intervention", String(32), nullable=False),
    Column("tier", String(16)),
    Column("score", Double, nullable=False),
    Index("ix_shadow_model_version", "model_version", "seq"),
)

late_answer = Table(
    "late_answer",
    metadata,
    Column("seq", _PLACE, ForeignKey("decision.seq"), primary_key=True, autoincrement=False),
    Column("told", String(32), nullable=False),
    Column("deadline_ms", Integer, nullable=False),
    Column("told_at_ms", BigInteger, nullable=False),
)

list_entry = Table(
    "list_entry",
    metadata,
    Column("place", _PLACE, primary_key=True, autoincrement=True),
    Column("entry_id", String(256), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),
    Column("account_id", String(256), nullable=False),
    Column("payer_account_id", String(256)),
    Column("reason_code", String(32), nullable=False),
    Column("note", Text),
    Column("evidence", String(256)),
    Column("author", String(64), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
    Index("ix_list_entry_expires_at_ms", "expires_at_ms"),
    Index("ix_list_entry_account_id", "account_id"),
)

list_revocation = Table(
    "list_revocation",
    metadata,
    Column("entry_id", String(256), ForeignKey("list_entry.entry_id"), primary_key=True),
    Column("note", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("revoked_at_ms", BigInteger, nullable=False),
)

hold_act = Table(
    "hold_act",
    metadata,
    Column("seq", _PLACE, ForeignKey("decision.seq"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("act_id", String(256), nullable=False, unique=True),
    Column("act", String(16), nullable=False),
    Column("hold_s", Integer),
    Column("reason_code", String(32), nullable=False),
    Column("note", Text),
    Column("author", String(64), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

appeal = Table(
    "appeal",
    metadata,
    Column("place", _PLACE, primary_key=True, autoincrement=True),
    Column("appeal_id", String(256), nullable=False, unique=True),
    Column("assessment_id", String(64), ForeignKey("decision.assessment_id"), nullable=False),
    Column("appellant", String(8), nullable=False),
    Column("grounds", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("received_at_ms", BigInteger, nullable=False),
    Column("due_at_ms", BigInteger, nullable=False),
    Index("ix_appeal_assessment_id", "assessment_id"),
)

appeal_end = Table(
    "appeal_end",
    metadata,
    Column("appeal_id", String(256), ForeignKey("appeal.appeal_id"), primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("ended_at_ms", BigInteger, nullable=False),
)

officer = Table(
    "officer",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(255), nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("role", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("officer", String(64), ForeignKey("officer.name"), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("seen_at_ms", BigInteger, nullable=False),
    Index("ix_session_officer", "officer"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at_ms", BigInteger, nullable=False),
    Column("locked_until_ms", BigInteger, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("prefix", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", String(128), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger),
    Column("revoked_at_ms", BigInteger),
    Column("rate_per_s", Integer),
    Column("burst", Integer),
)
