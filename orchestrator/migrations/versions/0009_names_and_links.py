"""names that are found in any case and Unicode form; candidates' links."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_sha256"),
    )
    op.create_index("ix_links_created", "links", ["created_at", "id"], unique=False)
    op.create_index("ix_links_owner", "links", ["owner", "created_at", "id"], unique=False)
    op.create_index("ix_links_expires", "links", ["expires_at"], unique=False)
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("candidate_search", sa.Text(), nullable=False, server_default=""))
    _fill(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("candidate_search")
    op.drop_table("links")


def _fill(connection: sa.Connection) -> None:
    sessions = sa.table("sessions", sa.column("id"), sa.column("candidate_name"), sa.column("candidate_search"))
    last = ""
    while True:
        query = sa.select(sessions.c.id, sessions.c.candidate_name).where(sessions.c.id > last)
        rows = connection.execute(query.order_by(sessions.c.id).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        filled = sa.update(sessions).where(sessions.c.id == sa.bindparam("key"))
        filled = filled.values(candidate_search=sa.bindparam("search"))
        connection.execute(filled, [{"key": row.id, "search": _search(row.candidate_name)} for row in rows])
        last = rows[-1].id


def _search(name: str) -> str:
    """As `orchestrator.sessions.search.search_key` made it when this was written."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
