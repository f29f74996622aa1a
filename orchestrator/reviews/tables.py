"""Decisions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.tables import Base, UtcDateTime


class ReviewState(StrEnum):
    """What people have decided of a session, by the contract's names."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"
    CONTESTED = "CONTESTED"


class ReviewRow(Base):
    """A person's decision on a session; later ones supersede earlier ones, which stay."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    reviewer: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    overrides: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    proposal: Mapped[str] = mapped_column(String(16))
    result_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DecisionReasonRow(Base):
    """The reason of a decision as it is sealed in the audit chain. It outlives the session until `ends_at`.

    `reason`: canonical JSON of the decision, the reason and the overrides with theirs; `nonce`: hex.
    """

    __tablename__ = "decision_reasons"
    __table_args__ = (Index("ix_decision_reasons_session", "session_id"), Index("ix_decision_reasons_ends", "ends_at"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(String(64))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
