"""What is kept of answers to find those that are nearly the same; all of it goes with the sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from orchestrator.ownership import OwnedThrough
from orchestrator.tables import Base, UtcDateTime


class SketchRow(OwnedThrough, Base):
    """The hashed runs of words of an answer, and when it was compared; empty where nothing usable was said."""

    __tablename__ = "answer_sketches"
    owned_through = ("sessions", "session_id")
    __table_args__ = (
        ForeignKeyConstraint(
            ["session_id", "answer_index"], ["answers.session_id", "answers.index"], ondelete="CASCADE"
        ),
        Index("ix_answer_sketches_question", "job_id", "question_sha256", "session_id", "answer_index"),
    )

    session_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer_index: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[str] = mapped_column(String(32))
    question_sha256: Mapped[str] = mapped_column(String(64))
    runs: Mapped[bytes] = mapped_column(LargeBinary)
    compared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class SimilarRow(OwnedThrough, Base):
    """Two answers that are nearly the same; the session with the smaller id stands first."""

    __tablename__ = "similar_answers"
    owned_through = ("sessions", "session_id")
    __table_args__ = (Index("ix_similar_answers_other", "other_session_id"),)

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    answer_index: Mapped[int] = mapped_column(Integer, primary_key=True)
    other_session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    other_answer_index: Mapped[int] = mapped_column(Integer, primary_key=True)
    shared: Mapped[float] = mapped_column(Float)
    quote: Mapped[str] = mapped_column(Text)
    start_s: Mapped[float] = mapped_column(Float)
    end_s: Mapped[float] = mapped_column(Float)
    other_quote: Mapped[str] = mapped_column(Text)
    other_start_s: Mapped[float] = mapped_column(Float)
    other_end_s: Mapped[float] = mapped_column(Float)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
