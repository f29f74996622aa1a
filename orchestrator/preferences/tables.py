"""What organisations have settled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import Owned, mine
from orchestrator.tables import Base, UtcDateTime
from servicekit.organisation import DEFAULT


class PreferencesRow(Owned, Base):
    """An organisation's own choices. `policy` empty, `retention_days` None: as the installation has it."""

    __tablename__ = "organisation_preferences"

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True, default=mine, server_default=DEFAULT)
    policy: Mapped[str] = mapped_column(String(64), default="")
    retention_days: Mapped[float | None] = mapped_column(Float, default=None)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
