"""Decisions only tried out, what was held by moment, answers that came after the caller's deadline, and how much a key may ask."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0003"
down_revision: str | None = "0002"

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add columns, index and table; what was decided before was live, and no key had a limit."""
    op.add_column("decision", sa.Column("mode", sa.String(8), nullable=False, server_default="live"))
    held = sa.text("hold_s IS NOT NULL")
    op.create_index("ix_decision_held", "decision", ["decided_at_ms"], sqlite_where=held, postgresql_where=held)
    op.add_column("api_key", sa.Column("rate_per_s", sa.Integer))
    op.add_column("api_key", sa.Column("burst", sa.Integer))
    op.create_table(
        "late_answer",
        sa.Column("seq", _PLACE, autoincrement=False, nullable=False),
        sa.Column("told", sa.String(32), nullable=False),
        sa.Column("deadline_ms", sa.Integer, nullable=False),
        sa.Column("told_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_late_answer"),
        sa.ForeignKeyConstraint(["seq"], ["decision.seq"], name="fk_late_answer_seq"),
    )
    make_final("late_answer")
