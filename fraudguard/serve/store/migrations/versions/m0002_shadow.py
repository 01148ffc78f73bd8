"""What a model in shadow would have recommended, beside each decision."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0002"
down_revision: str | None = "0001"

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table; it only grows."""
    op.create_table(
        "shadow",
        sa.Column("seq", _PLACE, autoincrement=False, nullable=False),
        sa.Column("model_version", sa.String(128), nullable=False),
        sa.Column("policy_version", sa.String(128), nullable=False),
        sa.Column("intervention", sa.String(32), nullable=False),
        sa.Column("tier", sa.String(16)),
        sa.Column("score", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_shadow"),
        sa.ForeignKeyConstraint(["seq"], ["decision.seq"], name="fk_shadow_seq"),
    )
    op.create_index("ix_shadow_model_version", "shadow", ["model_version", "seq"])
    make_final("shadow")
