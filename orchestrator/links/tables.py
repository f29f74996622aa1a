"""Candidates' links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned
from orchestrator.tables import Base, UtcDateTime


class LinkRow(Owned, Base):
    """A candidate's link, without anything about the candidate; `id` is that of the session it becomes."""

    __tablename__ = "links"
    job_through = ("invitations", "id", "id")
    __table_args__ = (
        Index("ix_links_created", "created_at", "id"),
        Index("ix_links_owner", "owner", "created_at", "id"),
        Index("ix_links_expires", "expires_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
