"""Jobs and the versions of their content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned, OwnedThrough
from orchestrator.tables import Base, UtcDateTime


class JobRow(Owned, Base):
    """A job; `version` is the newest of its content."""

    __tablename__ = "jobs"
    job_column = "id"
    __table_args__ = (
        Index("ix_jobs_created", "created_at", "id"),
        Index("ix_jobs_owner", "owner", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    webhook_url: Mapped[str] = mapped_column(Text, default="", server_default="")


class TeamRow(OwnedThrough, Base):
    """Who belongs to a job's team: a member's id, or `key:` and a key's. A job without rows is open to all."""

    __tablename__ = "job_teams"
    owned_through = ("jobs", "job_id")

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    principal_id: Mapped[str] = mapped_column(String(200), primary_key=True)


class JobVersionRow(OwnedThrough, Base):
    """One version of a job's content (`JobContent` as JSON). It does not change any more once it is frozen."""

    __tablename__ = "job_versions"
    owned_through = ("jobs", "job_id")

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class JobRaterRow(OwnedThrough, Base):
    """Who rated the first answer of a version of a job, and so rates all of them."""

    __tablename__ = "job_raters"
    owned_through = ("jobs", "job_id")

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    rater: Mapped[str] = mapped_column(String(300))
    pinned_at: Mapped[datetime] = mapped_column(UtcDateTime)
