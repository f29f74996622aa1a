"""teams of jobs, and which job a deleted session was of."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_teams",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("principal_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "principal_id"),
    )
    with op.batch_alter_table("deletion_receipts") as batch:
        batch.add_column(sa.Column("job_id", sa.String(length=32), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("deletion_receipts") as batch:
        batch.drop_column("job_id")
    op.drop_table("job_teams")
