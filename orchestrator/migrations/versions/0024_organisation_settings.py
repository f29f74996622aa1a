"""preferences, secrets and keys of organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_preferences",
        sa.Column("organisation", sa.String(length=32), server_default="default", nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("retention_days", sa.Float(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation"),
    )
    op.create_table(
        "organisation_secrets",
        sa.Column("organisation", sa.String(length=32), server_default="default", nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wrapped_by", sa.String(length=300), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organisation", "kind", "place"),
    )
    op.create_table(
        "organisation_keys",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=32), server_default="default", nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("wrapped_by", sa.String(length=300), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_organisation_keys_organisation", "organisation_keys", ["organisation", "deleted_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("organisation_keys")
    op.drop_table("organisation_secrets")
    op.drop_table("organisation_preferences")
