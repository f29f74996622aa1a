"""Comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed


class CommentRow(OwnedThrough, Sealed, Base):
    """A person's comment on a session; it goes with the session."""

    __tablename__ = "comments"
    owned_through = ("sessions", "session_id")
    sealed = ("text",)
    __table_args__ = (Index("ix_comments_session", "session_id", "created_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    author: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
