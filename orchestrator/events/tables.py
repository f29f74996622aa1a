"""Deliveries of webhooks: to be made, made, given up."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned
from orchestrator.tables import Base, UtcDateTime


class DeliveryState(StrEnum):
    """Where a delivery stands, by the contract's names."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class DeliveryKind(StrEnum):
    """Who is told, and so how: the caller's own system, or Greenhouse."""

    WEBHOOK = "webhook"
    GREENHOUSE = "greenhouse"


class DeliveryRow(Owned, Base):
    """One event for one address. It outlives its session for a while, and says nothing about the candidate.

    `last_code`: HTTP code of the last answer; None where none came. `next_at` is when it is tried next; None: not by
    whoever sends what is due. Tries count from `since_at` on.
    """

    __tablename__ = "deliveries"
    job_column = "job_id"
    __table_args__ = (
        Index("ix_deliveries_due", "state", "next_at"),
        Index("ix_deliveries_created", "created_at", "id"),
        Index("ix_deliveries_session", "session_id"),
        Index("ix_deliveries_job", "job_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    event: Mapped[str] = mapped_column(String(32))
    session_id: Mapped[str] = mapped_column(String(32))
    job_id: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_reason: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[str] = mapped_column(String(16), default=DeliveryKind.WEBHOOK, server_default=DeliveryKind.WEBHOOK)
    last_code: Mapped[int | None] = mapped_column(Integer, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
