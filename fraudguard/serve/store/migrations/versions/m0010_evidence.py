"""Find what is known of an account, and the cases of a payee, without reading everything."""

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    """Create the indexes; transfers name no account in the column, so the first one is small."""
    named = sa.text("account_id IS NOT NULL")
    op.create_index("ix_log_account_id", "log", ["account_id", "seq"], sqlite_where=named, postgresql_where=named)
    op.create_index("ix_case__payee", "case_", ["payee_account_id"])
