"""Sessions, their answers and the stages of the work on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from orchestrator.events.outbox import Told
from orchestrator.ownership import Owned, OwnedThrough
from orchestrator.reviews.tables import ReviewRow, ReviewState
from orchestrator.sessions.search import search_key
from orchestrator.tables import Base, UtcDateTime
from orchestrator.texts.sealed import Sealed

KEPT = text("recording_end_at IS NOT NULL")
PLAYED = text("playback_state IN ('PENDING', 'READY')")
START_OWED = text("started_at IS NULL")
TO_TRANSLATE = text("name = 'translate' AND state IN ('PENDING', 'RUNNING')")


class SessionRow(Owned, Sealed, Base):
    """A candidate's session. `revision` grows with every change, so that watchers see changes cheaply.

    `started_at` is None while its workflow is owed: whoever is there starts it (`orchestrator.sessions.launch`).
    `outcome` to `serious_findings` are what a list shows of the published result
    (`orchestrator.fusion.published.headline`); an empty `outcome` beside a result was not read yet.
    """

    __tablename__ = "sessions"
    job_column = "job_id"
    sealed, sealed_for = ("objection",), "id"
    __table_args__ = (
        Index("ix_sessions_organisation", "organisation", "created_at", "id"),
        Index("ix_sessions_state", "state", "created_at", "id"),  # workers count what runs, every few seconds
        Index("ix_sessions_owner", "owner", "created_at", "id"),
        Index("ix_sessions_job", "job_id", "created_at", "id"),
        Index("ix_sessions_retention", "retention_end_at"),
        # The few whose workflow is still to be started, among all that are kept.
        Index("ix_sessions_owed", "created_at", postgresql_where=START_OWED, sqlite_where=START_OWED),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    candidate_name: Mapped[str] = mapped_column(Text)
    candidate_search: Mapped[str] = mapped_column(Text, server_default="")
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    retention_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    result: Mapped[dict[str, object] | None] = mapped_column(JSON, default=None)
    outcome: Mapped[str] = mapped_column(String(16), default="", server_default="")
    total: Mapped[float | None] = mapped_column(Float, default=None)
    total_low: Mapped[float | None] = mapped_column(Float, default=None)
    total_high: Mapped[float | None] = mapped_column(Float, default=None)
    info_findings: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    review_findings: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    serious_findings: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    project_score: Mapped[float | None] = mapped_column(Float, default=None)
    consent_reference: Mapped[str] = mapped_column(String(200), default="")
    policy: Mapped[str] = mapped_column(String(64), default="")
    policy_sha256: Mapped[str] = mapped_column(String(64), default="")
    rubric: Mapped[str] = mapped_column(String(64), default="")
    owner: Mapped[str] = mapped_column(String(200), default="")
    webhook_url: Mapped[str] = mapped_column(Text, default="")
    job_id: Mapped[str] = mapped_column(String(32), default="", server_default="")
    job_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    review_state: Mapped[str] = mapped_column(String(16), default=ReviewState.OPEN)
    blind: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    shortlisted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    objection: Mapped[str] = mapped_column(Text, default="")
    contested_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    objected_by_link: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    reviews: Mapped[list[ReviewRow]] = relationship(
        order_by="ReviewRow.id", cascade="all, delete-orphan", lazy="selectin"
    )
    answers: Mapped[list[AnswerRow]] = relationship(
        order_by="AnswerRow.index", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def told(self) -> Told:
        """Whom to tell of what happens to it."""
        return Told(self.webhook_url, self.id, self.job_id or "", self.owner or "", self.organisation or "")

    @validates("candidate_name")
    def _searchable(self, _column: str, name: str) -> str:
        self.candidate_search = search_key(name)
        return name


class AnswerRow(OwnedThrough, Base):
    """One recorded answer of a session; `media` is its reference in the object store once it is there.

    `recording_end_at`: until when the recording is kept once the answer has ended. `playback` is the small copy that
    can be played, `playback_end_at` until when; None: until a person has decided. `page`: what the candidate's page
    noted while it recorded (`PageNotes` as JSON).
    """

    __tablename__ = "answers"
    owned_through = ("sessions", "session_id")
    # The few whose recording is still there, and those that can be played or will be.
    __table_args__ = (
        Index("ix_answers_kept", "recording_end_at", postgresql_where=KEPT, sqlite_where=KEPT),
        Index("ix_answers_played", "playback_end_at", postgresql_where=PLAYED, sqlite_where=PLAYED),
    )

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    index: Mapped[int] = mapped_column(Integer, primary_key=True)
    position_id: Mapped[int] = mapped_column(Integer)
    question: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(Text, default="")
    rubric: Mapped[str] = mapped_column(String(64), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8))
    url: Mapped[str] = mapped_column(Text, default="")
    media: Mapped[dict[str, object] | None] = mapped_column(JSON, default=None)
    recording_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    playback_state: Mapped[str] = mapped_column(String(16), default="", server_default="")
    playback: Mapped[dict[str, object] | None] = mapped_column(JSON, default=None)
    playback_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    page: Mapped[dict[str, object] | None] = mapped_column(JSON, default=None)
    state: Mapped[str] = mapped_column(String(16))
    error_reason: Mapped[str] = mapped_column(String(64), default="")
    error_message: Mapped[str] = mapped_column(Text, default="")
    # Joined: SQLite reads the whole table for the pairs of keys by which "selectin" would ask.
    stages: Mapped[list[StageRow]] = relationship(
        order_by="StageRow.position", cascade="all, delete-orphan", lazy="joined"
    )


class StageRow(OwnedThrough, Base):
    """One stage of the work on an answer; `fraction` 0 to 1."""

    __tablename__ = "stages"
    owned_through = ("sessions", "session_id")
    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "answer_index"], ["answers.session_id", "answers.index"], ondelete="CASCADE"
        ),
        # The few translations that are to come, among the stages of all sessions that are kept.
        Index("ix_stages_translations", "session_id", postgresql_where=TO_TRANSLATE, sqlite_where=TO_TRANSLATE),
    )

    session_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer_index: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    fraction: Mapped[float] = mapped_column(Float, default=0.0)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    error_reason: Mapped[str] = mapped_column(String(64), default="")
    error_message: Mapped[str] = mapped_column(Text, default="")
