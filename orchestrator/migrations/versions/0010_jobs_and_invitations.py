"""jobs with the versions of their content, and who was invited to them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("closes_at", moment, nullable=True),
        sa.Column("archived_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_jobs_created", "jobs", ["created_at", "id"], unique=False)
    op.create_index("ix_jobs_owner", "jobs", ["owner", "created_at", "id"], unique=False)
    op.create_table(
        "job_versions",
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("frozen_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "version"),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("candidate_name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("job_version", sa.Integer(), nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("reminded_at", moment, nullable=True),
        sa.Column("opened_at", moment, nullable=True),
        sa.Column("started_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["id"], ["links.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_invitations_job", "invitations", ["job_id"], unique=False)
    op.add_column("sessions", sa.Column("job_id", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("job_version", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_sessions_job", "sessions", ["job_id", "created_at", "id"], unique=False)
    op.add_column("answers", sa.Column("rubric", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_index("ix_sessions_job", table_name="sessions")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_column("rubric")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("job_version")
        batch_op.drop_column("job_id")
    op.drop_table("invitations")
    op.drop_table("job_versions")
    op.drop_table("jobs")
