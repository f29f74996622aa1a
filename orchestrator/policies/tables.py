"""Policies as sessions were submitted under them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.tables import Base


class PolicyRow(Base):
    """What a policy said: its file may have changed since, its sessions go on under what they were submitted under."""

    __tablename__ = "policies"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
