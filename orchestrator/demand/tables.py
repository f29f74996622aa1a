"""Work that one process does for all: who does it, and until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.tables import Base, UtcDateTime


class LeaseRow(Base):
    """A piece of work and who has it; after `until_at` anybody may take it."""

    __tablename__ = "leases"

    work: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    until_at: Mapped[datetime] = mapped_column(UtcDateTime())
