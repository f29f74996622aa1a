"""translations that are to come."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TO_TRANSLATE = sa.text("name = 'translate' AND state IN ('PENDING', 'RUNNING')")


def upgrade() -> None:
    with op.batch_alter_table("stages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stages_translations",
            ["session_id"],
            unique=False,
            postgresql_where=TO_TRANSLATE,
            sqlite_where=TO_TRANSLATE,
        )


def downgrade() -> None:
    with op.batch_alter_table("stages", schema=None) as batch_op:
        batch_op.drop_index("ix_stages_translations")
