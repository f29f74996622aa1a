"""what a job's candidates are sorted by: the proposal, the total with its interval, findings by severity.

Sessions that were published before have an empty `outcome` until a worker has read their results.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCORES = ("total", "total_low", "total_high")
COUNTS = ("info_findings", "review_findings", "serious_findings")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("outcome", sa.String(length=16), nullable=False, server_default=""))
    for name in SCORES:
        op.add_column("sessions", sa.Column(name, sa.Float(), nullable=True))
    for name in COUNTS:
        op.add_column("sessions", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        for name in ("outcome", *SCORES, *COUNTS):
            batch_op.drop_column(name)
