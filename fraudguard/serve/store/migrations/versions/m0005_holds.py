"""What was done with holds, appeals against them, and how those ended; all only grow."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0005"
down_revision: str | None = "0004"

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "hold_act",
        sa.Column("seq", _PLACE, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("act_id", sa.String(256), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("hold_s", sa.Integer),
        sa.Column("reason_code", sa.String(32), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("seq", "number", name="pk_hold_act"),
        sa.UniqueConstraint("act_id", name="uq_hold_act_act_id"),
        sa.ForeignKeyConstraint(["seq"], ["decision.seq"], name="fk_hold_act_seq"),
    )
    op.create_table(
        "appeal",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("appeal_id", sa.String(256), nullable=False),
        sa.Column("assessment_id", sa.String(64), nullable=False),
        sa.Column("appellant", sa.String(8), nullable=False),
        sa.Column("grounds", sa.Text, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("received_at_ms", sa.BigInteger, nullable=False),
        sa.Column("due_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_appeal"),
        sa.UniqueConstraint("appeal_id", name="uq_appeal_appeal_id"),
        sa.ForeignKeyConstraint(["assessment_id"], ["decision.assessment_id"], name="fk_appeal_assessment_id"),
    )
    op.create_index("ix_appeal_assessment_id", "appeal", ["assessment_id"])
    op.create_table(
        "appeal_end",
        sa.Column("appeal_id", sa.String(256), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("appeal_id", name="pk_appeal_end"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.appeal_id"], name="fk_appeal_end_appeal_id"),
    )
    for table in ("hold_act", "appeal", "appeal_end"):
        make_final(table)
