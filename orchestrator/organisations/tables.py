"""Organisations and their members."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned
from orchestrator.tables import Base, UtcDateTime


class OrganisationRow(Base):
    """An organisation. `default` is always there."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Owned, Base):
    """A person in an organisation, known by an address, by what the sign-in server calls them, or by both."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("organisation", "email", name="uq_members_email"),
        UniqueConstraint("organisation", "subject", name="uq_members_subject"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), default=None)
    subject: Mapped[str | None] = mapped_column(String(200), default=None, index=True)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
