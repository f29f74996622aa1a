"""Where sessions, answers and stages can stand, as stored; the values are those of the protobuf enums."""

from __future__ import annotations

from enum import StrEnum

STAGES = ("fetch", "prepare", "transcribe", "watch", "listen", "evaluate", "translate", "fuse")
"""The stages of an answer in the order in which people read them."""


class SessionState(StrEnum):
    """See `interview.orchestrator.v1.SessionState`."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class AnswerState(StrEnum):
    """See `interview.orchestrator.v1.AnswerState`."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class StageState(StrEnum):
    """See `interview.orchestrator.v1.StageState`."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


ENDED_SESSION = (SessionState.COMPLETED, SessionState.FAILED, SessionState.CANCELLED)
ENDED_ANSWER = (AnswerState.COMPLETED, AnswerState.PARTIAL, AnswerState.FAILED, AnswerState.CANCELLED)
