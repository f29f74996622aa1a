"""Audit entries."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned, OwnedThrough
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed

SYSTEM = "system"
"""Who did what no person did."""

REASONS = "reasons"
"""Of the folders whose keys encrypt reasons of decisions; there are no objects in them."""


class AuditAction(StrEnum):
    """What an audit entry is about."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    EVIDENCE_OPENED = "evidence_opened"
    DECIDED = "decided"
    CONTESTED = "contested"
    CANCELLED = "cancelled"
    RETRIED = "retried"
    SHORTLISTED = "shortlisted"
    UNLISTED = "unlisted"
    COMMENTED = "commented"
    COMMENT_DELETED = "comment_deleted"
    RATED = "rated"
    LETTER_DRAFTED = "letter_drafted"
    LETTER_EDITED = "letter_edited"
    LETTER_SENT = "letter_sent"


class AuditRow(OwnedThrough, Sealed, Base):
    """Something that was done to a session or seen of it."""

    __tablename__ = "audit_entries"
    owned_through = ("sessions", "session_id")
    sealed, sealed_where = ("details",), ("action", AuditAction.CONTESTED)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(32))
    answer_index: Mapped[int | None] = mapped_column(Integer, default=None)
    details: Mapped[str] = mapped_column(Text, default="")


class DecisionReasonRow(Owned, Sealed, Base):
    """The reason of a decision as it is sealed in the audit chain. It outlives the session until `ends_at`, and so
    does its key, which is not the session's.

    `reason`: canonical JSON of the decision, the reason and the overrides with theirs; `nonce`: hex.
    """

    __tablename__ = "decision_reasons"
    job_through = ("sessions", "id", "session_id")
    sealed, sealed_by = ("reason", "nonce"), REASONS
    __table_args__ = (Index("ix_decision_reasons_session", "session_id"), Index("ix_decision_reasons_ends", "ends_at"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    session_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


def audit_row(
    session_id: str, actor: str, action: AuditAction, answer_index: int | None = None, details: str = ""
) -> AuditRow:
    """An audit entry of this moment."""
    now = datetime.now(UTC)
    return AuditRow(
        session_id=session_id, at=now, actor=actor, action=action, answer_index=answer_index, details=details
    )
