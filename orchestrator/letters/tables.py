"""Letters."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed


class LetterState(StrEnum):
    """Where a letter stands, by the contract's names."""

    DRAFT = "DRAFT"
    EDITED = "EDITED"
    SENT = "SENT"


class LetterRow(OwnedThrough, Sealed, Base):
    """The letter of a session, with which it goes. `revision` grows with each change; `way` is empty until sent."""

    __tablename__ = "letters"
    owned_through = ("sessions", "session_id")
    sealed = ("text",)

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sender: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    way: Mapped[str] = mapped_column(String(16), default="")
