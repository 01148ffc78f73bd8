"""Cases: alerts of one payer and payee that are worked together, and everything that was done about them."""

from typing import Final

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0009"
down_revision: str | None = "0008"

_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the tables; which alerts are in a case and what was done about it only grow."""
    _create_cases()
    _create_alerts()
    _create_acts()
    _create_views()
    make_final("case_alert")
    make_final("case_act")


def _create_cases() -> None:
    op.create_table(
        "case_",
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("payer_account_id", sa.String(256), nullable=False),
        sa.Column("payee_account_id", sa.String(256), nullable=False),
        sa.Column("lead_seq", sa.BigInteger, nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("tier_rank", sa.Integer, nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.String(16)),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _MOMENTS),
        sa.Column("state", sa.String(16), nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("waits_until_ms", "first_act_at_ms", "closed_at_ms")),
        sa.Column("holder", sa.String(64)),
        sa.Column("held_until_ms", sa.BigInteger, nullable=False),
        sa.Column("hold_token", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_"),
        sa.ForeignKeyConstraint(["lead_seq"], ["decision.seq"], name="fk_case__lead_seq"),
        sa.ForeignKeyConstraint(["holder"], ["officer.name"], name="fk_case__holder"),
    )
    op.create_index("ix_case__rank", "case_", ["state", "tier_rank"])
    op.create_index("ix_case__pair", "case_", ["payer_account_id", "payee_account_id"])
    op.create_index("ix_case__holder", "case_", ["holder"])


_MOMENTS: Final = ("opened_at_ms", "last_alert_at_ms", "drains_from_ms", "first_due_ms", "close_due_ms")


def _create_alerts() -> None:
    op.create_table(
        "case_alert",
        sa.Column("seq", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_case_alert"),
        sa.ForeignKeyConstraint(["seq"], ["decision.seq"], name="fk_case_alert_seq"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.case_id"], name="fk_case_alert_case_id"),
    )
    op.create_index("ix_case_alert_case_id", "case_alert", ["case_id"])


def _create_acts() -> None:
    op.create_table(
        "case_act",
        sa.Column("act_id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("move", sa.String(16), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("form_id", sa.String(64)),
        sa.PrimaryKeyConstraint("act_id", name="pk_case_act"),
        sa.UniqueConstraint("form_id", name="uq_case_act_form_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.case_id"], name="fk_case_act_case_id"),
    )
    op.create_index("ix_case_act_case_id", "case_act", ["case_id", "act_id"])


def _create_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("query", sa.String(512), nullable=False),
        sa.PrimaryKeyConstraint("officer", "name", name="pk_saved_view"),
        sa.ForeignKeyConstraint(["officer"], ["officer.name"], name="fk_saved_view_officer"),
    )
