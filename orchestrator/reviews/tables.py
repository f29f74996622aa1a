"""Decisions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed


class ReviewState(StrEnum):
    """What people have decided of a session, by the contract's names."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"
    CONTESTED = "CONTESTED"


class ReviewRow(OwnedThrough, Sealed, Base):
    """A person's decision on a session; later ones supersede earlier ones, which stay."""

    __tablename__ = "reviews"
    owned_through = ("sessions", "session_id")
    sealed = ("reason", "overrides")

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    reviewer: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    overrides: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    proposal: Mapped[str] = mapped_column(String(16))
    result_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
