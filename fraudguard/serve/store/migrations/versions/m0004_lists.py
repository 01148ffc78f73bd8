"""The watch list and the exemption list: entries, and their revocations; both only grow."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0004"
down_revision: str | None = "0003"

_PLACE: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "list_entry",
        sa.Column("place", _PLACE, autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.String(256), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("account_id", sa.String(256), nullable=False),
        sa.Column("payer_account_id", sa.String(256)),
        sa.Column("reason_code", sa.String(32), nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("evidence", sa.String(256)),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_list_entry"),
        sa.UniqueConstraint("entry_id", name="uq_list_entry_entry_id"),
    )
    op.create_index("ix_list_entry_expires_at_ms", "list_entry", ["expires_at_ms"])
    op.create_index("ix_list_entry_account_id", "list_entry", ["account_id"])
    op.create_table(
        "list_revocation",
        sa.Column("entry_id", sa.String(256), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_list_revocation"),
        sa.ForeignKeyConstraint(["entry_id"], ["list_entry.entry_id"], name="fk_list_revocation_entry_id"),
    )
    make_final("list_entry")
    make_final("list_revocation")
