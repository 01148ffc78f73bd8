"""${message}."""

from collections.abc import Sequence

from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}
