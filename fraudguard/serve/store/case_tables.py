"""Tables of the cases; ``case_alert``, ``case_act`` and ``stop_sign`` only grow, as their triggers see to."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from fraudguard.serve.store.tables import metadata

__all__ = ["case_", "case_act", "case_alert", "saved_view", "stop_sign"]

# On SQLite only "INTEGER PRIMARY KEY" gives rows their number.
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")

case_ = Table(
    "case_",
    metadata,
    Column("case_id", String(32), primary_key=True),
    Column("payer_account_id", String(256), nullable=False),
    Column("payee_account_id", String(256), nullable=False),
    Column("lead_seq", BigInteger, ForeignKey("decision.seq"), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("tier_rank", Integer, nullable=False),
    Column("score", Double, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("channel", String(16)),
    Column("opened_at_ms", BigInteger, nullable=False),
    Column("last_alert_at_ms", BigInteger, nullable=False),
    Column("drains_from_ms", BigInteger, nullable=False),
    Column("first_due_ms", BigInteger, nullable=False),
    Column("close_due_ms", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("waits_until_ms", BigInteger),
    Column("first_act_at_ms", BigInteger),
    Column("closed_at_ms", BigInteger),
    Column("holder", String(64), ForeignKey("officer.name")),
    Column("held_until_ms", BigInteger, nullable=False),
    Column("hold_token", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_case__rank", "state", "tier_rank"),
    Index("ix_case__pair", "payer_account_id", "payee_account_id"),
    Index("ix_case__holder", "holder"),
    Index("ix_case__payee", "payee_account_id"),
)

case_alert = Table(
    "case_alert",
    metadata,
    Column("seq", _NUMBER, ForeignKey("decision.seq"), primary_key=True, autoincrement=False),
    Column("case_id", String(32), ForeignKey("case_.case_id"), nullable=False),
    Index("ix_case_alert_case_id", "case_id"),
)

case_act = Table(
    "case_act",
    metadata,
    Column("act_id", _NUMBER, primary_key=True, autoincrement=True),
    Column("case_id", String(32), ForeignKey("case_.case_id"), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("move", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("form_id", String(64), unique=True),
    Index("ix_case_act_case_id", "case_id", "act_id"),
)

stop_sign = Table(
    "stop_sign",
    metadata,
    Column("payee_account_id", String(256), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(32), ForeignKey("case_.case_id"), nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("officer", String(64), ForeignKey("officer.name"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("query", String(512), nullable=False),
)
