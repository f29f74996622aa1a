"""What organisations have settled, and what whoever follows it needs to know of that."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

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


class Settled(Protocol):
    """What the organisation that the call acts for has settled."""

    async def get(self) -> PreferencesRow:
        """As it is kept."""

    async def policy(self) -> str:
        """The policy of what names none."""

    async def retention_days(self) -> float:
        """How long results are kept."""


class Signing(Protocol):
    """Whether webhooks can be signed for that organisation."""

    async def check(self) -> None:
        """Raise FIELD_INVALID where nothing would sign what a `webhook_url` is told."""


def kept_days(own: float | None, most: float) -> float:
    """The shorter of what an organisation has settled and what the installation allows."""
    return most if own is None else min(own, most)
