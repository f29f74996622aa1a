"""what candidates' pages noted while they recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("page", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "page")
