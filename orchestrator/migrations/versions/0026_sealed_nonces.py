"""nonces of reasons are encrypted, which makes them longer."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("decision_reasons") as batch:
        batch.alter_column("nonce", type_=sa.Text(), existing_type=sa.String(length=64), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("decision_reasons") as batch:
        batch.alter_column("nonce", type_=sa.String(length=64), existing_type=sa.Text(), existing_nullable=False)
