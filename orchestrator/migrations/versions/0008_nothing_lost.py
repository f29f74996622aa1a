"""starts that are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

START_OWED = sa.text("started_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_sessions_owed", ["created_at"], unique=False, postgresql_where=START_OWED, sqlite_where=START_OWED
        )
    # Those that have ended owe nothing. The others may have been left behind: starting what runs changes nothing.
    op.execute("UPDATE sessions SET started_at = created_at WHERE state NOT IN ('PENDING')")


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_owed")
        batch_op.drop_column("started_at")
