"""Group questions of jobs, what candidates answer to them, and reports that outlive the candidates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime


class GroupQuestionsRow(OwnedThrough, Base):
    """What a job asks of its candidates' groups; without a row it asks nothing.

    `characteristics`: a list of `name`, `title` and `categories` (each `name`, `title`); titles by language.
    """

    __tablename__ = "group_questions"
    owned_through = ("jobs", "job_id")

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    characteristics: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupAnswerRow(OwnedThrough, Base):
    """What a candidate says of themselves: categories by characteristic. It goes with the session, or with the link.

    `session_id`: of the session that the link's recordings become; there may be none yet.
    """

    __tablename__ = "group_answers"
    owned_through = ("jobs", "job_id")
    __table_args__ = (Index("ix_group_answers_job", "job_id"),)

    session_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"))
    groups: Mapped[dict[str, str]] = mapped_column(JSON)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptReportRow(OwnedThrough, Base):
    """The report of a closed job as it was before candidates were deleted: counts, small ones left out, nobody's id."""

    __tablename__ = "impact_reports"
    owned_through = ("jobs", "job_id")

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
