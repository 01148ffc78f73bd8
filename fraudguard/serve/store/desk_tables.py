"""Tables of the officers' desk; ``trail`` only grows, as its triggers see to."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from fraudguard.serve.store.tables import metadata

__all__ = ["recovery_code", "second_factor", "trail", "trail_head"]

# On SQLite only "INTEGER PRIMARY KEY" gives rows their number.
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")

second_factor = Table(
    "second_factor",
    metadata,
    Column("officer", String(64), ForeignKey("officer.name"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("confirmed_at_ms", BigInteger),
    Column("last_step", BigInteger, nullable=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("officer", String(64), ForeignKey("officer.name"), primary_key=True),
    Column("digest", String(64), primary_key=True),
)

trail = Table(
    "trail",
    metadata,
    Column("trail_id", _NUMBER, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("officer", String(64), nullable=False),
    Column("act", String(32), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("detail", String(256), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Index("ix_trail_officer", "officer", "trail_id"),
    Index("ix_trail_subject", "subject", "act"),
)

trail_head = Table(
    "trail_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("trail_id", BigInteger, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
)
