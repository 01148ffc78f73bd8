"""Which stop of an account a signature was: the database itself lets none be signed twice."""

import sqlalchemy as sa
from alembic import op

from fraudguard.serve.store.migrations.final import make_final

__all__ = ["down_revision", "revision", "upgrade"]

revision: str = "0012"
down_revision: str | None = "0011"

_SIGNED = """
insert into stop_sign (payee_account_id, number, case_id)
select case_.payee_account_id, row_number() over (partition by case_.payee_account_id order by case_act.act_id), case_.case_id
from case_act join case_ on case_.case_id = case_act.case_id where case_act.move = 'sign_stop'
"""


def upgrade() -> None:
    """Create the table, with what was signed before."""
    op.create_table(
        "stop_sign",
        sa.Column("payee_account_id", sa.String(256), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("payee_account_id", "number", name="pk_stop_sign"),
        sa.ForeignKeyConstraint(["case_id"], ["case_.case_id"], name="fk_stop_sign_case_id"),
    )
    op.execute(_SIGNED)
    make_final("stop_sign")
