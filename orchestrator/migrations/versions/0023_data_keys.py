"""keys of what lies in the object store, wrapped."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("folder", sa.String(length=120), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("wrapped_by", sa.String(length=300), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("folder"),
        sa.UniqueConstraint("key_id", name="uq_data_keys_key_id"),
    )
    op.create_index("ix_data_keys_created", "data_keys", ["created_at", "folder"], unique=False)
    op.create_index("ix_data_keys_wrapped_by", "data_keys", ["wrapped_by", "folder"], unique=False)


def downgrade() -> None:
    op.drop_table("data_keys")
