"""organisations and their members; everything that was there belongs to `default`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OWNED = ("sessions", "jobs", "links", "deliveries", "api_keys", "chain_head", "deletion_receipts")
DEFAULT = "default"


def _column() -> sa.Column[str]:
    return sa.Column("organisation", sa.String(length=32), nullable=False, server_default=DEFAULT)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    organisations = op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(organisations, [{"id": DEFAULT, "name": "Default", "created_at": datetime.now(UTC)}])
    op.create_table(
        "members",
        _column(),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("signed_in_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation", "email", name="uq_members_email"),
        sa.UniqueConstraint("organisation", "subject", name="uq_members_subject"),
    )
    op.create_index("ix_members_subject", "members", ["subject"], unique=False)
    for table in OWNED:
        op.add_column(table, _column())
    op.create_index("ix_sessions_organisation", "sessions", ["organisation", "created_at", "id"], unique=False)
    op.drop_index("ix_sessions_created", "sessions")
    op.create_index("uq_chain_head_organisation", "chain_head", ["organisation"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        for table in ("chain_entries", "chain_anchors"):
            op.add_column(table, _column())
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (organisation, sequence)")
        return
    _copy("chain_entries", "sequence, session_id, content, hash", _entries)
    op.create_index("ix_chain_entries_session_id", "chain_entries", ["session_id"], unique=False)
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER chain_entries_{change.lower()} BEFORE {change} ON chain_entries "
            "BEGIN SELECT RAISE(ABORT, 'chain_entries is append-only'); END"
        )
    _copy("chain_anchors", "sequence, at, head", _anchors)


def _entries() -> list[sa.Column[Any]]:
    return [
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
    ]


def _anchors() -> list[sa.Column[Any]]:
    return [sa.Column("at", sa.DateTime(timezone=True), nullable=False), sa.Column("head", sa.Text(), nullable=False)]


def _copy(table: str, columns: str, made: Callable[[], list[sa.Column[Any]]]) -> None:
    """SQLite changes no primary key: the rows move into a new table, untouched."""
    op.create_table(
        f"{table}_new",
        _column(),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        *made(),
        sa.PrimaryKeyConstraint("organisation", "sequence"),
    )
    op.execute(f"INSERT INTO {table}_new ({columns}) SELECT {columns} FROM {table}")
    op.drop_table(table)
    op.rename_table(f"{table}_new", table)


def downgrade() -> None:
    raise NotImplementedError("What belongs to several organisations cannot be put together again.")
