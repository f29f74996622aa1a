"""answers of different candidates that are nearly the same; webhooks of jobs, and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_sketches",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("answer_index", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("question_sha256", sa.String(length=64), nullable=False),
        sa.Column("runs", sa.LargeBinary(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id", "answer_index"], ["answers.session_id", "answers.index"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "answer_index"),
    )
    by_question = ["job_id", "question_sha256", "session_id", "answer_index"]
    op.create_index("ix_answer_sketches_question", "answer_sketches", by_question, unique=False)
    op.create_table(
        "similar_answers",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("answer_index", sa.Integer(), nullable=False),
        sa.Column("other_session_id", sa.String(length=32), nullable=False),
        sa.Column("other_answer_index", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Float(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("other_quote", sa.Text(), nullable=False),
        sa.Column("other_start_s", sa.Float(), nullable=False),
        sa.Column("other_end_s", sa.Float(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_session_id"], ["sessions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "answer_index", "other_session_id", "other_answer_index"),
    )
    op.create_index("ix_similar_answers_other", "similar_answers", ["other_session_id"], unique=False)
    op.add_column("jobs", sa.Column("webhook_url", sa.Text(), nullable=False, server_default=""))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_reason", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("since_at", moment, nullable=False),
        sa.Column("tried_at", moment, nullable=True),
        sa.Column("next_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "next_at"], unique=False)
    op.create_index("ix_deliveries_created", "deliveries", ["created_at", "id"], unique=False)
    op.create_index("ix_deliveries_session", "deliveries", ["session_id"], unique=False)
    op.create_index("ix_deliveries_job", "deliveries", ["job_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("deliveries")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("webhook_url")
    op.drop_table("similar_answers")
    op.drop_table("answer_sketches")
