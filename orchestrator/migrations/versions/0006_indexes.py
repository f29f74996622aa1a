"""sessions by state and by owner, newest first."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index("ix_sessions_state", ["state", "created_at", "id"], unique=False)
        batch_op.create_index("ix_sessions_owner", ["owner", "created_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_sessions_owner")
        batch_op.drop_index("ix_sessions_state")
