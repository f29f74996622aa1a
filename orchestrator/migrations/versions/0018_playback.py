"""copies of recordings that can be played beside their transcript."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PLAYED = sa.text("playback_state IN ('PENDING', 'READY')")


def upgrade() -> None:
    op.add_column("answers", sa.Column("playback_state", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("answers", sa.Column("playback", sa.JSON(), nullable=True))
    op.add_column("answers", sa.Column("playback_end_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_answers_played",
        "answers",
        ["playback_end_at"],
        unique=False,
        postgresql_where=PLAYED,
        sqlite_where=PLAYED,
    )
