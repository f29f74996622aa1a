"""letters to candidates; objections under candidates' links; what deliveries were answered; tests of Greenhouse."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "letters",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.add_column("sessions", sa.Column("objected_by_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deliveries", sa.Column("kind", sa.String(length=16), nullable=False, server_default="webhook"))
    op.add_column("deliveries", sa.Column("last_code", sa.Integer(), nullable=True))
    op.add_column("invitations", sa.Column("callback_url", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("invitations") as invitations:
        invitations.drop_column("callback_url")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_column("last_code")
        deliveries.drop_column("kind")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("objected_by_link")
    op.drop_table("letters")
