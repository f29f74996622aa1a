"""starts that are owed, recordings and sessions by when they end, policies as sessions were submitted under them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = sa.text("recording_end_at IS NOT NULL")
START_OWED = sa.text("started_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_sessions_owed", ["created_at"], unique=False, postgresql_where=START_OWED, sqlite_where=START_OWED
        )
        batch_op.create_index("ix_sessions_retention", ["retention_end_at"], unique=False)
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recording_end_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_answers_kept", ["recording_end_at"], unique=False, postgresql_where=KEPT, sqlite_where=KEPT
        )
    op.create_table(
        "policies",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    # Those that have ended owe nothing. The others may have been left behind: starting what runs changes nothing.
    op.execute("UPDATE sessions SET started_at = created_at WHERE state NOT IN ('PENDING')")


def downgrade() -> None:
    op.drop_table("policies")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index("ix_answers_kept")
        batch_op.drop_column("recording_end_at")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_retention")
        batch_op.drop_index("ix_sessions_owed")
        batch_op.drop_column("started_at")
