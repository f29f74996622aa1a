"""Where sessions, answers and stages can stand, as stored; the values are those of the protobuf enums."""

from __future__ import annotations

from enum import StrEnum

STAGES = ("fetch", "prepare", "transcribe", "watch", "listen", "evaluate", "translate", "fuse")
"""The stages of an answer in the order in which people read them."""


class SessionState(StrEnum):
    """Where a session stands, by the contract's names."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class AnswerState(StrEnum):
    """Where an answer stands, by the contract's names."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class StageState(StrEnum):
    """Where a stage stands, by the contract's names."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class PlaybackState(StrEnum):
    """What became of the copy of a recording that can be played, by the contract's names; none is kept: empty."""

    PENDING = "PENDING"
    READY = "READY"
    FAILED = "FAILED"
    DELETED = "DELETED"


ENDED_SESSION = (SessionState.COMPLETED, SessionState.FAILED, SessionState.CANCELLED)
ENDED_ANSWER = (AnswerState.COMPLETED, AnswerState.PARTIAL, AnswerState.FAILED, AnswerState.CANCELLED)
