"""Scorecards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed


class ScorecardRow(OwnedThrough, Sealed, Base):
    """How a person rates a session; one each, which stays as it is and goes with the session.

    `ratings`: a list of `answer_index`, `criterion`, `rating` (1 to 5).
    """

    __tablename__ = "scorecards"
    owned_through = ("sessions", "session_id")
    sealed = ("reason",)

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    author: Mapped[str] = mapped_column(Text)
    ratings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    recommendation: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
