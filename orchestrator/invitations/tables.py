"""Who was invited to which job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime


class InvitationRow(OwnedThrough, Base):
    """What is known of the candidate behind a link; it goes with the link. `job_version` is None until it is opened.

    `callback_url`: whom to tell that the session has completed, where another system has asked for the invitation.
    """

    __tablename__ = "invitations"
    owned_through = ("links", "id")
    __table_args__ = (Index("ix_invitations_job", "job_id"),)

    id: Mapped[str] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    candidate_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    job_version: Mapped[int | None] = mapped_column(Integer, default=None)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    callback_url: Mapped[str] = mapped_column(Text, default="", server_default="")
