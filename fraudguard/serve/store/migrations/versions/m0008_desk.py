"""The desk: a second factor beside the password, and a trail of who did and saw what."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0008"
down_revision: str | None = "0005"

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables; the trail only grows."""
    _create_factors()
    _create_trail()
    make_final("trail")


def _create_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("confirmed_at_ms", sa.BigInteger),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("officer", name="pk_second_factor"),
        sa.ForeignKeyConstraint(["officer"], ["officer.name"], name="fk_second_factor_officer"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("officer", "digest", name="pk_recovery_code"),
        sa.ForeignKeyConstraint(["officer"], ["officer.name"], name="fk_recovery_code_officer"),
    )


def _create_trail() -> None:
    op.create_table(
        "trail",
        sa.Column("trail_id", _PLACE, autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(256), nullable=False),
        sa.Column("detail", sa.String(256), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("trail_id", name="pk_trail"),
    )
    op.create_index("ix_trail_officer", "trail", ["officer", "trail_id"])
    op.create_index("ix_trail_subject", "trail", ["subject", "act"])
    head = op.create_table(
        "trail_head",
        sa.Column("one", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("trail_id", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_trail_head"),
    )
    op.bulk_insert(head, [{"one": 1, "trail_id": 0, "digest": bytes(32)}])
